package dev.berth.oci;

import dev.berth.driver.images.Decompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Manifests and configurations that are written here, for what came without. They hold no time, so the same gives the same digest. */
final class Composition {
    private Composition() {}

    /** Describes a layer's archive by what it is packed with; xz is no packing of OCI's. */
    static Descriptor describe(Path archive) throws IOException {
        String suffix =
                switch (Decompression.of(archive)) {
                    case NONE -> "";
                    case GZIP -> "+gzip";
                    case ZSTD -> "+zstd";
                    case XZ -> throw Limits.refused("A layer is packed with xz; images use gzip or zstd.");
                };
        return new Descriptor(MediaTypes.LAYER + suffix, Blobs.digest(archive), Files.size(archive));
    }

    static byte[] manifest(byte[] config, List<Descriptor> layers) {
        Descriptor description = new Descriptor(MediaTypes.CONFIG, Digest.of(config), config.length);
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaTypes.MANIFEST);
        manifest.put("config", node(description));
        manifest.put("layers", layers.stream().map(Composition::node).toList());
        return Documents.write(manifest);
    }

    /** The configuration of a root file system. */
    static byte[] configuration(Object defaults, List<Digest> diffIds, String comment) {
        String[] platform = Index.here().split("/", 2);
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("architecture", platform[1]);
        configuration.put("os", platform[0]);
        configuration.put("config", defaults);
        configuration.put(
                "rootfs",
                Map.of(
                        "type",
                        "layers",
                        "diff_ids",
                        diffIds.stream().map(Digest::toString).toList()));
        configuration.put("history", List.of(Map.of("created_by", comment)));
        return Documents.write(configuration);
    }

    static Map<String, Object> node(Descriptor descriptor) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("mediaType", descriptor.mediaType());
        node.put("digest", descriptor.digest().toString());
        node.put("size", descriptor.size());
        return node;
    }
}
