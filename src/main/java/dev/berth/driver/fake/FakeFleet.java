package dev.berth.driver.fake;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/** All instances of a fake node, whatever their kind, with the clock, the knobs and the timer that its parts share. */
final class FakeFleet implements AutoCloseable {
    final FakeBehaviour behaviour;
    final Clock clock;
    final FakeInstances machines;
    final FakeInstances containers;
    final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fake-timer").factory());

    FakeFleet(FakeBehaviour behaviour, Clock clock) {
        this.behaviour = behaviour;
        this.clock = clock;
        this.machines = new FakeInstances(behaviour, clock);
        this.containers = new FakeInstances(behaviour, clock);
    }

    Stream<FakeInstance> all() {
        return Stream.concat(machines.all().values().stream(), containers.all().values().stream());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        machines.close();
        containers.close();
    }
}
