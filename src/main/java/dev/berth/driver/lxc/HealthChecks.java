package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.ObservedState.Health;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DelayedLane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Executes the health checks of running containers, each on its own beat. */
final class HealthChecks implements AutoCloseable {
    /** A check that hangs until its time is over takes a place. */
    private static final int MOST = 200;

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);

    private final Containers containers;
    private final Executing executing;
    private final HealthStates states;
    private final Consumer<UUID> changed;
    private final Clock clock;
    private final Map<UUID, Run> runs = new ConcurrentHashMap<>();
    private final DelayedLane checks = new DelayedLane("health-check", MOST);

    /** The checks of one run of a container; they end when another takes its place. */
    private static final class Run {
        private final ContainerSpec.HealthCheck check;
        private final Instant startedAt;
        private int failures;

        Run(ContainerSpec.HealthCheck check, Instant startedAt) {
            this.check = check;
            this.startedAt = startedAt;
        }
    }

    /**
     * Checks nobody yet.
     *
     * @param changed told when a container's health has changed
     */
    HealthChecks(Containers containers, Executing executing, HealthStates states, Consumer<UUID> changed, Clock clock) {
        this.containers = containers;
        this.executing = executing;
        this.states = states;
        this.changed = changed;
        this.clock = clock;
    }

    /** Begins with a container that runs. */
    void begin(UUID id, RunStatus status) {
        ContainerSpec.HealthCheck check =
                Containers.spec(containers.definition(id)).health();
        Run before = runs.get(id);
        boolean same = before != null && before.startedAt.equals(status.startedAt());
        if (check == null || check.command().isEmpty() || same) {
            return;
        }
        Run run = new Run(check, status.startedAt());
        runs.put(id, run);
        states.set(id, Health.STARTING);
        later(id, run);
    }

    void end(UUID id) {
        runs.remove(id);
        states.forget(id);
    }

    private void later(UUID id, Run run) {
        if (runs.get(id) != run) {
            return;
        }
        Duration interval = run.check.interval();
        checks.after(interval.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : interval, () -> check(id, run));
    }

    private void check(UUID id, Run run) {
        if (runs.get(id) != run) {
            return;
        }
        try {
            boolean paused = containers.find(id).isEmpty() || isPaused(id);
            boolean works = !paused && works(id, run.check);
            if (!paused && runs.get(id) == run && judge(id, run, works)) {
                changed.accept(id);
            }
        } finally {
            later(id, run);
        }
    }

    private boolean isPaused(UUID id) {
        return RunStatus.alive(containers.files(id))
                .flatMap(status -> Cgroup.of(id, status.init()))
                .filter(Cgroup::isFrozen)
                .isPresent();
    }

    /** Whether the container's health has changed by a result. */
    private boolean judge(UUID id, Run run, boolean works) {
        if (works) {
            run.failures = 0;
            return states.set(id, Health.HEALTHY);
        }
        Instant counts = run.startedAt.plus(run.check.startPeriod());
        if (states.of(id) == Health.STARTING && clock.instant().isBefore(counts)) {
            return false;
        }
        run.failures++;
        return run.failures >= Math.max(1, run.check.retries()) && states.set(id, Health.UNHEALTHY);
    }

    private boolean works(UUID id, ContainerSpec.HealthCheck check) {
        try {
            ExecSpec spec = new ExecSpec(check.command(), List.of(), null, null, false);
            ExecResult result = executing.exec(id, spec, "", check.timeout());
            return result.exitCode() == 0;
        } catch (BerthException e) {
            return false;
        }
    }

    @Override
    public void close() {
        checks.close();
    }
}
