package dev.berth.driver.fake;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LogRecord;
import dev.berth.driver.ObservedState;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Runs the processes of fake containers: they end when their program does, come back as their restart policy says, after
 * 100 ms, 200 ms, … up to a minute, and are asked for their health.
 */
final class FakeRuns {
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 60_000;
    private static final int KILLED = 137;
    private static final Duration SOUND = Duration.ofSeconds(10);
    private final FakeFleet fleet;
    private final FakeInstances instances;

    FakeRuns(FakeFleet fleet) {
        this.fleet = fleet;
        this.instances = fleet.containers;
    }

    /** Starts it because somebody wants it. */
    void start(FakeInstance instance) {
        synchronized (instance) {
            instance.container.restarts = 0;
            run(instance);
        }
    }

    private void run(FakeInstance instance) {
        FakeContainer container = instance.container;
        ContainerSpec spec = spec(instance);
        long run = container.run + 1;
        container.run = run;
        container.reason = null;
        container.health = spec.health() == null ? null : ObservedState.Health.STARTING;
        instances.enter(instance, RunState.RUNNING);
        ProcessSpec process = spec.process();
        FakeProgram program = process == null
                ? new FakeProgram("systemd: startup finished\n", "", null, 0)
                : FakeProgram.main(process.args(), surroundings(instance, process));
        Instant now = fleet.clock.instant();
        container.records.add(now, LogRecord.Stream.STDOUT, program.stdout());
        container.records.add(now, LogRecord.Stream.STDERR, program.stderr());
        Duration runs = program.runs();
        if (runs != null) {
            later(Math.max(10, runs.toMillis()), () -> ended(instance, run, program.code(), false));
        }
        checkHealth(instance, run, 0);
    }

    private static FakeProgram.Surroundings surroundings(FakeInstance instance, ProcessSpec process) {
        return new FakeProgram.Surroundings(
                instance.definition().hostname(),
                process.env(),
                Objects.requireNonNullElse(process.workingDirectory(), "/"),
                Objects.requireNonNullElse(process.user(), "root"),
                "");
    }

    private static ContainerSpec spec(FakeInstance instance) {
        return (ContainerSpec) instance.definition().spec();
    }

    /** Ends the present run by itself. */
    void end(FakeInstance instance, int code, boolean oom) {
        ended(instance, instance.container.run, code, oom);
    }

    private void ended(FakeInstance instance, long run, int code, boolean oom) {
        synchronized (instance) {
            FakeContainer container = instance.container;
            boolean up = instance.state() == RunState.RUNNING || instance.state() == RunState.PAUSED;
            if (container.run != run || !up) {
                return;
            }
            Instant now = fleet.clock.instant();
            Instant started = instance.startedAt();
            if (started != null && Duration.between(started, now).compareTo(SOUND) > 0) {
                container.restarts = 0;
            }
            boolean again = comesBack(instance, code);
            long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(20, container.restarts));
            String why = oom ? "it ran out of memory" : code == 0 ? null : "its process ended with " + code;
            container.exit = new ObservedState.Exit(code, oom, false, why, now, container.restarts);
            container.health = null;
            container.reason = again ? "starts again in " + pause + " ms" : why;
            instances.enter(instance, code == 0 ? RunState.STOPPED : RunState.CRASHED);
            if (again) {
                container.restarts++;
                later(pause, () -> again(instance, run));
            }
        }
    }

    private void again(FakeInstance instance, long run) {
        synchronized (instance) {
            boolean gone = instances.all().get(instance.definition().id()) != instance;
            if (!gone && instance.container.run == run && instance.state() != RunState.RUNNING) {
                ObservedState.Exit last = Objects.requireNonNull(instance.container.exit);
                instance.container.exit = new ObservedState.Exit(
                        last.code(),
                        last.outOfMemory(),
                        last.outOfProcesses(),
                        last.reason(),
                        last.at(),
                        instance.container.restarts);
                run(instance);
            }
        }
    }

    private static boolean comesBack(FakeInstance instance, int code) {
        ContainerSpec.RestartPolicy policy = spec(instance).restart();
        return switch (policy.kind()) {
            case NO -> false;
            case ALWAYS, UNLESS_STOPPED -> true;
            case ON_FAILURE ->
                code != 0 && (policy.maxRetries() == 0 || instance.container.restarts < policy.maxRetries());
        };
    }

    /** Ends it because somebody wants it; it stays so. */
    void stop(FakeInstance instance) {
        synchronized (instance) {
            FakeContainer container = instance.container;
            container.run++;
            container.health = null;
            container.reason = null;
            boolean up = instance.state() == RunState.RUNNING || instance.state() == RunState.PAUSED;
            if (up) {
                container.exit =
                        new ObservedState.Exit(KILLED, false, false, null, fleet.clock.instant(), container.restarts);
            }
            instances.enter(instance, RunState.STOPPED);
        }
    }

    private void checkHealth(FakeInstance instance, long run, int failures) {
        ContainerSpec.HealthCheck check = spec(instance).health();
        if (check == null) {
            return;
        }
        later(Math.max(20, check.interval().toMillis()), () -> {
            InstanceDefinition definition = instance.definition();
            FakeProgram.Surroundings at =
                    new FakeProgram.Surroundings(definition.hostname(), List.of(), "/", "root", "");
            boolean well = FakeProgram.read(check.command(), at).code() == 0;
            healthSeen(instance, run, well ? 0 : failures + 1, check.retries());
        });
    }

    private void healthSeen(FakeInstance instance, long run, int failures, int retries) {
        synchronized (instance) {
            if (instance.container.run != run || instance.state() != RunState.RUNNING) {
                return;
            }
            if (failures == 0 || failures >= retries) {
                health(instance, failures == 0 ? ObservedState.Health.HEALTHY : ObservedState.Health.UNHEALTHY);
            }
            checkHealth(instance, run, failures);
        }
    }

    void health(FakeInstance instance, ObservedState.Health health) {
        if (instance.container.health != health) {
            instance.container.health = health;
            instances.changed(instance);
        }
    }

    private void later(long millis, Runnable work) {
        try {
            fleet.timer.schedule(work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node is closed; nothing happens on it any more.
        }
    }
}
