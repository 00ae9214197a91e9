package dev.berth.driver.lxc;

import dev.berth.driver.DiskGrowing;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;

/** Grows the writable layer, which is the only disk of a container. */
final class ContainerDiskGrowing implements DiskGrowing {
    private final Containers containers;

    ContainerDiskGrowing(Containers containers) {
        this.containers = containers;
    }

    @Override
    public void growDisk(UUID id, UUID disk, DataSize size) {
        containers.locked(id, () -> grow(id, disk, size));
    }

    private void grow(UUID id, UUID disk, DataSize size) {
        InstanceDefinition definition = containers.definition(id);
        DiskSpec root = ContainerPlan.root(definition);
        if (!root.id().equals(disk)) {
            throw BerthException.notFound("disk", disk);
        }
        ContainerFiles files = containers.files(id);
        try {
            long present = Files.size(files.disk());
            if (size.bytes() < present) {
                throw BerthException.invalid("/size", "A disk cannot become smaller; copy its files to another one.");
            }
            if (size.bytes() > present) {
                DiskGrowth.begin(files, size);
                DiskGrowth.finish(files, RunStatus.alive(files));
            }
            containers.keep(resized(definition, root, size));
        } catch (IOException e) {
            throw NodeFailures.files("Growing the disk", e);
        }
    }

    private static InstanceDefinition resized(InstanceDefinition definition, DiskSpec disk, DataSize size) {
        DiskSpec larger =
                new DiskSpec(disk.id(), disk.name(), disk.device(), size, disk.image(), disk.cloneMode(), disk.bus());
        return definition.withDisks(List.of(larger));
    }
}
