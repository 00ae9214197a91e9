package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.SnapshotState;
import dev.berth.driver.Snapshotting;
import dev.berth.driver.StopMode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Revert;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Snapshots of writable layers. Volumes are not part of them: others may use them, too. */
final class ContainerSnapshots implements Snapshotting {
    private final Containers containers;
    private final PowerButton power;
    private final Standstill standstill;
    private final Clock clock;

    ContainerSnapshots(Containers containers, PowerButton power, Standstill standstill, Clock clock) {
        this.containers = containers;
        this.power = power;
        this.standstill = standstill;
        this.clock = clock;
    }

    @Override
    public SnapshotState snapshot(UUID id, UUID snapshot, boolean withMemory, ProgressSink progress) {
        return containers.answerLocked(id, () -> {
            containers.definition(id);
            ContainerFiles files = containers.files(id);
            SnapshotFiles snapshots = SnapshotFiles.of(files);
            Optional<SnapshotState> taken = snapshots.find(snapshot);
            if (taken.isPresent()) {
                return taken.get();
            }
            if (withMemory && RunStatus.alive(files).isPresent()) {
                throw BerthException.of(
                        ErrorCode.UNSUPPORTED, "Snapshots of containers hold no memory; take one of the disk only.");
            }
            return take(id, snapshot, progress);
        });
    }

    private SnapshotState take(UUID id, UUID snapshot, ProgressSink progress) {
        ContainerFiles files = containers.files(id);
        SnapshotFiles snapshots = SnapshotFiles.of(files);
        SnapshotState state = new SnapshotState(snapshot, false, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Trees.create(files.snapshots());
        try (Revert revert = new Revert()) {
            revert.add(() -> snapshots.delete(snapshot));
            standstill.copyDisk(id, snapshots.disk(snapshot), progress);
            snapshots.keep(state);
            revert.disarm();
        }
        return state;
    }

    @Override
    public void revert(UUID id, UUID snapshot, ProgressSink progress) {
        containers.locked(id, () -> {
            InstanceDefinition definition = containers.definition(id);
            ContainerFiles files = containers.files(id);
            SnapshotFiles snapshots = SnapshotFiles.of(files);
            if (snapshots.find(snapshot).isEmpty()) {
                throw BerthException.notFound("snapshot", snapshot);
            }
            power.stop(id, StopMode.FORCE, Duration.ZERO);
            DiskCopies.copy(snapshots.disk(snapshot), files.disk(), progress);
            // The disk may have grown since.
            DiskGrowth.fill(files, ContainerPlan.root(definition).size());
        });
    }

    @Override
    public void deleteSnapshot(UUID id, UUID snapshot, ProgressSink progress) {
        containers.locked(id, () -> SnapshotFiles.of(containers.files(id)).delete(snapshot));
    }

    @Override
    public List<SnapshotState> snapshots(UUID id) {
        containers.definition(id);
        return SnapshotFiles.of(containers.files(id)).all();
    }
}
