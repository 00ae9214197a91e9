package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The growth of a writable layer: its image file, its loop device, the file system in it. Begun once, it is finished at the
 * next start if not before.
 */
final class DiskGrowth {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final int REPAIRED = 1;

    private DiskGrowth() {}

    static void begin(ContainerFiles files, DataSize size) throws IOException {
        Trees.write(files.growth(), new byte[0]);
        RootDisk.resize(files.disk(), size);
    }

    /** Lets the file system of a container that does not run fill a disk of this size. */
    static void fill(ContainerFiles files, DataSize size) {
        try {
            begin(files, size);
        } catch (IOException e) {
            throw NodeFailures.files("Growing the disk", e);
        }
        finish(files, Optional.empty());
    }

    /** Grows the file system to the size of its image, if it has not been done. */
    static void finish(ContainerFiles files, Optional<RunStatus> alive) {
        if (!Files.exists(files.growth())) {
            return;
        }
        if (alive.isPresent()) {
            try {
                online(files, alive.get());
            } catch (BerthException e) {
                // The kernel wants CAP_SYS_RESOURCE for it, which not every agent has.
                System.getLogger(DiskGrowth.class.getName())
                        .log(System.Logger.Level.INFO, "a disk grows at the next start: " + e.message());
                return;
            }
        } else {
            offline(files.disk());
        }
        Trees.delete(files.growth());
    }

    /** The file system is mounted where only the supervisor sees it. */
    private static void online(ContainerFiles files, RunStatus status) {
        Path device = loopDevice(files).orElseThrow(() -> Failures.notFound(files.id()));
        Program.run(LONGEST, List.of("losetup", "--set-capacity", device.toString()));
        Program.run(
                LONGEST,
                List.of("nsenter", "-m", "-t", Long.toString(status.supervisor()), "resize2fs", device.toString()));
    }

    /** The file system is to be mounted nowhere. */
    static void offline(Path image) {
        UnusedDisk.during(image, () -> offline(image.toString()));
    }

    private static void offline(String image) {
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
}
