package dev.berth.driver.lxc;

import dev.berth.driver.Pausing;
import java.util.UUID;
import java.util.function.Consumer;

/** Freezes all processes of a container. */
final class ContainerPausing implements Pausing {
    private final Containers containers;
    private final Consumer<UUID> changed;

    /**
     * The capability.
     *
     * @param changed told when a container's state has changed
     */
    ContainerPausing(Containers containers, Consumer<UUID> changed) {
        this.containers = containers;
        this.changed = changed;
    }

    @Override
    public void pause(UUID id) {
        containers.locked(
                id, () -> Freezer.freeze(id, containers.running(id, "Only a running instance can be paused.")));
        changed.accept(id);
    }

    @Override
    public void resume(UUID id) {
        containers.locked(
                id, () -> Freezer.thawIfFrozen(id, containers.running(id, "Only a paused instance can be resumed.")));
        changed.accept(id);
    }
}
