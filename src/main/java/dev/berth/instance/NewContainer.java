package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.kernel.DataSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of a request that only containers have. What is left out is as usual, or as the image says. */
public final class NewContainer {
    private NewContainer() {}

    /**
     * What happens when the process ends by itself.
     *
     * @param maxRetries restarts in a row before it is given up; for {@code on-failure} only; no limit by default
     */
    public record NewRestart(
            ContainerSpec.RestartPolicy.Kind policy,
            @Nullable Integer maxRetries) {}

    /**
     * How to find out whether it works.
     *
     * @param command executed inside, exits with 0 while it works; an empty list switches the image's own check off
     * @param interval seconds between two checks; 30 by default
     * @param timeout seconds that one may take; 30 by default
     * @param retries failures in a row before it counts as unhealthy; 3 by default
     * @param startPeriod seconds after the start in which failures do not count; 0 by default
     */
    public record NewHealth(
            List<String> command,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer retries,
            @Nullable Integer startPeriod) {}

    /**
     * Limits that can be changed while it runs, beyond CPUs and memory.
     *
     * @param cpuWeight share under contention, 1 to 10000; 100 by default
     * @param cpuMillis thousandths of a CPU that it may use; all of its CPUs by default
     * @param swap bytes of swap beyond memory; none by default
     * @param pids most processes and threads; 4096 by default
     * @param ioWeight share of the disk under contention, 1 to 10000; 100 by default
     */
    public record NewLimits(
            @Nullable Integer cpuWeight,
            @Nullable Integer cpuMillis,
            @Nullable DataSize swap,
            @Nullable Integer pids,
            @Nullable Integer ioWeight,
            @Nullable List<ContainerSpec.Ulimit> ulimits) {}

    /**
     * How far it is locked in.
     *
     * @param noNewPrivileges true by default for app containers
     * @param addCapabilities beyond the usual ones; by policy only
     * @param dropCapabilities from the usual ones; {@code ALL} for every one
     * @param nesting whether containers may run inside; by policy only
     */
    public record NewSecurity(
            @Nullable Boolean readOnlyRoot,
            @Nullable Boolean noNewPrivileges,
            @Nullable List<String> addCapabilities,
            @Nullable List<String> dropCapabilities,
            @Nullable Boolean nesting) {}

    /**
     * Something mounted inside; exactly one of volume, host path and tmpfs.
     *
     * @param volume name or id of a volume of the project
     * @param hostPath file or directory of the node; by policy only
     * @param tmpfs bytes of a file system in memory
     * @param target absolute path inside
     */
    public record NewMount(
            @Nullable String volume,
            @Nullable String hostPath,
            @Nullable DataSize tmpfs,
            String target,
            @Nullable Boolean readOnly) {}
}
