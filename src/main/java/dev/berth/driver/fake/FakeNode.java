package dev.berth.driver.fake;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.ObservedState;
import dev.berth.driver.VolumeDriver;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** A whole node in memory. */
public final class FakeNode implements NodeDrivers {
    private final FakeFleet fleet;
    private final FakeRuns runs;
    private final InstanceDriver machines;
    private final InstanceDriver containers;
    private final FakeImages images;
    private final FakeNetworks networks;
    private final FakeVolumes volumes;
    private final FakeLayers layers;
    private final FakeProbe probe;
    private final FakeBehaviour behaviour;

    public FakeNode(FakeBehaviour behaviour, Clock clock) {
        this.behaviour = behaviour;
        this.fleet = new FakeFleet(behaviour, clock);
        this.runs = new FakeRuns(fleet);
        this.images = new FakeImages(fleet);
        this.machines = FakeDrivers.machines(fleet);
        this.containers = FakeDrivers.containers(fleet, runs, images);
        this.networks = new FakeNetworks(fleet);
        this.volumes = new FakeVolumes(fleet);
        this.layers = new FakeLayers(fleet, images);
        this.probe = new FakeProbe(fleet, List.of(machines, containers));
    }

    /** The knobs. */
    public FakeBehaviour behaviour() {
        return behaviour;
    }

    /** A knob: the process of a running container ends by itself, by a signal as it were if that is beyond 128. */
    public void exit(UUID container, int code, boolean outOfMemory) {
        runs.end(fleet.containers.require(container), code, outOfMemory);
    }

    /** A knob: what the health check of a running container says. */
    public void health(UUID container, ObservedState.Health health) {
        runs.health(fleet.containers.require(container), health);
    }

    @Override
    public InstanceDriver instances(InstanceKind kind) {
        return switch (kind) {
            case VM -> machines;
            case CONTAINER -> containers;
        };
    }

    @Override
    public ImageDriver images() {
        return images;
    }

    @Override
    public NetworkDriver networks() {
        return networks;
    }

    @Override
    public VolumeDriver volumes() {
        return volumes;
    }

    @Override
    public LayerStore layers() {
        return layers;
    }

    @Override
    public NodeProbe probe() {
        return probe;
    }

    @Override
    public void close() {
        fleet.close();
    }
}
