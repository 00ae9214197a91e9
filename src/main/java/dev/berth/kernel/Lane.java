package dev.berth.kernel;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A share of threads that others use too: so many pieces of work at once, more wait in turn, and what is more than that is
 * rejected. A pool of its own would make a thread for each piece until it is full, however many of its threads are idle.
 */
public final class Lane implements Executor {
    private final Executor threads;
    private final int most;
    private final int waiting;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int running;

    /**
     * Nothing runs yet.
     *
     * @param threads that do the work; it must never run it in the caller's thread
     * @param most pieces of work at once
     * @param waiting pieces of work that may wait for their turn
     */
    public Lane(Executor threads, int most, int waiting) {
        this.threads = threads;
        this.most = most;
        this.waiting = waiting;
    }

    /** Has it done; throws {@link RejectedExecutionException} when too much waits or the threads have been shut down. */
    @Override
    public void execute(Runnable work) {
        synchronized (this) {
            if (running == most) {
                if (queue.size() == waiting) {
                    throw new RejectedExecutionException(waiting + " wait already");
                }
                queue.add(work);
                return;
            }
            running++;
        }
        begin(work);
    }

    private void begin(Runnable work) {
        boolean begun = false;
        try {
            threads.execute(() -> run(work));
            begun = true;
        } finally {
            if (!begun) {
                leave();
            }
        }
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            Runnable next = next();
            if (next != null) {
                begin(next);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable work = queue.poll();
        if (work == null) {
            running--;
        }
        return work;
    }

    private synchronized void leave() {
        running--;
    }
}
