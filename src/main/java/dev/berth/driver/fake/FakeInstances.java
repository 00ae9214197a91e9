package dev.berth.driver.fake;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What all parts of the fake instance driver share: the instances, the listeners, the clock and the knobs. */
final class FakeInstances implements AutoCloseable {
    final FakeBehaviour behaviour;
    final Clock clock;
    private final Map<UUID, FakeInstance> all = new ConcurrentHashMap<>();
    private final List<Consumer<DriverEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService events = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fake-events").factory());

    FakeInstances(FakeBehaviour behaviour, Clock clock) {
        this.behaviour = behaviour;
        this.clock = clock;
    }

    Map<UUID, FakeInstance> all() {
        return all;
    }

    FakeInstance require(UUID id) {
        FakeInstance instance = all.get(id);
        if (instance == null) {
            throw BerthException.notFound("instance", id);
        }
        return instance;
    }

    void enter(FakeInstance instance, RunState state) {
        instance.enter(state, clock.instant());
        changed(instance);
    }

    void changed(FakeInstance instance) {
        ObservedState state = instance.observe(clock.instant());
        tell(new DriverEvent.Changed(state));
    }

    void tell(DriverEvent event) {
        events.execute(() -> listeners.forEach(listener -> listener.accept(event)));
    }

    Subscription listen(Consumer<DriverEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        events.shutdownNow();
    }
}
