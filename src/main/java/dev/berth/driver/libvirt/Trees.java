package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories of the store: made so that QEMU's user can pass through, removed without following links. */
final class Trees {
    private Trees() {}

    static void create(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw NodeFailures.files("Making directory " + directory.getFileName(), e);
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
