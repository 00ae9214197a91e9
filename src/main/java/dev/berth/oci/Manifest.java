package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest of one image for one platform, checked.
 *
 * @param mediaType OCI's or Docker's
 * @param layers lowest first
 */
record Manifest(String mediaType, Digest digest, Descriptor config, List<Descriptor> layers) {
    Manifest {
        layers = List.copyOf(layers);
    }

    /**
     * Reads a manifest.
     *
     * @param claimed the media type that it was sent or described with, or null
     */
    static Manifest parse(byte[] content, @Nullable String claimed, Limits limits) {
        JsonNode root = Documents.read(content, "manifest");
        String type = Documents.typeOf(root, claimed);
        if (!MediaTypes.MANIFESTS.contains(type)) {
            throw Limits.refused("It is of a type that is no container image: " + Texts.shown(type) + ".");
        }
        Descriptor config = Descriptor.parse(root.path("config"));
        if (!MediaTypes.CONFIGS.contains(config.mediaType())) {
            throw Limits.refused("It is an artifact and no container image: " + Texts.shown(config.mediaType()) + ".");
        }
        if (config.size() > limits.manifest()) {
            throw Limits.refused("Its configuration is larger than " + limits.manifest() + " bytes.");
        }
        return new Manifest(type, Digest.of(content), config, layers(root.path("layers"), limits));
    }

    private static List<Descriptor> layers(JsonNode nodes, Limits limits) {
        if (!nodes.isArray() || nodes.isEmpty() || nodes.size() > limits.layers()) {
            throw Limits.refused("An image has 1 to " + limits.layers() + " layers.");
        }
        List<Descriptor> layers = new ArrayList<>();
        long total = 0;
        for (JsonNode node : nodes) {
            Descriptor layer = Descriptor.parse(node);
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw Limits.refused("A layer is of an unknown type: " + Texts.shown(layer.mediaType()) + ".");
            }
            if (layer.size() > limits.unpacked() - total) {
                throw Limits.tooLarge(limits.unpacked());
            }
            total += layer.size();
            layers.add(layer);
        }
        return layers;
    }

    long layerBytes() {
        return layers.stream().mapToLong(Descriptor::size).sum();
    }
}
