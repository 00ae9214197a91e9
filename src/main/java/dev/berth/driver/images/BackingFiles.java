package dev.berth.driver.images;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

/** Finds out whether any disk is linked to an image, from the disks themselves. */
final class BackingFiles {
    private static final int QCOW2_MAGIC = 0x514649fb;
    private static final int LONGEST_NAME = 1023;

    private BackingFiles() {}

    static boolean anyRefersTo(Path directory, UUID image) throws IOException {
        if (!Files.exists(directory)) {
            return false;
        }
        try (Stream<Path> tree = Files.walk(directory, 3)) {
            for (Path file : tree.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                if (backing(file).contains(image.toString())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The name of a qcow2 file's backing file; empty if there is none. */
    private static String backing(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < 20 || in.readInt() != QCOW2_MAGIC) {
                return "";
            }
            in.seek(8);
            long offset = in.readLong();
            int size = in.readInt();
            if (offset <= 0 || size <= 0 || size > LONGEST_NAME || offset + size > in.length()) {
                return "";
            }
            byte[] name = new byte[size];
            in.seek(offset);
            in.readFully(name);
            return new String(name, StandardCharsets.UTF_8);
        }
    }
}
