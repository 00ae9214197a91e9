package dev.berth.driver.images;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
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
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Moves bytes with limits and progress. Runs of zeros are left out of the target, so that sparse images stay sparse. */
final class Copying {
    private static final int BUFFER = 1 << 20;

    private Copying() {}

    /** Copies to a new file; TOO_LARGE beyond the limit, whatever a compressed stream claims. */
    static void copy(InputStream in, Path target, long most, ProgressSink progress) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int count = in.readNBytes(buffer, 0, buffer.length);
            while (count > 0) {
                total += count;
                if (total > most) {
                    throw BerthException.of(
                            ErrorCode.TOO_LARGE, "The image is larger than the allowed " + most + " bytes.");
                }
                if (allZero(buffer, count)) {
                    out.position(total);
                } else {
                    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                }
                progress.report(Progress.bytes("unpacking", total, 0));
                count = in.readNBytes(buffer, 0, buffer.length);
            }
            if (out.size() < total) {
                out.write(ByteBuffer.wrap(new byte[1]), total - 1);
            }
        }
    }

    private static boolean allZero(byte[] buffer, int count) {
        for (int i = 0; i < count; i++) {
            if (buffer[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 in hexadecimal. */
    static String digest(Path file, ProgressSink progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
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
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a file or a directory durable. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
