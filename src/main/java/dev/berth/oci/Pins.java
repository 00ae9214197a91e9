package dev.berth.oci;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Blobs and layers that work under way needs although no image names them yet. */
final class Pins {
    private final Map<String, Integer> counts = new HashMap<>();
    private long ended;

    /** Begins to hold things, until it is closed. */
    Hold hold() {
        return new Hold();
    }

    /** Changes whenever work ends, which may have made an image. */
    synchronized long epoch() {
        return ended;
    }

    /** How an attempt to remove something went. */
    enum Removal {
        DONE,
        HELD,
        /** Work has ended since; whether the thing is used has to be looked up again. */
        CHANGED
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Removes a thing that was unused at an epoch, unless somebody holds it; nobody takes hold of it meanwhile. */
    synchronized Removal remove(Digest digest, long epoch, Action action) throws IOException {
        if (ended != epoch) {
            return Removal.CHANGED;
        }
        if (counts.containsKey(digest.hex())) {
            return Removal.HELD;
        }
        action.run();
        return Removal.DONE;
    }

    /** What one piece of work holds. */
    final class Hold implements AutoCloseable {
        private final Set<String> mine = new HashSet<>();

        void add(Digest digest) {
            synchronized (Pins.this) {
                if (mine.add(digest.hex())) {
                    counts.merge(digest.hex(), 1, Integer::sum);
                }
            }
        }

        @Override
        public void close() {
            synchronized (Pins.this) {
                for (String one : mine) {
                    counts.computeIfPresent(one, (key, count) -> count == 1 ? null : count - 1);
                }
                mine.clear();
                ended++;
            }
        }
    }
}
