package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stops all processes of a container where they are: the freezer of cgroup version 1 or 2. */
final class Freezer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 5;

    private Freezer() {}

    static void freeze(UUID id, RunStatus status) {
        set(id, status, true);
    }

    static void thawIfFrozen(UUID id, RunStatus status) {
        if (Cgroup.of(id, status.init()).filter(Cgroup::isFrozen).isPresent()) {
            set(id, status, false);
        }
    }

    private static void set(UUID id, RunStatus status, boolean frozen) {
        Cgroup cgroup = Cgroup.of(id, status.init()).orElseThrow(() -> gone(null));
        boolean old = cgroup.isVersion1("freezer");
        Path file = cgroup.of("freezer").orElseThrow(() -> gone(null)).resolve(old ? "freezer.state" : "cgroup.freeze");
        String word = old ? (frozen ? "FROZEN" : "THAWED") : (frozen ? "1" : "0");
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            do {
                // Version 1 may have to be told again when a process was just being made.
                Files.writeString(file, word);
                if (cgroup.isFrozen() == frozen) {
                    return;
                }
            } while (System.nanoTime() < end && Threads.sleep(LOOK_MILLIS));
        } catch (IOException e) {
            throw gone(e);
        }
        throw BerthException.of(
                ErrorCode.DEADLINE_EXCEEDED,
                "The container could not be " + (frozen ? "paused" : "resumed") + " within " + PATIENCE.toSeconds()
                        + " s; a process of it may hang in the kernel.");
    }

    private static BerthException gone(@Nullable IOException e) {
        return BerthException.of(ErrorCode.WRONG_STATE, "The container has just ended.", e);
    }
}
