package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.FileTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Files of the driver: made for root alone, replaced as a whole, removed without following links. */
final class Trees {
    private static final String PARTIAL = ".part";
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> ROOT_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private Trees() {}

    /** Makes a directory; others may pass through it, for the ids of containers are not root's. */
    static void create(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            }
        } catch (IOException e) {
            throw NodeFailures.files("Making directory " + directory.getFileName(), e);
        }
    }

    /** Replaces a file; nobody sees a part of it. */
    static void write(Path file, byte[] content) {
        Path partial = file.resolveSibling(file.getFileName() + PARTIAL);
        try {
            Files.deleteIfExists(partial);
            try (SeekableByteChannel out = Files.newByteChannel(partial, NEW, ROOT_ALONE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    out.write(left);
                }
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw NodeFailures.files("Writing " + file.getFileName(), e);
        }
    }

    /** A small file's text; empty when it is not there. */
    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Where a link says that it leads to, which is only a text; empty when it cannot be read. */
    static String link(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw NodeFailures.files("Reading directory " + directory.getFileName(), e);
        }
    }

    /** Removes a file or a whole directory; success if it is not there. */
    static void delete(Path path) {
        try {
            FileTrees.delete(path);
        } catch (IOException e) {
            throw NodeFailures.files("Removing " + path.getFileName(), e);
        }
    }
}
