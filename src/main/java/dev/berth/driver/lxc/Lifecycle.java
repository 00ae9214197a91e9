package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DelayedLane;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What follows when a container has ended: it is told, started again by its policy, or removed.
 *
 * <pre>
 *  running ── ends ──► wanted? ── no ──► stopped ── the node boots, and its policy is ALWAYS ──► started
 *     ▲                   │ yes
 *     │                   ├── remove on exit ──► gone
 *     └── after a delay ──┼── by its policy
 *                         └── otherwise ──► stopped or crashed
 * </pre>
 */
final class Lifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());
    /** What follows waits for whoever changes the same container. */
    private static final int MOST = 200;

    private final Containers containers;
    private final Actions actions;
    private final Clock clock;
    private final Instant booted;
    private final DelayedLane following = new DelayedLane("lxc-lifecycle", MOST);

    /** What is done; each is called with the container's lock held. */
    interface Actions {
        /** Whether a supervisor of this container is watched now. */
        boolean isWatched(UUID id);

        void start(UUID id, int restarts);

        void remove(UUID id);

        /** Removes what is left of a container whose supervisor was killed. */
        void clean(UUID id);

        /** Tells that it has ended. */
        void ended(UUID id);
    }

    /**
     * The lives of containers.
     *
     * @param booted when the node did
     */
    Lifecycle(Containers containers, Actions actions, Clock clock, Instant booted) {
        this.containers = containers;
        this.actions = actions;
        this.clock = clock;
        this.booted = booted;
    }

    /** Called when a supervisor has gone; returns at once. */
    void ended(UUID id) {
        later(Duration.ZERO, id, () -> afterEnd(id));
    }

    /** Decides what follows for a container that does not run; its lock is held. */
    void afterEnd(UUID id) {
        ContainerFiles files = containers.files(id);
        if (containers.find(id).isEmpty() || actions.isWatched(id)) {
            // It has been removed, or started again, since.
            return;
        }
        if (RunExit.read(files).isEmpty() && RunStatus.read(files).isPresent()) {
            actions.clean(id);
            Trees.write(files.exit(), RunExit.lost(clock.instant()));
        }
        if (RunStatus.alive(files).isPresent()) {
            return;
        }
        actions.ended(id);
        RunExit.read(files).ifPresent(exit -> follow(id, files, exit));
    }

    private void follow(UUID id, ContainerFiles files, RunExit exit) {
        ContainerSpec spec = Containers.spec(containers.definition(id));
        Wanted wanted = new Wanted(files);
        if (spec.removeOnExit()) {
            actions.remove(id);
        } else if (wanted.holds()) {
            Instant started = RunStatus.read(files).map(RunStatus::startedAt).orElse(exit.endedAt());
            int before = Restarts.counted(wanted.restarts(), started, exit.endedAt());
            if (Restarts.again(spec.restart(), exit, before)) {
                later(Restarts.delay(before), id, () -> restart(id, before + 1));
            }
        } else if (spec.restart().kind() == ContainerSpec.RestartPolicy.Kind.ALWAYS
                && exit.endedAt().isBefore(booted)) {
            wanted.keep(0);
            later(Duration.ZERO, id, () -> restart(id, 0));
        }
    }

    private void restart(UUID id, int restarts) {
        ContainerFiles files = containers.files(id);
        if (containers.find(id).isEmpty() || !new Wanted(files).holds()) {
            return;
        }
        try {
            actions.start(id, restarts);
        } catch (BerthException e) {
            LOG.log(System.Logger.Level.WARNING, "container " + id + " could not be restarted: " + e.message());
            new Wanted(files).keep(restarts);
            boolean again = Restarts.again(
                    Containers.spec(containers.definition(id)).restart(),
                    RunExit.read(files).orElseThrow(() -> e),
                    restarts);
            if (again) {
                later(Restarts.delay(restarts), id, () -> restart(id, restarts + 1));
            }
        }
    }

    private void later(Duration delay, UUID id, Runnable work) {
        following.after(delay, () -> guarded(id, work));
    }

    private void guarded(UUID id, Runnable work) {
        try {
            containers.locked(id, work);
        } catch (BerthException e) {
            System.Logger.Level level =
                    e.code() == ErrorCode.NOT_FOUND ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
            LOG.log(level, "what follows the end of container " + id, e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "what follows the end of container " + id, e);
        }
    }

    @Override
    public void close() {
        following.close();
    }
}
