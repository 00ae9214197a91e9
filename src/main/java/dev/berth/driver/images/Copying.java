package dev.berth.driver.images;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.ffi.HostDigest;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Moves bytes with limits and progress. Runs of zeros are left out of the target, so that sparse images stay sparse. */
public final class Copying {
    private static final int BUFFER = 1 << 20;
    /** What is looked at for zeros at once; images are full of runs that are longer. */
    private static final int BLOCK = 1 << 16;

    private static final int SPACE_PERIOD = 64;

    private Copying() {}

    /**
     * How much a copy may hold.
     *
     * @param bytes all bytes, whatever a compressed stream claims; TOO_LARGE beyond
     * @param stored bytes that take space; a stream that unpacks to more is a bomb, IMAGE_REFUSED
     */
    record Limits(long bytes, long stored) {
        private static final long MOST_RATIO = 200;
        private static final long ALWAYS = 64L << 20;

        /** For a stream that is compressed to so many bytes. Contents of disks shrink to a tenth, hardly ever further. */
        static Limits unpacked(long bytes, long compressed) {
            return new Limits(bytes, compressed > bytes / MOST_RATIO ? bytes : ALWAYS + compressed * MOST_RATIO);
        }
    }

    /** Copies to a new file. */
    static void copy(InputStream in, Path target, Limits limits, ProgressSink progress) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        long stored = 0;
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int count = in.readNBytes(buffer, 0, buffer.length);
            for (int round = 0; count > 0; round++) {
                if (total + count > limits.bytes()) {
                    throw BerthException.of(
                            ErrorCode.TOO_LARGE, "The image is larger than the allowed " + limits.bytes() + " bytes.");
                }
                stored += write(buffer, count, out, total);
                total += count;
                if (stored > limits.stored()) {
                    throw ImageHeader.refused("It unpacks to far more than a disk would; such files are made to harm.");
                }
                if (round % SPACE_PERIOD == 0) {
                    FreeSpace.require(target);
                }
                progress.report(Progress.bytes("unpacking", total, 0));
                count = in.readNBytes(buffer, 0, buffer.length);
            }
            if (out.size() < total) {
                out.write(ByteBuffer.wrap(new byte[1]), total - 1);
            }
        }
    }

    /** Writes the blocks that are not all zeros, and returns their size. */
    private static long write(byte[] buffer, int count, FileChannel out, long position) throws IOException {
        long stored = 0;
        for (int from = 0; from < count; from += BLOCK) {
            int length = Math.min(BLOCK, count - from);
            if (!allZero(buffer, from, length)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, from, length);
                while (bytes.hasRemaining()) {
                    out.write(bytes, position + bytes.position());
                }
                stored += length;
            }
        }
        return stored;
    }

    private static boolean allZero(byte[] buffer, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (buffer[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 in hexadecimal. */
    static String digest(Path file, ProgressSink progress) throws IOException {
        return digest(file, "SHA-256", progress);
    }

    static String digest(Path file, String algorithm, ProgressSink progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = HostDigest.of(algorithm);
            byte[] buffer = new byte[BUFFER];
            long size = Files.size(file);
            long done = 0;
            int count = in.read(buffer);
            while (count > 0) {
                digest.update(buffer, 0, count);
                done += count;
                progress.report(Progress.bytes("checking", done, size));
                count = in.read(buffer);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** Makes a file or a directory durable. */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
