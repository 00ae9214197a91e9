package dev.berth.oci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An image made by hand: a manifest, a configuration and layers. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TestImage(byte[] manifest, byte[] config, List<byte[]> layers) {
    /** Of uncompressed layers, lowest first. */
    static TestImage of(byte[]... layers) {
        return of("amd64", "{\"Cmd\":[\"/bin/sh\"]}", layers);
    }

    static TestImage of(String architecture, String defaults, byte[]... layers) {
        List<String> diffIds = new ArrayList<>();
        List<Descriptor> parts = new ArrayList<>();
        List<byte[]> blobs = new ArrayList<>();
        for (byte[] layer : layers) {
            diffIds.add("\"" + Digest.of(layer) + "\"");
            byte[] blob = OciFixture.gzip(layer);
            blobs.add(blob);
            parts.add(new Descriptor(MediaTypes.LAYER + "+gzip", Digest.of(blob), blob.length));
        }
        byte[] config = ("{\"architecture\":\"" + architecture + "\",\"os\":\"linux\",\"config\":" + defaults
                        + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":" + diffIds + "}}")
                .getBytes(StandardCharsets.UTF_8);
        return new TestImage(Composition.manifest(config, parts), config, blobs);
    }

    Digest digest() {
        return Digest.of(manifest);
    }

    Digest layer(int i) {
        return Digest.of(layers.get(i));
    }

    /** As what {@code docker save} writes; skopeo makes other forms of it. */
    static byte[] dockerArchive(String config, byte[]... layers) {
        List<String> diffIds = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Tar tar = new Tar();
        for (byte[] layer : layers) {
            String hex = Digest.of(layer).hex();
            diffIds.add("\"sha256:" + hex + "\"");
            names.add("\"" + hex + "/layer.tar\"");
            tar.directory(hex + "/").file(hex + "/layer.tar", layer);
        }
        String whole = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":" + config
                + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":" + diffIds + "}}";
        String name = Digest.of(whole.getBytes(StandardCharsets.UTF_8)).hex() + ".json";
        return tar.file(name, whole)
                .file(
                        "manifest.json",
                        "[{\"Config\":\"" + name + "\",\"RepoTags\":[\"a:1\"],\"Layers\":" + names + "}]")
                .bytes();
    }
}
