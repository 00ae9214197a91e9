package dev.berth.oci;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Blobs and layers that work under way needs although no image names them yet. */
final class Pins {
    private final Map<String, Integer> counts = new HashMap<>();

    /** Begins to hold things, until it is closed. */
    Hold hold() {
        return new Hold();
    }

    /** Does something with a thing unless it is held; nobody takes hold of it meanwhile. */
    synchronized boolean unlessHeld(Digest digest, Runnable action) {
        if (counts.containsKey(digest.hex())) {
            return false;
        }
        action.run();
        return true;
    }

    synchronized boolean held(Digest digest) {
        return counts.containsKey(digest.hex());
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
            }
        }
    }
}
