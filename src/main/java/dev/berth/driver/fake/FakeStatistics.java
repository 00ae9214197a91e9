package dev.berth.driver.fake;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.RunState;
import dev.berth.driver.Sample;
import dev.berth.driver.Statistics;
import dev.berth.driver.VmSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counters that grow with time, at a pace of its own for each instance. */
final class FakeStatistics implements Statistics {
    private final FakeInstances instances;

    FakeStatistics(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public List<Sample> sampleAll() {
        instances.behaviour.look("Statistics.sampleAll");
        Instant now = instances.clock.instant();
        return instances.all().values().stream()
                .filter(instance -> instance.state() == RunState.RUNNING)
                .map(instance -> sample(instance, now))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Sample sample(FakeInstance instance, Instant now) {
        InstanceDefinition definition = instance.definition();
        Instant started = instance.startedAt();
        double seconds = started == null ? 0 : Duration.between(started, now).toMillis() / 1000.0;
        int pace = Math.floorMod(definition.id().hashCode(), 90) + 5;
        // The integral of pace·(1 + sin)/2, so that rates go up and down and counters never fall.
        double work = pace / 100.0 * (seconds + 10 * (1 - Math.cos(seconds / 10))) / 2;
        return new Sample(
                definition.id(),
                now,
                (long) (work * definition.cpus().value() * 1e9),
                definition.memory().bytes() * (30 + pace / 2) / 100,
                swap(definition, pace),
                layer(definition, pace),
                (long) (work * 4e6),
                (long) (work * 2e6),
                (long) (work * 3e5),
                (long) (work * 1e5));
    }

    private static @Nullable Long swap(InstanceDefinition definition, int pace) {
        return switch (definition.spec()) {
            case VmSpec ignored -> null;
            case ContainerSpec container -> container.limits().swap() * pace / 200;
        };
    }

    private static Sample.@Nullable Space layer(InstanceDefinition definition, int pace) {
        return switch (definition.spec()) {
            case VmSpec ignored -> null;
            case ContainerSpec ignored -> {
                long size = definition.disks().getFirst().size().bytes();
                yield new Sample.Space(size * pace / 200, size);
            }
        };
    }
}
