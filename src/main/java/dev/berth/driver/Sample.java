package dev.berth.driver;

import java.time.Instant;
import java.util.UUID;

/**
 * Counters of one running instance at one time; rates come from two of them.
 *
 * @param cpuNanos CPU time used since it started, all CPUs together
 * @param memoryBytes resident memory of the instance on the node
 */
public record Sample(
        UUID id,
        Instant at,
        long cpuNanos,
        long memoryBytes,
        long diskReadBytes,
        long diskWriteBytes,
        long networkReceiveBytes,
        long networkTransmitBytes) {}
