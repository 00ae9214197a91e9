package dev.berth.driver.lxc;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Tells listeners what happened to containers: one thread, in order. */
final class InstanceEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InstanceEvents.class.getName());

    private final Observer observer;
    private final List<Consumer<DriverEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Threads.daemons("lxc-driver-events"));

    InstanceEvents(Observer observer) {
        this.observer = observer;
    }

    Subscription subscribe(Consumer<DriverEvent> listener) {
        Consumer<DriverEvent> own = listener::accept;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    void changed(UUID id) {
        submit(() -> {
            if (!listeners.isEmpty()) {
                observe(id);
            }
        });
    }

    void gone(UUID id) {
        submit(() -> emit(new DriverEvent.Gone(id)));
    }

    private void observe(UUID id) {
        try {
            emit(new DriverEvent.Changed(observer.observe(id)));
        } catch (BerthException e) {
            // Of a container that has gone, its removal tells.
            if (e.code() != ErrorCode.NOT_FOUND) {
                emit(new DriverEvent.Resync("a container could not be observed"));
            }
        }
    }

    private void emit(DriverEvent event) {
        for (Consumer<DriverEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    private void submit(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed already", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
