package dev.berth.driver.fake;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;

/** A whole node in memory. */
public final class FakeNode implements NodeDrivers {
    private final FakeInstanceDriver driver;
    private final FakeImages images;
    private final FakeNetworks networks;
    private final FakeVolumes volumes;
    private final FakeLayers layers;
    private final FakeProbe probe;
    private final FakeBehaviour behaviour;

    public FakeNode(FakeBehaviour behaviour, Clock clock) {
        FakeInstances instances = new FakeInstances(behaviour, clock);
        this.behaviour = behaviour;
        this.driver = new FakeInstanceDriver(instances);
        this.images = new FakeImages(instances);
        this.networks = new FakeNetworks(instances);
        this.volumes = new FakeVolumes(instances);
        this.layers = new FakeLayers(instances, images);
        this.probe = new FakeProbe(instances, driver);
    }

    /** The knobs. */
    public FakeBehaviour behaviour() {
        return behaviour;
    }

    @Override
    public InstanceDriver instances(InstanceKind kind) {
        return switch (kind) {
            case VM -> driver;
            case CONTAINER ->
                throw BerthException.of(ErrorCode.UNSUPPORTED, "The fake node runs virtual machines only.");
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
        driver.close();
    }
}
