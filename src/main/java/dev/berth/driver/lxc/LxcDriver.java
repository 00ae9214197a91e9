package dev.berth.driver.lxc;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.ObservedState;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import dev.berth.ffi.LxcContainer;
import dev.berth.kernel.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Runs containers through liblxc. The order of work is here; how each part is done is in the classes beside it. */
public final class LxcDriver implements InstanceDriver {
    private final Surroundings surroundings;
    private final Launcher launcher;
    private final Containers containers;
    private final ContainerStore store;
    private final Observer observer;
    private final InstanceEvents events;
    private final DirectoryWatch directories = new DirectoryWatch();
    private final Supervisors supervisors;
    private final Leavings leavings;
    private final PowerButton power;
    private final ContainerExec exec;
    private final HealthChecks health;
    private final Lifecycle lifecycle;
    private final Recovery recovery;
    private final LxcCapabilities capabilities;
    private final Standstill standstill;
    private final ExecutorService meanwhile = Threads.shared(Threads.daemons("lxc-meanwhile"));

    public LxcDriver(LxcSettings settings, Surroundings surroundings, Clock clock) {
        this.surroundings = surroundings;
        HealthStates states = new HealthStates();
        launcher = new Launcher(settings);
        ContainerPlan plan = new ContainerPlan(settings, surroundings, new SystemCallFilters(settings));
        containers = new Containers(settings);
        store = new ContainerStore(containers, plan, surroundings);
        observer = new Observer(containers, states, clock);
        events = new InstanceEvents(observer);
        exec = new ContainerExec(containers, launcher);
        health = new HealthChecks(containers, exec, states, events::changed, clock);
        supervisors = new Supervisors(directories, events::changed, this::supervisorEnded);
        leavings = new Leavings(supervisors);
        power = new PowerButton(containers, plan, surroundings, launcher, supervisors);
        lifecycle = new Lifecycle(containers, new AfterEnd(), clock, settings.booted());
        recovery = new Recovery(containers, store, launcher);
        capabilities = new LxcCapabilities(containers, exec, directories, events::changed, clock);
        standstill = new Standstill(containers);
        capabilities.add(StorageCapabilities.of(containers, store, launcher, power, standstill, surroundings, clock));
    }

    /** Why this node cannot run containers, or empty if it can. */
    public static Optional<String> problem(LxcSettings settings) {
        return Requirements.problem(settings);
    }

    @Override
    public DriverIdentity identify() {
        return new DriverIdentity("lxc", LxcContainer.version());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities.declared();
    }

    /** All instances of this driver, as they are defined. */
    public List<InstanceDefinition> definitions() {
        return containers.known().stream()
                .flatMap(id -> containers.find(id).stream())
                .toList();
    }

    @Override
    public void define(InstanceDefinition definition, ProgressSink progress) {
        leavings.await(definition.id());
        containers.locked(definition.id(), () -> store.define(definition, progress));
    }

    @Override
    public ObservedState start(UUID id) {
        return containers.answerLocked(id, () -> start(id, 0)
                .map(status -> observer.started(id, status)) // before one that has ended already is removed
                .orElseGet(() -> observe(id)));
    }

    @Override
    public ObservedState run(InstanceDefinition definition, ProgressSink progress) {
        define(definition, progress);
        ObservedState seen = start(definition.id());
        meanwhile.execute(store::prepare);
        return seen;
    }

    private Optional<RunStatus> start(UUID id, int restarts) {
        Optional<RunStatus> started = power.start(id, restarts);
        started.ifPresent(status -> {
            health.begin(id, status);
            events.changed(id);
        });
        return started;
    }

    /** Takes no lock: stopping by force must be possible while something else waits for the container. */
    @Override
    public void stop(UUID id, StopMode mode, Duration timeout) {
        power.stop(id, mode, timeout);
    }

    @Override
    public void destroy(UUID id) {
        containers.locked(id, () -> remove(id));
    }

    private void remove(UUID id) {
        Optional<InstanceDefinition> known = containers.find(id);
        known.ifPresent(definition -> {
            if (Containers.hasVolumes(definition)) {
                power.stop(id, StopMode.FORCE, Duration.ZERO); // a volume may be removed next, and must not be mounted
            } else {
                power.kill(id);
            }
        });
        health.end(id);
        store.forget(id);
        leavings.clear(id, () -> store.clear(id));
        if (known.isPresent()) {
            events.gone(id);
        }
    }

    @Override
    public ObservedState observe(UUID id) {
        return observer.observe(id);
    }

    @Override
    public List<ObservedState> observeAll() {
        return observer.observeAll();
    }

    @Override
    public Subscription events(Consumer<DriverEvent> listener) {
        return events.subscribe(listener);
    }

    @Override
    public void recover() {
        surroundings.ports().recover(definitions());
        for (UUID id : containers.directories()) {
            containers.locked(id, () -> recovery.recover(id).ifPresentOrElse(status -> attach(id, status), () -> {
                lifecycle.afterEnd(id);
            }));
        }
    }

    private void attach(UUID id, RunStatus status) {
        standstill.recover(id);
        supervisors.watch(containers.files(id), status);
        health.begin(id, status);
    }

    /** The containers that have a volume in their definition. */
    public List<UUID> usersOf(UUID volume) {
        return containers.usersOf(volume);
    }

    /** The containers that run and were started with a volume. */
    public List<UUID> holdersOf(UUID volume) {
        return containers.holdersOf(volume);
    }

    private void supervisorEnded(UUID id) {
        lifecycle.ended(id);
    }

    @Override
    public <C extends DriverCapability> Optional<C> capability(Class<C> type) {
        return capabilities.find(type);
    }

    @Override
    public void close() {
        lifecycle.close();
        meanwhile.shutdownNow();
        leavings.close();
        health.close();
        exec.close();
        launcher.close();
        supervisors.close();
        directories.close();
        events.close();
    }

    /** What the driver does when a container has ended. */
    private final class AfterEnd implements Lifecycle.Actions {
        @Override
        public boolean isWatched(UUID id) {
            return supervisors.isWatched(id);
        }

        @Override
        public void start(UUID id, int restarts) {
            LxcDriver.this.start(id, restarts);
        }

        @Override
        public void remove(UUID id) {
            LxcDriver.this.remove(id);
        }

        @Override
        public void clean(UUID id) {
            launcher.clean(containers.files(id));
        }

        @Override
        public void ended(UUID id) {
            health.end(id);
            surroundings.volumes().released(id);
            events.changed(id);
        }
    }
}
