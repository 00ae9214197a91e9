package dev.berth.instance;

import java.time.Instant;
import java.util.UUID;

/** A point-in-time state of an instance's disks, and of its memory if it ran and that was asked for. */
public record Snapshot(UUID id, UUID instance, String name, boolean withMemory, State state, Instant createdAt) {
    /** Where a snapshot is in its life. */
    public enum State {
        CREATING,
        READY,
        DELETING
    }
}
