package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a manifest says of a blob. Its {@code urls} are never read: a blob comes from the image's own registry or not at all.
 *
 * @param mediaType as it stands there
 */
record Descriptor(String mediaType, Digest digest, long size) {
    static Descriptor parse(JsonNode node) {
        JsonNode size = node.path("size");
        if (!node.path("mediaType").isTextual() || !size.isIntegralNumber() || !size.canConvertToLong()) {
            throw Limits.refused("A descriptor in its manifest lacks a media type or a size.");
        }
        if (size.asLong() < 0) {
            throw Limits.refused("A descriptor in its manifest has a negative size.");
        }
        return new Descriptor(
                node.path("mediaType").asText(),
                Digest.parse(node.path("digest").asText()),
                size.asLong());
    }
}
