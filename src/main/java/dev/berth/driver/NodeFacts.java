package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.List;

/**
 * What a node is.
 *
 * @param machineId stable identity of the host
 * @param accelerator how VMs run
 * @param notices things that an administrator should know, worst first
 * @param drivers names of the instance drivers that it runs
 */
public record NodeFacts(
        String machineId,
        String hostname,
        String kernel,
        String architecture,
        String cpuModel,
        int cpus,
        DataSize memory,
        DataSize disk,
        String cgroupVersion,
        Accelerator accelerator,
        List<DriverFacts> drivers,
        List<Notice> notices,
        String agentVersion) {
    public NodeFacts {
        drivers = List.copyOf(drivers);
        notices = List.copyOf(notices);
    }

    /**
     * How VMs run.
     *
     * @param name {@code kvm} or {@code tcg}
     * @param reason why, for people
     */
    public record Accelerator(String name, String reason) {}

    /** One driver and what it declares; {@code problem} is empty when it is well. */
    public record DriverFacts(DriverIdentity identity, Capabilities capabilities, String problem) {}

    /** A finding and what to do about it. */
    public record Notice(Level level, String message, String remedy) {
        /** How bad it is. */
        public enum Level {
            ERROR,
            WARNING,
            INFO
        }
    }
}
