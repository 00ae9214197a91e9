package dev.berth.driver;

import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/**
 * Where a node keeps its files, below one state directory. File names are UUIDs only; no name that a person chose ever
 * becomes a path.
 */
public record StoreLayout(Path state) {
    public Path images() {
        return state.resolve("images");
    }

    /** An image's file; {@code raw}, {@code qcow2} or {@code iso} by its stored format. */
    public Path image(ImageRef image) {
        return images().resolve(image.id() + "." + image.format().name().toLowerCase(Locale.ROOT));
    }

    public Path uploads() {
        return state.resolve("uploads");
    }

    public Path upload(UUID upload) {
        return uploads().resolve(upload.toString());
    }

    /** Everything of containers, one directory each. */
    public Path containers() {
        return state.resolve("containers");
    }

    /** Layers and blobs of OCI images. */
    public Path oci() {
        return state.resolve("oci");
    }

    public Path volumes() {
        return state.resolve("volumes");
    }

    public Path exports() {
        return state.resolve("exports");
    }

    public Path instances() {
        return state.resolve("instances");
    }

    /** Everything of one instance: disks, sockets, seed, serial log. */
    public Path instance(UUID id) {
        return instances().resolve(id.toString());
    }
}
