package dev.berth.driver.lxc;

import dev.berth.driver.DiskGrowing;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Grows the writable layer: the image file, its loop device, the file system in it. */
final class ContainerDiskGrowing implements DiskGrowing {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final int REPAIRED = 1;

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
                RootDisk.resize(files.disk(), size);
                Optional<RunStatus> alive = RunStatus.alive(files);
                if (alive.isPresent()) {
                    online(files, alive.get());
                } else {
                    offline(files);
                }
            }
            containers.keep(resized(definition, root, size));
        } catch (IOException e) {
            throw Failures.files("Growing the disk", e);
        }
    }

    /** The file system is mounted where only the supervisor sees it. */
    private static void online(ContainerFiles files, RunStatus status) {
        Path device = loopDevice(files)
                .orElseThrow(
                        () -> BerthException.invalid("/size", "The container has just ended; grow its disk again."));
        Program.run(LONGEST, List.of("losetup", "--set-capacity", device.toString()));
        Program.run(
                LONGEST,
                List.of("nsenter", "-m", "-t", Long.toString(status.supervisor()), "resize2fs", device.toString()));
    }

    private static void offline(ContainerFiles files) {
        String image = files.disk().toString();
        Program.Result checked = Program.result(LONGEST, List.of("e2fsck", "-f", "-p", image));
        if (checked.status() > REPAIRED) {
            throw Program.failed("The check of the disk", checked.output());
        }
        Program.run(LONGEST, List.of("resize2fs", image));
    }

    private static Optional<Path> loopDevice(ContainerFiles files) {
        String image = files.disk().toString();
        return Trees.list(Path.of("/sys/block")).stream()
                .filter(block -> block.getFileName().toString().startsWith("loop"))
                .filter(block ->
                        Trees.text(block.resolve("loop/backing_file")).strip().equals(image))
                .map(block -> Path.of("/dev").resolve(block.getFileName().toString()))
                .findFirst();
    }

    private static InstanceDefinition resized(InstanceDefinition definition, DiskSpec disk, DataSize size) {
        DiskSpec larger =
                new DiskSpec(disk.id(), disk.name(), disk.device(), size, disk.image(), disk.cloneMode(), disk.bus());
        return new InstanceDefinition(
                definition.id(),
                definition.name(),
                definition.project(),
                definition.cpus(),
                definition.maxCpus(),
                definition.memory(),
                definition.maxMemory(),
                List.of(larger),
                definition.nics(),
                definition.publications(),
                definition.spec());
    }
}
