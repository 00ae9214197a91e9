package dev.berth.driver.libvirt;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.EventOutlet;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.UUID;
import java.util.function.Consumer;

/** Turns libvirt's lifecycle events and lease changes into driver events. */
final class InstanceEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InstanceEvents.class.getName());
    /** {@code VIR_DOMAIN_EVENT_UNDEFINED}. */
    private static final int UNDEFINED = 1;

    private final Domains domains;
    private final EventOutlet outlet = new EventOutlet("libvirt-driver-events");

    InstanceEvents(Domains domains) {
        this.domains = domains;
    }

    Subscription subscribe(Consumer<DriverEvent> listener) {
        return outlet.subscribe(listener);
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
        submit(() -> outlet.emit(new DriverEvent.Resync(reason)));
    }

    private void observe(UUID id, Observer observer) {
        if (!outlet.isHeard()) {
            return;
        }
        try {
            outlet.emit(new DriverEvent.Changed(observer.observe(id)));
        } catch (BerthException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                if (domains.isKnown(id)) {
                    gone(id);
                }
            } else {
                outlet.emit(new DriverEvent.Resync("an instance could not be observed"));
            }
        }
    }

    private void gone(UUID id) {
        domains.forget(id);
        outlet.emit(new DriverEvent.Gone(id));
    }

    private void submit(Runnable work) {
        outlet.submit(() -> {
            try {
                work.run();
            } catch (BerthException e) {
                LOG.log(System.Logger.Level.DEBUG, "libvirt is away or the driver is closing", e);
            }
        });
    }

    @Override
    public void close() {
        outlet.close();
    }
}
