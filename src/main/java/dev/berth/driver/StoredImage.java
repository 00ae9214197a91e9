package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An image in a node's store, inspected and immutable.
 *
 * @param sha256 digest of the stored file
 * @param fileSize bytes that it takes in the store
 * @param virtualSize bytes of the disk that a guest sees
 * @param oci layers and defaults of an OCI image, otherwise null
 * @param boot how to boot it without a boot loader, or null; a {@code tiny} image brings its kernel along
 */
public record StoredImage(
        UUID id,
        ImageFormat format,
        String sha256,
        DataSize fileSize,
        DataSize virtualSize,
        @Nullable Boot boot,
        @Nullable OciDetails oci) {
    /** Direct-boot parts that belong to an image; stored beside it and removed with it. */
    public record Boot(ImageRef kernel, ImageRef initrd, String commandLine) {}

    /** A page of bytes of an image. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Chunk(byte[] data, boolean last) {}

    /** Ids of all files that belong to this image. */
    public List<UUID> files() {
        Boot parts = boot;
        return parts == null
                ? List.of(id)
                : List.of(id, parts.kernel().id(), parts.initrd().id());
    }
}
