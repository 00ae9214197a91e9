package dev.berth.wire;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.VolumeDriver;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node at the other end of a channel. It needs no connection to be made: calls fail with NODE_UNAVAILABLE while the
 * agent is away, and go through again once it is back.
 */
public final class RemoteNode implements NodeDrivers {
    private final ManagedChannel channel;
    private final Map<InstanceKind, InstanceDriver> instances = new EnumMap<>(InstanceKind.class);
    private final ImageDriver images;
    private final NetworkDriver networks;
    private final VolumeDriver volumes;
    private final LayerStore layers;
    private final NodeProbe probe;

    public RemoteNode(ManagedChannel raw) {
        this.channel = raw;
        Channel channel = ClientInterceptors.intercept(raw, new PromptReconnect(raw));
        for (InstanceKind kind : InstanceKind.values()) {
            instances.put(kind, RemoteCalls.instanceDriver(channel, kind));
        }
        this.images = RemoteCalls.proxy(channel, ImageDriver.class);
        this.networks = RemoteCalls.proxy(channel, NetworkDriver.class);
        this.volumes = RemoteCalls.proxy(channel, VolumeDriver.class);
        this.layers = RemoteCalls.proxy(channel, LayerStore.class);
        this.probe = RemoteCalls.proxy(channel, NodeProbe.class);
    }

    @Override
    public InstanceDriver instances(InstanceKind kind) {
        return java.util.Objects.requireNonNull(instances.get(kind));
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
        channel.shutdownNow();
        try {
            channel.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
