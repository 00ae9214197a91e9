package dev.berth.oci;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One lock per digest, so that two pulls of one layer fetch and unpack it once. */
final class Turns {
    private static final int LOOK_MILLIS = 200;
    private final Map<String, Waiting> waiting = new HashMap<>();

    private static final class Waiting {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /**
     * Waits for its turn.
     *
     * @param meanwhile called again and again while waiting; what it throws ends the waiting
     */
    Turn take(Digest digest, Runnable meanwhile) {
        Waiting one;
        synchronized (waiting) {
            one = waiting.computeIfAbsent(digest.hex(), key -> new Waiting());
            one.users++;
        }
        boolean taken = false;
        try {
            while (!one.lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                meanwhile.run();
            }
            taken = true;
            return new Turn(digest, one);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The wait for a layer was interrupted.", e);
        } finally {
            if (!taken) {
                leave(digest, one);
            }
        }
    }

    private void leave(Digest digest, Waiting one) {
        synchronized (waiting) {
            if (--one.users == 0) {
                waiting.remove(digest.hex());
            }
        }
    }

    /** A turn; over when it is closed. */
    final class Turn implements AutoCloseable {
        private final Digest digest;
        private final Waiting one;

        private Turn(Digest digest, Waiting one) {
            this.digest = digest;
            this.one = one;
        }

        @Override
        public void close() {
            one.lock.unlock();
            leave(digest, one);
        }
    }
}
