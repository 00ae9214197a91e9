package dev.berth.driver;

/**
 * What only containers have.
 *
 * @param mode boots its own init, or runs the one process of an OCI image
 */
public record ContainerSpec(Mode mode) implements InstanceSpec {
    /** How a container runs. */
    public enum Mode {
        SYSTEM,
        APP
    }

    @Override
    public InstanceKind instanceKind() {
        return InstanceKind.CONTAINER;
    }
}
