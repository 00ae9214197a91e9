package dev.berth.oci;

import java.nio.file.Path;
import java.util.UUID;

/** Where everything lies below the node's directory of OCI images. */
record OciLayout(Path root) {
    /** Blobs as they were transferred, named by their digests: layers, configurations and manifests. */
    Path blobs() {
        return root.resolve("blobs");
    }

    Path blob(Digest digest) {
        return blobs().resolve(digest.hex());
    }

    /** Blobs whose transfer broke off. */
    Path partials() {
        return root.resolve("partial");
    }

    Path partial(Digest digest) {
        return partials().resolve(digest.hex());
    }

    Path layers() {
        return root.resolve("layers");
    }

    /** A layer's directory: {@code fs} and {@code layer.json}. */
    Path layer(Digest diffId) {
        return layers().resolve(diffId.hex());
    }

    /** What is not finished; emptied when the agent starts. */
    Path staging() {
        return root.resolve("staging");
    }

    /** A name below it that nobody else has. */
    Path fresh() {
        return staging().resolve(UUID.randomUUID().toString());
    }
}
