package dev.berth.ffi;

import dev.berth.kernel.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The lock of a whole file ({@code flock}). That of an image is held by its loop device as long as there is one: whoever has
 * it may read or change the image, for nothing is mounted, and all that was written while it was is in it.
 */
public final class FileLock implements AutoCloseable {
    private static final long LOOK_MILLIS = 5;

    private final Descriptor file;

    private FileLock(Descriptor file) {
        this.file = file;
    }

    /**
     * Waits for a file to be free; an image is a moment after the last process that had it mounted has ended.
     *
     * @return nothing when it is in use for longer, or this thread was asked to end
     */
    public static Optional<FileLock> take(Path path, Duration longest) {
        Descriptor file = Descriptor.open(path, Descriptor.READ);
        long end = System.nanoTime() + longest.toNanos();
        try {
            do {
                if (file.lock()) {
                    return Optional.of(new FileLock(file));
                }
            } while (System.nanoTime() < end && Threads.sleep(LOOK_MILLIS));
        } catch (LinuxException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    /** Whether somebody has the lock of a file now; nobody has that of a file that is not there. */
    public static boolean isHeld(Path path) {
        try (Descriptor file = Descriptor.open(path, Descriptor.READ)) {
            return !file.lock();
        } catch (LinuxException e) {
            if (e.isAbsence()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
