package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Sample;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance as API and UI show it: what was asked for, what is seen, and how busy it is.
 *
 * @param state what it does now; see {@link State}
 * @param reason why it is in that state, where that is known
 * @param exit how its process ended last; containers only
 * @param health what its health check says, or null without one
 * @param restarts how often its process was restarted in a row
 * @param stale whether the state is only the last that was seen, because node or hypervisor do not answer
 * @param publish ports of the node that lead to it
 * @param addresses what the guest holds
 * @param restartNeeded whether the running guest gets what was changed only when it is started anew
 * @param usage live rates, null unless it runs
 * @param operation the operation that is changing it now, or null
 */
public record InstanceView(
        UUID id,
        String name,
        UUID project,
        String projectName,
        InstanceKind kind,
        UUID node,
        String nodeName,
        @Nullable UUID image,
        @Nullable String imageName,
        State state,
        @Nullable String reason,
        @Nullable Exit exit,
        ObservedState.@Nullable Health health,
        int restarts,
        boolean stale,
        State desiredState,
        CpuCount cpus,
        CpuCount maxCpus,
        DataSize memory,
        DataSize maxMemory,
        List<DiskSpec> disks,
        List<NicSpec> nics,
        List<PublishedPort> publish,
        List<String> addresses,
        InstanceSpec spec,
        boolean deletionProtection,
        boolean restartNeeded,
        @Nullable Usage usage,
        @Nullable UUID operation,
        @Nullable Instant startedAt,
        @Nullable Instant observedAt,
        Instant createdAt,
        long version)
        implements Versioned {
    /** What an instance does now. */
    public enum State {
        CREATING,
        STOPPED,
        RUNNING,
        PAUSED,
        CRASHED,
        /** The node answers, but its hypervisor does not know the instance. */
        MISSING,
        DELETING,
        /** It was never seen yet. */
        UNKNOWN
    }

    /**
     * How a container's process ended.
     *
     * @param code 0 to 255; 128 and the signal's number if a signal ended it
     * @param oom whether the kernel killed something in it for want of memory
     * @param pids whether it failed and had come up against its limit of processes
     */
    public record Exit(
            int code, boolean oom, boolean pids, @Nullable String reason, Instant at) {
        static @Nullable Exit of(ObservedState.@Nullable Exit seen) {
            return seen == null
                    ? null
                    : new Exit(seen.code(), seen.outOfMemory(), seen.outOfProcesses(), seen.reason(), seen.at());
        }
    }

    /**
     * Live rates.
     *
     * @param cpu share of its own CPUs, 0 to 1
     * @param memory resident bytes on the node
     * @param swap bytes of its memory that lie in swap; containers only, and only where the node counts them
     * @param layer what a container has written over its image, and how much it may
     */
    public record Usage(
            double cpu,
            long memory,
            @Nullable Long swap,
            Sample.@Nullable Space layer,
            long diskReadPerSecond,
            long diskWritePerSecond,
            long networkReceivePerSecond,
            long networkTransmitPerSecond,
            Instant at) {}
}
