package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.StopMode;
import dev.berth.ffi.LinuxException;
import dev.berth.ffi.Pidfd;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Revert;
import dev.berth.kernel.Threads;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Starts and ends containers. */
final class PowerButton {
    private final Containers containers;
    private final ContainerPlan plan;
    private final Surroundings surroundings;
    private final Launcher launcher;
    private final Supervisors supervisors;

    PowerButton(
            Containers containers,
            ContainerPlan plan,
            Surroundings surroundings,
            Launcher launcher,
            Supervisors supervisors) {
        this.containers = containers;
        this.plan = plan;
        this.surroundings = surroundings;
        this.launcher = launcher;
        this.supervisors = supervisors;
    }

    /**
     * Starts a container; returns who runs it, or empty if it runs already.
     *
     * @param restarts how often it has been restarted in a row
     */
    Optional<RunStatus> start(UUID id, int restarts) {
        InstanceDefinition definition = containers.definition(id);
        ContainerFiles files = containers.files(id);
        if (RunStatus.alive(files).isPresent()) {
            return Optional.empty();
        }
        supervisors.awaitEnd(id, Supervisors.CLEARING);
        DiskGrowth.finish(files, Optional.empty());
        Wanted wanted = new Wanted(files);
        boolean wantedBefore = wanted.holds();
        try (Revert revert = new Revert()) {
            revert.add(() -> {
                if (!wantedBefore) {
                    wanted.drop();
                }
                surroundings.volumes().released(id);
            });
            Threads.together(
                    () -> surroundings.ports().guard(definition),
                    () -> Trees.write(files.plan(), plan.of(definition, files)));
            wanted.keep(restarts);
            RunStatus status = launcher.start(files);
            supervisors.watch(files, status);
            surroundings.ports().linked(definition);
            revert.disarm();
            return Optional.of(status);
        }
    }

    void stop(UUID id, StopMode mode, Duration timeout) {
        containers.definition(id);
        ContainerFiles files = containers.files(id);
        // First of all: what ends from now on ends on purpose, and is not restarted.
        new Wanted(files).drop();
        switch (mode) {
            case FORCE -> force(id);
            case GRACEFUL -> {
                if (!ask(id, timeout)) {
                    new Wanted(files).keep(0);
                    throw BerthException.of(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "The container did not end within " + timeout.toSeconds()
                                    + " s; stop it by force if it hangs.");
                }
            }
            case GRACEFUL_THEN_FORCE -> {
                if (!ask(id, timeout)) {
                    force(id);
                }
            }
        }
    }

    /** Ends a container at once; returns when nothing is left of its run. */
    void force(UUID id) {
        signal(id, Signals.KILL);
        refuseHanging(supervisors.awaitEnd(id, Supervisors.CLEARING));
    }

    /** Ends a container that is to be removed; returns when nothing runs in it, while its supervisor still clears up. */
    void kill(UUID id) {
        ContainerFiles files = containers.files(id);
        new Wanted(files).drop();
        signal(id, Signals.KILL);
        refuseHanging(supervisors.awaitExit(id, Supervisors.CLEARING));
    }

    private static void refuseHanging(boolean gone) {
        if (!gone) {
            throw BerthException.of(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The container was killed, but is not gone; a process of it may hang in the kernel.");
        }
    }

    private boolean ask(UUID id, Duration timeout) {
        Optional<RunStatus> alive = RunStatus.alive(containers.files(id));
        if (alive.isPresent()) {
            signal(id, stopSignal(containers.definition(id), alive.get().init()));
        }
        return supervisors.awaitEnd(id, timeout);
    }

    /** Sends a signal to process 1; a frozen container is thawed, because it could not react. */
    private void signal(UUID id, int number) {
        Optional<RunStatus> alive = RunStatus.alive(containers.files(id));
        if (alive.isEmpty()) {
            return;
        }
        RunStatus status = alive.get();
        try (Pidfd init = Pidfd.open(status.init())) {
            if (status.isAlive()) {
                init.send(number);
            }
        } catch (LinuxException e) {
            if (!e.isAbsence()) {
                throw BerthException.of(ErrorCode.DRIVER_FAILED, "The container cannot be signalled.", e);
            }
        }
        Freezer.thawIfFrozen(id, status);
    }

    /** What asks process 1 to end: the image's signal, or what the init of a system listens to. */
    private static int stopSignal(InstanceDefinition definition, long init) {
        ContainerSpec spec = Containers.spec(definition);
        return switch (spec.mode()) {
            case APP -> {
                String asked = ContainerPlan.process(spec).stopSignal();
                yield asked == null || asked.isEmpty() ? Signals.TERM : Signals.number(asked);
            }
            case SYSTEM -> systemSignal(init);
        };
    }

    /** systemd, sysvinit and busybox each listen to something else; to busybox, TERM means a reboot and PWR nothing. */
    private static int systemSignal(long init) {
        if (Trees.link(Path.of("/proc/" + init + "/exe")).endsWith("/busybox")) {
            return Signals.USR2;
        }
        String status = Trees.text(Path.of("/proc/" + init + "/status"));
        return Stream.of(Signals.HALT, Signals.PWR)
                .filter(signal -> listens(status, signal))
                .findFirst()
                .orElse(Signals.TERM);
    }

    /** Whether a process handles a signal, or blocks it in order to read it from a descriptor. */
    static boolean listens(String status, int signal) {
        return status.lines()
                .filter(line -> line.startsWith("SigCgt:") || line.startsWith("SigBlk:"))
                .map(line ->
                        new BigInteger(line.substring(line.indexOf(':') + 1).strip(), 16))
                .anyMatch(mask -> mask.testBit(signal - 1));
    }
}
