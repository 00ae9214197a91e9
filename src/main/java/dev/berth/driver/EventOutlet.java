package dev.berth.driver;

import dev.berth.kernel.Threads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Tells listeners what happened to a driver's instances: one thread, in order. */
public final class EventOutlet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventOutlet.class.getName());

    private final List<Consumer<DriverEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread;

    /** An outlet with a thread of this name. */
    public EventOutlet(String name) {
        this.thread = Executors.newSingleThreadExecutor(Threads.daemons(name));
    }

    public Subscription subscribe(Consumer<DriverEvent> listener) {
        // The same listener may subscribe twice.
        Consumer<DriverEvent> own = listener::accept;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Whether anybody listens, so that it is worth a look. */
    public boolean isHeard() {
        return !listeners.isEmpty();
    }

    /** Does something in turn, mostly a look and an {@link #emit}; nothing once it is closed. */
    public void submit(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed already", e);
        }
    }

    /** Tells all listeners now; called in turn. */
    public void emit(DriverEvent event) {
        for (Consumer<DriverEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
