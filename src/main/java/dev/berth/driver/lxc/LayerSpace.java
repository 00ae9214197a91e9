package dev.berth.driver.lxc;

import dev.berth.driver.Sample;
import java.io.File;
import java.util.Optional;

/**
 * The room in the writable layer of a container that runs.
 *
 * <p>The file system itself keeps count, so that nothing is walked: one question takes 5 µs. {@code FileStore} would look
 * through the node's table of mounts first, which takes 140 µs where there are 22, and more where there are more.
 */
final class LayerSpace {
    /** Less than this share of it is as good as nothing; small files may still fit. */
    private static final long FULL_SHARE = 100;

    private LayerSpace() {}

    /** What an overlay says of itself is what the file system below its writable layer says; empty if it has just ended. */
    static Optional<Sample.Space> of(long init) {
        File root = root(init);
        long capacity = root.getTotalSpace();
        return capacity == 0
                ? Optional.empty()
                : Optional.of(new Sample.Space(capacity - root.getFreeSpace(), capacity));
    }

    /** Whether nothing fits in it any more. What the file system keeps for itself counts as free, but nobody gets it. */
    static boolean isFull(long init) {
        File root = root(init);
        long capacity = root.getTotalSpace();
        return capacity > 0 && root.getUsableSpace() < capacity / FULL_SHARE;
    }

    private static File root(long init) {
        return new File("/proc/" + init + "/root");
    }
}
