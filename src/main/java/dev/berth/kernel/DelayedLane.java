package dev.berth.kernel;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Work that is done after a while, each piece on a thread of its own for as long as it takes. A pool of a few threads with a
 * schedule would be full with as many pieces that hang, and everybody else's would never come.
 */
public final class DelayedLane implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DelayedLane.class.getName());

    private final String name;
    private final ScheduledExecutorService timer;
    private final ExecutorService threads;
    private final Lane lane;

    /**
     * Has nothing to do yet.
     *
     * @param most pieces of work at once; more wait in turn
     */
    public DelayedLane(String name, int most) {
        this.name = name;
        timer = Executors.newSingleThreadScheduledExecutor(Threads.daemons(name + "-timer"));
        threads = Threads.shared(Threads.daemons(name));
        lane = new Lane(threads, most, Integer.MAX_VALUE);
    }

    /** Has it done after a delay; returns at once. What comes after {@link #close} is not done. */
    public void after(Duration delay, Runnable work) {
        try {
            if (delay.isZero()) {
                lane.execute(work);
            } else {
                timer.schedule(() -> after(Duration.ZERO, work), delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, name + " is closed already", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
