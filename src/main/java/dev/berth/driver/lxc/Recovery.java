package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import java.util.Optional;
import java.util.UUID;

/** Finds containers again after a restart of the agent, and removes what was left half made. */
final class Recovery {
    private final Containers containers;
    private final ContainerStore store;
    private final Launcher launcher;
    private final Surroundings surroundings;

    Recovery(Containers containers, ContainerStore store, Launcher launcher, Surroundings surroundings) {
        this.containers = containers;
        this.store = store;
        this.launcher = launcher;
        this.surroundings = surroundings;
    }

    /** Looks after one container; its status if it runs. */
    Optional<RunStatus> recover(UUID id) {
        ContainerFiles files = containers.files(id);
        launcher.awaitStart(files);
        Optional<InstanceDefinition> definition = containers.find(id);
        Optional<RunStatus> alive = RunStatus.alive(files);
        if (definition.isEmpty()) {
            // Its removal or its making was cut off.
            if (RunStatus.read(files).isPresent()) {
                launcher.clean(files);
            }
            store.remove(id);
            return Optional.empty();
        }
        alive.ifPresent(
                status -> surroundings.ports().guard(definition.get(), NetworkPlan.hostPorts(definition.get())));
        return alive;
    }
}
