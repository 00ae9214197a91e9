package dev.berth.driver;

import java.util.List;
import java.util.UUID;

/** A node's store of OCI layers: each is unpacked once and shared. */
public interface LayerStore {
    List<StoredLayer> layers();

    /** Removes layers and blobs that no image and no container uses; with {@code dryRun} only says which. */
    @Deadline(seconds = 600)
    Garbage collectGarbage(boolean dryRun);

    /** Pushes an image to a registry. */
    @Deadline(seconds = 14400)
    PushResult pushImage(UUID image, PushTarget target, ProgressSink progress);

    /**
     * Writes an image as one tar archive into the upload store, where {@link #readExport} reads it.
     *
     * @return bytes of the archive
     */
    @Deadline(seconds = 3600)
    long exportImage(UUID image, UUID export, ArchiveFormat format, ProgressSink progress);

    /** Reads a finished export, at most 4 MiB at once. */
    StoredImage.Chunk readExport(UUID export, long offset, int length);

    void dropExport(UUID export);

    /** Layouts of an exported archive. */
    enum ArchiveFormat {
        /** OCI image layout. */
        OCI,
        /** As {@code docker save} writes. */
        DOCKER
    }

    /**
     * A layer of the store.
     *
     * @param images that have it
     */
    record StoredLayer(String diffId, long unpacked, List<UUID> images) {
        public StoredLayer {
            images = List.copyOf(images);
        }
    }

    /** What can go, or has gone. */
    record Garbage(List<String> layers, long bytes) {
        public Garbage {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Where to push.
     *
     * @param reference registry, repository and tag
     */
    record PushTarget(
            String reference,
            ImageSource.@org.jspecify.annotations.Nullable Login login,
            boolean plainHttp,
            boolean allowPrivate) {}

    /** What the registry has now. */
    record PushResult(String digest, long pushedBytes, long skippedBytes) {}
}
