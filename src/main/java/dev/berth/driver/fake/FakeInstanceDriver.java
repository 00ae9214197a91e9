package dev.berth.driver.fake;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The core of the fake driver; every capability is a class of its own. */
final class FakeInstanceDriver implements InstanceDriver {
    private final FakeInstances instances;
    private final Map<Class<? extends DriverCapability>, DriverCapability> capabilities;

    FakeInstanceDriver(FakeInstances instances) {
        this.instances = instances;
        FakePower power = new FakePower(instances);
        FakeDisks disks = new FakeDisks(instances);
        this.capabilities = Map.ofEntries(
                Map.entry(Capability.PAUSE.type(), power),
                Map.entry(Capability.RESET.type(), power),
                Map.entry(Capability.LIVE_RESIZE.type(), power),
                Map.entry(Capability.SNAPSHOT.type(), new FakeSnapshots(instances)),
                Map.entry(Capability.CLONE.type(), disks),
                Map.entry(Capability.REBUILD.type(), disks),
                Map.entry(Capability.DISK_GROW.type(), disks),
                Map.entry(Capability.MEDIA.type(), disks),
                Map.entry(Capability.CONSOLE.type(), new FakeConsoles(instances)),
                Map.entry(Capability.LOG.type(), new FakeLogs(instances)),
                Map.entry(Capability.STATISTICS.type(), new FakeStatistics(instances)));
    }

    @Override
    public DriverIdentity identify() {
        return new DriverIdentity("fake", "1");
    }

    @Override
    public Capabilities capabilities() {
        Set<Capability> supported = EnumSet.noneOf(Capability.class);
        capabilities.keySet().forEach(type -> supported.add(Capability.of(type)));
        return new Capabilities(
                Set.of(InstanceKind.VM), supported, Set.of(ConsoleKind.SERIAL, ConsoleKind.GRAPHICAL), true);
    }

    @Override
    public void define(InstanceDefinition definition, ProgressSink progress) {
        progress.report(Progress.stage("creating disks"));
        instances.behaviour.change("InstanceDriver.define");
        FakeInstance known = instances.all().putIfAbsent(definition.id(), new FakeInstance(definition));
        if (known != null) {
            known.define(definition);
        }
        instances.changed(instances.require(definition.id()));
    }

    @Override
    public void start(UUID id) {
        instances.behaviour.change("InstanceDriver.start");
        FakeInstance instance = instances.require(id);
        if (instance.state() == RunState.STOPPED || instance.state() == RunState.CRASHED) {
            instances.enter(instance, RunState.RUNNING);
        }
    }

    @Override
    public void stop(UUID id, StopMode mode, Duration timeout) {
        instances.behaviour.change("InstanceDriver.stop");
        FakeInstance instance = instances.require(id);
        if (instance.state() != RunState.STOPPED) {
            instances.enter(instance, RunState.STOPPED);
        }
    }

    @Override
    public void destroy(UUID id) {
        instances.behaviour.change("InstanceDriver.destroy");
        if (instances.all().remove(id) != null) {
            instances.tell(new DriverEvent.Gone(id));
        }
    }

    @Override
    public ObservedState observe(UUID id) {
        instances.behaviour.look("InstanceDriver.observe");
        return instances.require(id).observe(instances.clock.instant());
    }

    @Override
    public List<ObservedState> observeAll() {
        instances.behaviour.look("InstanceDriver.observeAll");
        Instant now = instances.clock.instant();
        return instances.all().values().stream()
                .map(instance -> instance.observe(now))
                .toList();
    }

    @Override
    public Subscription events(Consumer<DriverEvent> listener) {
        return instances.listen(listener);
    }

    @Override
    public void recover() {
        instances.behaviour.look("InstanceDriver.recover");
    }

    @Override
    public <C extends DriverCapability> Optional<C> capability(Class<C> type) {
        return Optional.ofNullable(capabilities.get(type)).map(type::cast);
    }

    @Override
    public void close() {
        instances.close();
    }
}
