package dev.berth.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON documents of images, read strictly: what two readers could understand differently is refused. */
final class Documents {
    private static final int MOST_DEPTH = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNumberLength(32)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Documents() {}

    /** Reads an object; what is for the message. */
    static JsonNode read(byte[] content, String what) {
        try {
            JsonNode node = MAPPER.readTree(content);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            throw Limits.refused("Its " + what + " cannot be read as JSON.");
        }
        throw Limits.refused("Its " + what + " is no JSON object.");
    }

    /** Reads an array of objects. */
    static JsonNode readList(byte[] content, String what) {
        try {
            JsonNode node = MAPPER.readTree(content);
            if (node != null && node.isArray()) {
                return node;
            }
        } catch (IOException e) {
            throw Limits.refused("Its " + what + " cannot be read as JSON.");
        }
        throw Limits.refused("Its " + what + " is no list.");
    }

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * The media type of a manifest or an index. What it was sent as, what it says itself and what it holds have to agree:
     * a document that is a manifest to one reader and an index to another would be two images under one digest.
     */
    static String typeOf(JsonNode root, @Nullable String claimed) {
        if (root.path("schemaVersion").asInt(0) != 2) {
            throw Limits.refused("Its manifest is not of schema version 2.");
        }
        boolean manifest = root.has("config") || root.has("layers");
        boolean index = root.has("manifests");
        if (manifest == index || root.has("fsLayers")) {
            throw Limits.refused("Its manifest is ambiguous: it has to be either a manifest or an index.");
        }
        JsonNode said = root.path("mediaType");
        if (!said.isMissingNode() && !said.isTextual()) {
            throw Limits.refused("Its manifest's media type is no text.");
        }
        String own = said.isTextual() ? said.asText() : manifest ? MediaTypes.MANIFEST : MediaTypes.INDEX;
        if (claimed != null && !claimed.equals(own)) {
            throw Limits.refused(
                    "Its manifest is " + Texts.shown(own) + ", but was sent as " + Texts.shown(claimed) + ".");
        }
        if (manifest == MediaTypes.INDEXES.contains(own)) {
            throw Limits.refused("Its manifest does not hold what its media type says.");
        }
        return own;
    }
}
