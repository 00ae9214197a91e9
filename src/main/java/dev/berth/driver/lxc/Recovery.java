package dev.berth.driver.lxc;

import java.util.Optional;
import java.util.UUID;

/** Finds containers again after a restart of the agent, and removes what was left half made. */
final class Recovery {
    private final Containers containers;
    private final ContainerStore store;
    private final Launcher launcher;

    Recovery(Containers containers, ContainerStore store, Launcher launcher) {
        this.containers = containers;
        this.store = store;
        this.launcher = launcher;
    }

    /** Looks after one container; its status if it runs. */
    Optional<RunStatus> recover(UUID id) {
        ContainerFiles files = containers.files(id);
        if (new Wanted(files).holds() && RunStatus.alive(files).isEmpty()) {
            launcher.awaitStart(files);
        }
        if (containers.find(id).isEmpty()) {
            // Its removal or its making was cut off.
            if (RunStatus.read(files).isPresent()) {
                launcher.clean(files);
            }
            store.remove(id);
            return Optional.empty();
        }
        return RunStatus.alive(files);
    }
}
