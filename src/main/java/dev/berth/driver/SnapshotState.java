package dev.berth.driver;

import java.time.Instant;
import java.util.UUID;

/** A snapshot as the driver knows it. */
public record SnapshotState(UUID id, boolean withMemory, Instant takenAt) {}
