package dev.berth.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Named places at which a test holds this process, in order to {@code kill -9} it just there. Off unless the environment's
 * {@code BERTH_HOLD_POINTS} names a directory.
 *
 * <p>Every place that is passed becomes a line of the file {@code passed}, so a test learns from an undisturbed run which
 * places there are. The first thread that comes to a place for which there is a file {@code <place>.hold} renames that to
 * {@code <place>.held}, and waits for ever.
 */
public final class HoldPoints {
    private HoldPoints() {}

    /** What to call with the name of each place. */
    public static Consumer<String> fromEnvironment() {
        String directory = System.getenv("BERTH_HOLD_POINTS");
        return directory == null || directory.isEmpty() ? place -> {} : in(Path.of(directory));
    }

    static Consumer<String> in(Path directory) {
        return place -> {
            if (taken(directory, place.replace('/', '-').replace(' ', '-'))) {
                while (true) {
                    LockSupport.park();
                }
            }
        };
    }

    private static synchronized boolean taken(Path directory, String place) {
        try {
            Files.writeString(
                    directory.resolve("passed"), place + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Path hold = directory.resolve(place + ".hold");
            if (!Files.exists(hold)) {
                return false;
            }
            Files.move(hold, directory.resolve(place + ".held"));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
