package dev.berth.driver;

import java.util.List;
import java.util.UUID;

/** Point-in-time states of an instance on the same pool. Names are UUIDs that the caller chooses. */
public interface Snapshotting extends DriverCapability {
    /**
     * Takes a snapshot of all disks, and of memory if asked and running. Success if it exists already.
     *
     * @param withMemory whether the memory of a running instance is kept too; ignored when it is stopped
     */
    @Deadline(seconds = 1800)
    SnapshotState snapshot(UUID id, UUID snapshot, boolean withMemory, ProgressSink progress);

    /** Puts the instance back; afterwards it runs if the snapshot holds memory, and is stopped otherwise. */
    @Deadline(seconds = 1800)
    void revert(UUID id, UUID snapshot, ProgressSink progress);

    /** Removes a snapshot; the instance keeps its present state. Success if it is gone already. */
    @Deadline(seconds = 1800)
    void deleteSnapshot(UUID id, UUID snapshot, ProgressSink progress);

    List<SnapshotState> snapshots(UUID id);
}
