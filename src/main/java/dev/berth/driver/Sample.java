package dev.berth.driver;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Counters of one running instance at one time; rates come from two of them.
 *
 * @param cpuNanos CPU time used since it started, all CPUs together
 * @param memoryBytes resident memory of the instance on the node
 * @param swapBytes what of it lies in swap; null for a virtual machine, and where the node does not count it
 * @param layer what a container has written over its image; null for a virtual machine
 */
public record Sample(
        UUID id,
        Instant at,
        long cpuNanos,
        long memoryBytes,
        @Nullable Long swapBytes,
        @Nullable Space layer,
        long diskReadBytes,
        long diskWriteBytes,
        long networkReceiveBytes,
        long networkTransmitBytes) {
    /**
     * The room of a file system, as {@code df} says it.
     *
     * @param capacity bytes for files; somewhat less than its device has
     */
    public record Space(long used, long capacity) {}
}
