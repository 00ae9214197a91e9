package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.ffi.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Copies of writable layers: shared blocks where the file system offers them, otherwise without holes. */
final class DiskCopies {
    private DiskCopies() {}

    /** Copies a disk; the copy appears as a whole or not at all, and replaces what was there. */
    static void copy(Path from, Path to, ProgressSink progress) {
        Path partial = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.deleteIfExists(partial);
            long total = Files.size(from);
            SparseFile.copy(from, partial, done -> progress.report(Progress.bytes("copying the disk", done, total)));
            Files.move(partial, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw NodeFailures.files("Copying the disk", e);
        } finally {
            Trees.delete(partial);
        }
    }
}
