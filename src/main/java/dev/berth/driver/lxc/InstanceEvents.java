package dev.berth.driver.lxc;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.EventOutlet;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at containers to which something happened, and tells. What happens to one in a short time is told once: a start alone
 * is two changes, and whoever asked for it is told first.
 */
final class InstanceEvents implements AutoCloseable {
    private static final long SETTLING_MILLIS = 15;

    private final Observer observer;
    private final EventOutlet outlet = new EventOutlet("lxc-driver-events");
    private final Executor later =
            CompletableFuture.delayedExecutor(SETTLING_MILLIS, TimeUnit.MILLISECONDS, outlet::submit);
    private final Set<UUID> pending = ConcurrentHashMap.newKeySet();

    InstanceEvents(Observer observer) {
        this.observer = observer;
    }

    Subscription subscribe(Consumer<DriverEvent> listener) {
        return outlet.subscribe(listener);
    }

    void changed(UUID id) {
        if (pending.add(id)) {
            later.execute(() -> {
                pending.remove(id); // first, for what changes from now on may not be seen by this look
                if (outlet.isHeard()) {
                    observe(id);
                }
            });
        }
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
