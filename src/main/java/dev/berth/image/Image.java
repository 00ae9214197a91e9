package dev.berth.image;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An image.
 *
 * @param node whose store holds it
 * @param format what its bytes are; null until it is ready
 * @param fileSize bytes in the store
 * @param virtualSize bytes of the disk that a guest sees
 * @param boot how to boot it without a boot loader, or null
 * @param oci layers and defaults of an OCI image, otherwise null
 * @param source where it came from, for people
 * @param operation the import, while it is under way
 */
public record Image(
        UUID id,
        String name,
        UUID node,
        State state,
        @Nullable ImageFormat format,
        @Nullable String sha256,
        @Nullable DataSize fileSize,
        @Nullable DataSize virtualSize,
        StoredImage.@Nullable Boot boot,
        @Nullable OciDetails oci,
        String source,
        @Nullable UUID operation,
        Instant createdAt,
        long version)
        implements Versioned {
    /** Where an image is in its life. */
    public enum State {
        IMPORTING,
        READY,
        DELETING
    }

    /** Itself; WRONG_STATE while it is being imported or deleted. */
    public Image requireReady() {
        if (state != State.READY) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The image '" + name + "' is " + state.name().toLowerCase(Locale.ROOT)
                            + "; wait until it is ready.");
        }
        return this;
    }

    /** What drivers call it; only of a ready image. */
    public ImageRef ref() {
        ImageFormat known = format;
        if (known == null) {
            throw new IllegalStateException("image " + id + " is not ready");
        }
        return new ImageRef(id, known);
    }
}
