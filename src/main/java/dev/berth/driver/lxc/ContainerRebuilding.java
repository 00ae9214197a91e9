package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Rebuilding;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Makes the writable layer anew, perhaps on another image; volumes stay. */
final class ContainerRebuilding implements Rebuilding {
    private final Containers containers;
    private final ContainerStore store;

    ContainerRebuilding(Containers containers, ContainerStore store) {
        this.containers = containers;
        this.store = store;
    }

    @Override
    public void rebuild(InstanceDefinition definition, ProgressSink progress) {
        containers.locked(definition.id(), () -> {
            UUID id = definition.id();
            containers.definition(id);
            ContainerFiles files = containers.files(id);
            if (RunStatus.alive(files).isPresent()) {
                throw BerthException.of(ErrorCode.WRONG_STATE, "Stop the instance before rebuilding it.")
                        .with("state", "RUNNING");
            }
            if (!SnapshotFiles.of(files).all().isEmpty()) {
                throw BerthException.of(
                        ErrorCode.IN_USE, "Rebuilding would break the snapshots of this instance; delete them first.");
            }
            replace(definition, files, progress);
        });
    }

    private void replace(InstanceDefinition definition, ContainerFiles files, ProgressSink progress) {
        Path old = files.disk().resolveSibling("disk.img.old");
        try (Revert revert = new Revert()) {
            Files.move(files.disk(), old, StandardCopyOption.ATOMIC_MOVE);
            revert.add(() -> restore(old, files.disk()));
            store.define(definition, progress);
            revert.disarm();
            Files.deleteIfExists(old);
            Files.deleteIfExists(files.growth());
        } catch (IOException e) {
            throw NodeFailures.files("Replacing the disk", e);
        }
    }

    private static void restore(Path old, Path disk) {
        try {
            Files.move(old, disk, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw NodeFailures.files("Restoring the disk", e);
        }
    }
}
