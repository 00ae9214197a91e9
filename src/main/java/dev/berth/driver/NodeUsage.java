package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.time.Instant;

/**
 * How busy a node is.
 *
 * @param cpuFraction share of all CPUs in use since the last call, 0 to 1
 */
public record NodeUsage(
        Instant at,
        double cpuFraction,
        double load1,
        DataSize memoryUsed,
        DataSize memoryTotal,
        DataSize diskUsed,
        DataSize diskTotal) {}
