package dev.berth.oci;

import dev.berth.driver.images.Copying;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;

/** Blobs by digest. A blob is in place only when all of it has been checked. */
final class Blobs {
    private static final int BUFFER = 1 << 18;
    private final OciLayout layout;

    Blobs(OciLayout layout) {
        this.layout = layout;
    }

    boolean has(Digest digest) {
        return Files.exists(layout.blob(digest));
    }

    Path path(Digest digest) {
        return layout.blob(digest);
    }

    byte[] read(Digest digest, int most) throws IOException {
        try (InputStream in = Files.newInputStream(layout.blob(digest))) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw Limits.tooLarge(most);
            }
            return content;
        }
    }

    Digest put(byte[] content) throws IOException {
        Digest digest = Digest.of(content);
        if (!has(digest)) {
            Path fresh = layout.fresh();
            Files.write(fresh, content);
            place(fresh, digest);
        }
        return digest;
    }

    /**
     * Takes a file over as a blob.
     *
     * @throws BerthException CHECKSUM_MISMATCH when it is not what the descriptor says; the file is left
     */
    void take(Path file, Descriptor expected) throws IOException {
        if (Files.size(file) != expected.size()) {
            throw mismatch(expected.digest(), Files.size(file) + " bytes instead of " + expected.size());
        }
        Digest digest = digest(file);
        if (!digest.equals(expected.digest())) {
            throw mismatch(expected.digest(), "the digest " + digest);
        }
        place(file, digest);
    }

    /** A checked file becomes the blob. */
    void place(Path file, Digest digest) throws IOException {
        Copying.sync(file);
        Files.move(file, layout.blob(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Copying.sync(layout.blobs());
    }

    static Digest digest(Path file) throws IOException {
        MessageDigest algorithm = Digest.algorithm();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                algorithm.update(buffer, 0, count);
            }
        }
        return Digest.end(algorithm);
    }

    static BerthException mismatch(Digest expected, String found) {
        return BerthException.of(
                ErrorCode.CHECKSUM_MISMATCH,
                "A part of the image is not what it should be: " + expected + " has " + found + ". It was not used.");
    }
}
