package dev.berth.oci;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;

/**
 * What an image may need at most.
 *
 * @param manifest bytes of a manifest, an index or a configuration
 * @param layers of one image; overlay stacks no more than so many either
 * @param entries files of one layer
 * @param unpacked bytes of all layers together
 * @param ratio how many times bigger a layer may get by unpacking, beyond {@code always}
 * @param always bytes that a layer may unpack to, however small it was
 */
public record Limits(int manifest, int layers, long entries, long unpacked, long ratio, long always) {
    /** For an image that may take so many bytes, compressed and unpacked. */
    public static Limits of(long bytes) {
        return new Limits(4 << 20, 127, 2_000_000, bytes, 200, 1L << 30);
    }

    /** Bytes of the archive that a blob of so many bytes may unpack to. */
    long archive(long blob) {
        return blob > unpacked / ratio ? unpacked : Math.min(unpacked, always + blob * ratio);
    }

    static BerthException refused(String why) {
        return BerthException.of(ErrorCode.IMAGE_REFUSED, "The image was refused. " + why);
    }

    static BerthException tooLarge(long limit) {
        return BerthException.of(
                ErrorCode.TOO_LARGE, "The image is larger than the allowed " + limit + " bytes, packed or unpacked.");
    }
}
