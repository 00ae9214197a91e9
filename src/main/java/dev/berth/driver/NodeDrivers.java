package dev.berth.driver;

/**
 * Everything that one node offers: the same interface in the agent, in the controller (remote) and in the fake node.
 * Calls on a node that cannot be reached throw NODE_UNAVAILABLE.
 */
public interface NodeDrivers extends AutoCloseable {
    /**
     * The driver for a kind of instance.
     *
     * @throws dev.berth.kernel.BerthException UNSUPPORTED when the node runs no instances of that kind
     */
    InstanceDriver instances(InstanceKind kind);

    ImageDriver images();

    NetworkDriver networks();

    VolumeDriver volumes();

    LayerStore layers();

    NodeProbe probe();

    @Override
    void close();
}
