package dev.berth.driver.fake;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The core of both fake drivers; every capability is a class of its own. */
final class FakeInstanceDriver implements InstanceDriver {
    private final FakeInstances instances;
    private final Capabilities declared;
    private final Map<Capability, DriverCapability> capabilities;
    private final Running running;

    FakeInstanceDriver(
            FakeInstances instances,
            Capabilities declared,
            Map<Capability, DriverCapability> capabilities,
            Running running) {
        this.instances = instances;
        this.declared = declared;
        this.capabilities = capabilities;
        this.running = running;
    }

    /** How instances of a kind are brought up and down. */
    interface Running {
        void start(FakeInstance instance);

        void stop(FakeInstance instance);
    }

    @Override
    public DriverIdentity identify() {
        return new DriverIdentity("fake", "1");
    }

    @Override
    public Capabilities capabilities() {
        return declared;
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
    public ObservedState start(UUID id) {
        instances.behaviour.change("InstanceDriver.start");
        FakeInstance instance = instances.require(id);
        if (instance.state() == RunState.STOPPED || instance.state() == RunState.CRASHED) {
            running.start(instance);
        }
        return observe(id);
    }

    @Override
    public ObservedState run(InstanceDefinition definition, ProgressSink progress) {
        define(definition, progress);
        return start(definition.id());
    }

    @Override
    public void stop(UUID id, StopMode mode, Duration timeout) {
        instances.behaviour.change("InstanceDriver.stop");
        FakeInstance instance = instances.require(id);
        if (instance.state() != RunState.STOPPED) {
            running.stop(instance);
        }
    }

    @Override
    public void destroy(UUID id) {
        instances.behaviour.change("InstanceDriver.destroy");
        FakeInstance gone = instances.all().remove(id);
        if (gone != null) {
            gone.container.records.end();
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
        return Optional.ofNullable(capabilities.get(Capability.of(type))).map(type::cast);
    }

    @Override
    public void close() {
        instances.close();
    }
}
