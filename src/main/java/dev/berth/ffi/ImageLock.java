package dev.berth.ffi;

import dev.berth.kernel.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The lock of an image file ({@code flock}), which its loop device holds as long as there is one. Whoever has it may read or
 * change the file: nothing is mounted, and all that was written while it was is in it.
 */
public final class ImageLock implements AutoCloseable {
    private static final long LOOK_MILLIS = 5;

    private final Descriptor image;

    private ImageLock(Descriptor image) {
        this.image = image;
    }

    /**
     * Waits for an image to be free, which it is a moment after the last process that had it mounted has ended.
     *
     * @return nothing when it is in use for longer, or this thread was asked to end
     */
    public static Optional<ImageLock> take(Path image, Duration longest) {
        Descriptor file = Descriptor.open(image, Descriptor.READ);
        long end = System.nanoTime() + longest.toNanos();
        try {
            do {
                if (file.lock()) {
                    return Optional.of(new ImageLock(file));
                }
            } while (System.nanoTime() < end && Threads.sleep(LOOK_MILLIS));
        } catch (LinuxException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        image.close();
    }
}
