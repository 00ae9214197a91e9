package dev.berth.driver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What only containers have. The root file system is the definition's first disk: its image is what it is made from, its
 * size the hard limit of the writable layer.
 *
 * @param mode boots its own init, or runs the one process of an OCI image
 * @param process what runs in it; null for a system container
 * @param network which network it sees; the definition's interfaces count only for {@link NetworkMode#BRIDGE}
 * @param restart what happens when its process ends by itself
 * @param health how to find out whether it works, or null
 * @param limits beyond CPUs and memory
 * @param mounts volumes and host directories
 * @param tmpfs file systems in memory
 * @param extraHosts further lines of its {@code /etc/hosts}: name to address
 * @param removeOnExit whether it is deleted when its process has ended ({@code docker run --rm})
 * @param hostname its own host name; null for the instance's name
 */
public record ContainerSpec(
        Mode mode,
        @Nullable ProcessSpec process,
        NetworkMode network,
        RestartPolicy restart,
        @Nullable HealthCheck health,
        Limits limits,
        Security security,
        List<MountSpec> mounts,
        List<Tmpfs> tmpfs,
        Map<String, String> extraHosts,
        boolean removeOnExit,
        @Nullable String hostname)
        implements InstanceSpec {
    /** How a container runs. */
    public enum Mode {
        SYSTEM,
        APP
    }

    /** Which network a container sees. */
    public enum NetworkMode {
        /** Its own interfaces on bridges of the node. */
        BRIDGE,
        /** The node's own network; by policy only. */
        HOST,
        /** Loopback only. */
        NONE
    }

    /**
     * What happens when the process ends by itself, and when the node boots after it ran. A container that was stopped on
     * purpose stays stopped; with ALWAYS, until the node boots.
     *
     * @param maxRetries restarts in a row before it is given up; zero for no limit; counts for ON_FAILURE only
     */
    public record RestartPolicy(Kind kind, int maxRetries) {
        /** Docker's restart policies. */
        public enum Kind {
            NO,
            ON_FAILURE,
            ALWAYS,
            UNLESS_STOPPED
        }

        public static final RestartPolicy NO = new RestartPolicy(Kind.NO, 0);
    }

    /**
     * A command that exits with 0 while the container works.
     *
     * @param command arguments, executed inside
     * @param retries failures in a row before it counts as unhealthy
     * @param startPeriod time after the start in which failures do not count
     */
    public record HealthCheck(
            List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {
        public HealthCheck {
            command = List.copyOf(command);
        }
    }

    /**
     * Limits that can be changed while it runs; those of each process hold from its next start.
     *
     * @param cpuWeight share under contention, 1 to 10000, 100 by default
     * @param cpuMillis thousandths of a CPU that it may use, or null for the definition's CPUs
     * @param swap bytes of swap beyond memory; zero for none
     * @param pids most processes and threads
     * @param ioWeight share of the disk under contention, 1 to 10000, 100 by default
     */
    public record Limits(
            int cpuWeight, @Nullable Integer cpuMillis, long swap, int pids, int ioWeight, List<Ulimit> ulimits) {
        public static final Limits USUAL = new Limits(100, null, 0, 4096, 100, List.of());

        public Limits {
            ulimits = List.copyOf(ulimits);
        }

        /** The same with other limits of each process. */
        public Limits withUlimits(List<Ulimit> others) {
            return new Limits(cpuWeight, cpuMillis, swap, pids, ioWeight, others);
        }
    }

    /**
     * A resource limit of each process, as {@code setrlimit} knows it.
     *
     * @param name for example {@code nofile}
     */
    public record Ulimit(String name, long soft, long hard) {
        /** The names that Linux knows. */
        public static final Set<String> NAMES = Set.of(
                "as",
                "core",
                "cpu",
                "data",
                "fsize",
                "locks",
                "memlock",
                "msgqueue",
                "nice",
                "nofile",
                "nproc",
                "rss",
                "rtprio",
                "rttime",
                "sigpending",
                "stack");
    }

    /**
     * How far it is locked in, beyond what holds for every container (own id range, filter of system calls, masked paths).
     *
     * @param addCapabilities kept beyond the usual ones, for example {@code CAP_NET_RAW}; by policy only
     * @param dropCapabilities dropped from the usual ones; {@code ALL} for every one
     * @param nesting whether containers may run inside; by policy only
     */
    public record Security(
            boolean readOnlyRoot,
            boolean noNewPrivileges,
            List<String> addCapabilities,
            List<String> dropCapabilities,
            boolean nesting) {
        public Security {
            addCapabilities = List.copyOf(addCapabilities);
            dropCapabilities = List.copyOf(dropCapabilities);
        }

        /** What an app container has unless it asks for something else. */
        public static final Security APP = new Security(false, true, List.of(), List.of(), false);
        /** What a system container has; its own init needs set-user-id programs. */
        public static final Security SYSTEM = new Security(false, false, List.of(), List.of(), false);
    }

    /**
     * A file system in memory.
     *
     * @param size most bytes, charged to the container's memory
     * @param mode permissions, for example 01777
     */
    public record Tmpfs(String target, long size, int mode) {}

    public ContainerSpec {
        mounts = List.copyOf(mounts);
        tmpfs = List.copyOf(tmpfs);
        extraHosts = Map.copyOf(extraHosts);
    }

    /** A system container as usual. */
    public static ContainerSpec system() {
        return new ContainerSpec(
                Mode.SYSTEM,
                null,
                NetworkMode.BRIDGE,
                RestartPolicy.NO,
                null,
                Limits.USUAL,
                Security.SYSTEM,
                List.of(),
                List.of(),
                Map.of(),
                false,
                null);
    }

    /** An app container that runs a process, as usual otherwise. */
    public static ContainerSpec app(ProcessSpec process) {
        return new ContainerSpec(
                Mode.APP,
                process,
                NetworkMode.BRIDGE,
                RestartPolicy.NO,
                null,
                Limits.USUAL,
                Security.APP,
                List.of(),
                List.of(),
                Map.of(),
                false,
                null);
    }

    @Override
    public InstanceKind instanceKind() {
        return InstanceKind.CONTAINER;
    }
}
