package dev.berth.driver.fake;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.SnapshotState;
import dev.berth.driver.Snapshotting;
import dev.berth.kernel.BerthException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Snapshots of fake instances. */
final class FakeSnapshots implements Snapshotting {
    private final FakeInstances instances;
    private final FakeInstanceDriver.Running running;
    private final boolean memories;

    FakeSnapshots(FakeInstances instances, FakeInstanceDriver.Running running, boolean memories) {
        this.instances = instances;
        this.running = running;
        this.memories = memories;
    }

    @Override
    public SnapshotState snapshot(UUID id, UUID snapshot, boolean withMemory, ProgressSink progress) {
        progress.report(Progress.stage("saving"));
        instances.behaviour.change("Snapshotting.snapshot");
        FakeInstance instance = instances.require(id);
        boolean memory = withMemory && memories && instance.state() == RunState.RUNNING;
        synchronized (instance) {
            return instance.snapshots
                    .computeIfAbsent(
                            snapshot,
                            s -> new FakeInstance.Snapshot(
                                    new SnapshotState(s, memory, instances.clock.instant()),
                                    instance.definition(),
                                    Map.copyOf(instance.disks),
                                    instance.container.files.copy()))
                    .state();
        }
    }

    @Override
    public void revert(UUID id, UUID snapshot, ProgressSink progress) {
        progress.report(Progress.stage("reverting"));
        instances.behaviour.change("Snapshotting.revert");
        FakeInstance instance = instances.require(id);
        FakeInstance.Snapshot kept;
        synchronized (instance) {
            kept = instance.snapshots.get(snapshot);
            if (kept == null) {
                throw BerthException.notFound("snapshot", snapshot);
            }
            instance.disks.putAll(kept.disks());
            instance.container.files = kept.files().copy();
        }
        if (kept.state().withMemory()) {
            instances.enter(instance, RunState.RUNNING);
        } else {
            running.stop(instance);
        }
    }

    @Override
    public void deleteSnapshot(UUID id, UUID snapshot, ProgressSink progress) {
        instances.behaviour.change("Snapshotting.deleteSnapshot");
        FakeInstance instance = instances.require(id);
        synchronized (instance) {
            instance.snapshots.remove(snapshot);
        }
    }

    @Override
    public List<SnapshotState> snapshots(UUID id) {
        instances.behaviour.look("Snapshotting.snapshots");
        FakeInstance instance = instances.require(id);
        synchronized (instance) {
            return instance.snapshots.values().stream()
                    .map(FakeInstance.Snapshot::state)
                    .toList();
        }
    }
}
