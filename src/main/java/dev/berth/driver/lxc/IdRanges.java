package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;

/**
 * The ranges of user and group ids on the host, one for each container and none for two. The range of a container is written
 * in its directory, so it is known again after a restart and free when the directory is gone.
 */
final class IdRanges {
    /** First id of files in layers and volumes; containers never have it. */
    static final long STORED = 1_000_000_000L;

    /** How many ids a container has. */
    static final int SIZE = 65_536;

    private static final long FIRST = STORED + SIZE;
    private static final int MOST = 40_000;

    private final BitSet taken = new BitSet();

    /** Learns of a range that a container has already. */
    synchronized void learn(ContainerFiles files) {
        read(files.ids()).ifPresent(base -> taken.set(number(base)));
    }

    /** Gives a container its range; the one that it has, if it has one. */
    synchronized long take(ContainerFiles files) {
        return read(files.ids()).orElseGet(() -> {
            int number = taken.nextClearBit(0);
            if (number >= MOST) {
                throw BerthException.of(ErrorCode.NO_CAPACITY, "The node has no range of ids left; remove containers.");
            }
            long base = FIRST + (long) number * SIZE;
            Trees.write(files.ids(), Long.toString(base).getBytes(StandardCharsets.US_ASCII));
            taken.set(number);
            return base;
        });
    }

    /** Takes a range back; the container's directory must be gone, or be about to go. */
    synchronized void free(long base) {
        taken.clear(number(base));
    }

    /** The range of a container that is defined. */
    static long of(ContainerFiles files) {
        return read(files.ids()).orElseThrow(() -> Failures.notFound(files.id()));
    }

    static Optional<Long> read(Path file) {
        String text = Trees.text(file).strip();
        return text.matches("\\d{10}") && number(Long.parseLong(text)) >= 0
                ? Optional.of(Long.parseLong(text))
                : Optional.empty();
    }

    private static int number(long base) {
        return Math.toIntExact(Math.floorDiv(base - FIRST, (long) SIZE));
    }
}
