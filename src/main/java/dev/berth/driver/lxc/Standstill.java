package dev.berth.driver.lxc;

import dev.berth.driver.ProgressSink;
import dev.berth.ffi.LinuxException;
import dev.berth.ffi.Mounts;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A moment in which nothing of a container writes, and what it wrote is on its disk. A container that ran goes on afterwards,
 * even if the agent was killed meanwhile.
 */
final class Standstill {
    /** Where a supervisor has the writable layer mounted, in its own namespace. */
    private static final String WRITABLE = "root/run/berth-stage/w";

    private final Containers containers;

    Standstill(Containers containers) {
        this.containers = containers;
    }

    /** Does work in such a moment; fails if the container ended or started meanwhile. Its lock is held. */
    void during(UUID id, Runnable work) {
        ContainerFiles files = containers.files(id);
        RunStatus.alive(files).ifPresentOrElse(status -> whileFrozen(id, status, work), work);
    }

    /** Copies the disk in such a moment, as {@link #during}. */
    void copyDisk(UUID id, Path to, ProgressSink progress) {
        ContainerFiles files = containers.files(id);
        Runnable copy = () -> DiskCopies.copy(files.disk(), to, progress);
        RunStatus.alive(files)
                .ifPresentOrElse(status -> whileFrozen(id, status, copy), () -> UnusedDisk.during(files.disk(), copy));
    }

    private void whileFrozen(UUID id, RunStatus status, Runnable work) {
        ContainerFiles files = containers.files(id);
        boolean paused = Cgroup.of(id, status.init()).filter(Cgroup::isFrozen).isPresent();
        try {
            if (!paused) {
                Trees.write(files.standstill(), new byte[0]);
                Freezer.freeze(id, status);
            }
            sync(status);
            work.run();
            if (!status.isAlive()) {
                throw BerthException.of(ErrorCode.WRONG_STATE, "The container was stopped meanwhile; do it again.");
            }
        } finally {
            if (!paused) {
                end(id, files);
            }
        }
    }

    private static void sync(RunStatus status) {
        try {
            Mounts.sync(Path.of("/proc", Long.toString(status.supervisor()), WRITABLE));
        } catch (LinuxException e) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "The container's disk cannot be written back.", e);
        }
    }

    private static void end(UUID id, ContainerFiles files) {
        RunStatus.alive(files).ifPresent(status -> Freezer.thawIfFrozen(id, status));
        Trees.delete(files.standstill());
    }

    /** Lets a container go on that a killed agent has left in such a moment. */
    void recover(UUID id) {
        if (Files.exists(containers.files(id).standstill())) {
            end(id, containers.files(id));
        }
    }
}
