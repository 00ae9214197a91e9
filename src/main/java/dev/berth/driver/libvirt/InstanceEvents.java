package dev.berth.driver.libvirt;

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

/** Turns libvirt's lifecycle events and lease changes into driver events: one thread, in order. */
final class InstanceEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InstanceEvents.class.getName());
    /** {@code VIR_DOMAIN_EVENT_UNDEFINED}. */
    private static final int UNDEFINED = 1;

    private final Domains domains;
    private final List<Consumer<DriverEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Threads.daemons("libvirt-driver-events"));

    InstanceEvents(Domains domains) {
        this.domains = domains;
    }

    Subscription subscribe(Consumer<DriverEvent> listener) {
        Consumer<DriverEvent> own = listener::accept;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Called on libvirt's event thread, which must not call libvirt. */
    void happened(UUID id, int event, Observer observer) {
        submit(() -> {
            if (event != UNDEFINED) {
                observe(id, observer);
            } else if (domains.isKnown(id) && !domains.exists(id)) {
                gone(id);
            }
        });
    }

    void changed(UUID id, Observer observer) {
        submit(() -> observe(id, observer));
    }

    void resync(String reason) {
        submit(() -> emit(new DriverEvent.Resync(reason)));
    }

    private void observe(UUID id, Observer observer) {
        if (listeners.isEmpty()) {
            return;
        }
        try {
            emit(new DriverEvent.Changed(observer.observe(id)));
        } catch (BerthException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                if (domains.isKnown(id)) {
                    gone(id);
                }
            } else {
                emit(new DriverEvent.Resync("an instance could not be observed"));
            }
        }
    }

    private void gone(UUID id) {
        domains.forget(id);
        emit(new DriverEvent.Gone(id));
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
            thread.execute(() -> {
                try {
                    work.run();
                } catch (BerthException e) {
                    LOG.log(System.Logger.Level.DEBUG, "libvirt is away or the driver is closing", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed already", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
