package dev.berth.driver.images;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The space that images leave to others: guests whose disks grow on the same file system stop when it is full. */
public final class FreeSpace {
    private static final long MOST_RESERVE = 1L << 30;
    private static final long RESERVE_SHARE = 20;

    private FreeSpace() {}

    /**
     * Checks the file system that a file lies on.
     *
     * @throws BerthException OUT_OF_SPACE when less than the reserve is free
     */
    public static void require(Path file) throws IOException {
        FileStore store = Files.getFileStore(file);
        if (store.getUsableSpace() < Math.min(MOST_RESERVE, store.getTotalSpace() / RESERVE_SHARE)) {
            throw exhausted();
        }
    }

    public static BerthException exhausted() {
        return BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's image store is full; delete images or add space.");
    }
}
