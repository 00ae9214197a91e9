package dev.berth.driver.lxc;

import dev.berth.ffi.FileLock;
import dev.berth.ffi.LinuxException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;

/** Work at an image that nobody has mounted. A process that was killed still has it mounted for a moment. */
final class UnusedDisk {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private UnusedDisk() {}

    /** Does work while nobody can mount the image. */
    static void during(Path image, Runnable work) {
        during(image, LONGEST, work);
    }

    static void during(Path image, Duration longest, Runnable work) {
        try (FileLock lock = take(image, longest)) {
            work.run();
        }
    }

    private static FileLock take(Path image, Duration longest) {
        try {
            return FileLock.take(image, longest)
                    .orElseThrow(() -> BerthException.of(
                            ErrorCode.IN_USE,
                            "The disk is still in use on the node; try again in a minute. There, losetup -j " + image
                                    + " says by which device."));
        } catch (LinuxException e) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "The disk cannot be locked: " + e.getMessage(), e);
        }
    }
}
