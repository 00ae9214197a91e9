package dev.berth.driver.lxc;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.EventOutlet;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.UUID;
import java.util.function.Consumer;

/** Looks at containers to which something happened, and tells. */
final class InstanceEvents implements AutoCloseable {
    private final Observer observer;
    private final EventOutlet outlet = new EventOutlet("lxc-driver-events");

    InstanceEvents(Observer observer) {
        this.observer = observer;
    }

    Subscription subscribe(Consumer<DriverEvent> listener) {
        return outlet.subscribe(listener);
    }

    void changed(UUID id) {
        outlet.submit(() -> {
            if (outlet.isHeard()) {
                observe(id);
            }
        });
    }

    void gone(UUID id) {
        outlet.submit(() -> outlet.emit(new DriverEvent.Gone(id)));
    }

    private void observe(UUID id) {
        try {
            outlet.emit(new DriverEvent.Changed(observer.observe(id)));
        } catch (BerthException e) {
            // Of a container that has gone, its removal tells.
            if (e.code() != ErrorCode.NOT_FOUND) {
                outlet.emit(new DriverEvent.Resync("a container could not be observed"));
            }
        }
    }

    @Override
    public void close() {
        outlet.close();
    }
}
