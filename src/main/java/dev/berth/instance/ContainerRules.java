package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.MountSpec;
import dev.berth.driver.ProcessSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Ipv4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an effective container may be; a part of {@link DefinitionRules}. */
final class ContainerRules {
    private static final int MOST_ARGS = 256;
    private static final int LONGEST_ARG = 32 * 1024;
    private static final int LONGEST_TEXT = 256;
    private static final int LONGEST_PATH = 4095;
    private static final int MOST_MOUNTS = 64;
    private static final int MOST_HOSTS = 256;
    /** The kernel's own limit. */
    private static final int LONGEST_HOSTNAME = 64;

    private static final int MOST_WEIGHT = 10_000;
    private static final int MOST_PIDS = 4_194_304;
    private static final int MOST_RETRIES = 1000;
    private static final long LEAST_DISK = 16L << 20;
    private static final Duration LONGEST_CHECK = Duration.ofDays(1);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,254}");
    private static final Pattern USER =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    static final Pattern HOSTNAME = Pattern.compile(
            "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");
    private static final Set<String> SIGNALS = Set.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGABRT",
            "SIGKILL",
            "SIGUSR1",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGCONT",
            "SIGSTOP",
            "SIGWINCH",
            "SIGPWR",
            "SIGRTMIN+3",
            "SIGRTMIN+4");
    static final Set<String> CAPABILITIES = Set.of(
            "CAP_AUDIT_CONTROL",
            "CAP_AUDIT_READ",
            "CAP_AUDIT_WRITE",
            "CAP_BLOCK_SUSPEND",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_KILL",
            "CAP_LEASE",
            "CAP_LINUX_IMMUTABLE",
            "CAP_MAC_ADMIN",
            "CAP_MAC_OVERRIDE",
            "CAP_MKNOD",
            "CAP_NET_ADMIN",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_RAW",
            "CAP_PERFMON",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYSLOG",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_CHROOT",
            "CAP_SYS_MODULE",
            "CAP_SYS_NICE",
            "CAP_SYS_PACCT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_WAKE_ALARM");

    private ContainerRules() {}

    static void check(Instance instance, ContainerSpec spec) {
        disk(instance);
        ProcessSpec process = spec.process();
        if (process != null) {
            process(process);
        }
        if (spec.network() != ContainerSpec.NetworkMode.BRIDGE
                && !instance.nics().isEmpty()) {
            throw BerthException.invalid("/nics", "Interfaces go with the network mode bridge only.");
        }
        restart(spec);
        ContainerSpec.HealthCheck health = spec.health();
        if (health != null) {
            health(health);
        }
        limits(spec.limits());
        security(spec.security());
        mounts(spec);
        hosts(spec.extraHosts());
        hostname(spec.hostname());
    }

    private static void hostname(@Nullable String name) {
        if (name != null
                && (name.length() > LONGEST_HOSTNAME || !HOSTNAME.matcher(name).matches())) {
            throw BerthException.invalid(
                    "/hostname",
                    "A host name has at most " + LONGEST_HOSTNAME
                            + " letters, digits and hyphens, with dots between labels.");
        }
    }

    private static void disk(Instance instance) {
        List<DiskSpec> disks = instance.disks();
        if (disks.size() != 1 || !disks.getFirst().name().equals(Blueprint.ROOT)) {
            throw BerthException.invalid("/disks", "A container has one disk, the layer that it writes to.");
        }
        if (disks.getFirst().size().bytes() < LEAST_DISK) {
            throw BerthException.invalid("/diskSize", "A container's disk has at least 16 MiB.");
        }
    }

    private static void process(ProcessSpec process) {
        arguments("/command", process.args());
        if (process.env().size() > MOST_ARGS) {
            throw BerthException.invalid("/env", "At most " + MOST_ARGS + " environment variables.");
        }
        for (String line : process.env()) {
            variable(line);
        }
        user("/user", process.user());
        String directory = process.workingDirectory();
        if (directory != null) {
            path("/workingDirectory", directory);
        }
        signal(process.stopSignal());
    }

    /** Arguments of a command: there are some, and none is too long or holds a NUL. */
    static void arguments(String pointer, List<String> args) {
        if (args.isEmpty() || args.getFirst().isEmpty()) {
            throw BerthException.invalid(pointer, "A command begins with a program.");
        }
        if (args.size() > MOST_ARGS) {
            throw BerthException.invalid(pointer, "A command has at most " + MOST_ARGS + " arguments.");
        }
        for (String argument : args) {
            if (argument.length() > LONGEST_ARG || argument.indexOf('\0') >= 0) {
                throw BerthException.invalid(
                        pointer, "An argument has at most " + LONGEST_ARG + " characters and no NUL.");
            }
        }
        line(pointer, args.getFirst(), LONGEST_PATH);
    }

    /** A line {@code NAME=value}. */
    static void variable(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (equals < 0 || !VARIABLE.matcher(name).matches()) {
            throw BerthException.invalid(
                    "/env",
                    "The name of an environment variable has letters, digits, '_', '.' and '-', and no digit first.");
        }
        if (text.length() > LONGEST_ARG || text.indexOf('\0') >= 0) {
            throw BerthException.invalid(
                    "/env", "An environment variable has at most " + LONGEST_ARG + " characters and no NUL.");
        }
    }

    static void user(String pointer, @Nullable String user) {
        if (user != null && !USER.matcher(user).matches()) {
            throw BerthException.invalid(pointer, "A user is written user or user:group, by name or by number.");
        }
    }

    /** An absolute path inside, in one line. */
    static void path(String pointer, String path) {
        line(pointer, path, LONGEST_PATH);
        if (!path.startsWith("/")) {
            throw BerthException.invalid(pointer, "A path inside is absolute; it begins with '/'.");
        }
        if (List.of(path.split("/")).contains("..")) {
            throw BerthException.invalid(pointer, "A path does not hold '..'.");
        }
    }

    private static void line(String pointer, String text, int longest) {
        if (text.length() > longest || text.chars().anyMatch(c -> c == '\n' || c == '\r' || c == '\0')) {
            throw BerthException.invalid(pointer, "At most " + longest + " characters, in one line and without NUL.");
        }
    }

    private static void signal(@Nullable String signal) {
        if (signal != null && !SIGNALS.contains(signal) && !signal.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
            throw BerthException.invalid("/stopSignal", "A signal is a name such as SIGTERM or a number from 1 to 64.");
        }
    }

    private static void restart(ContainerSpec spec) {
        ContainerSpec.RestartPolicy policy = spec.restart();
        between("/restart/maxRetries", policy.maxRetries(), 0, MOST_RETRIES);
        if (policy.maxRetries() > 0 && policy.kind() != ContainerSpec.RestartPolicy.Kind.ON_FAILURE) {
            throw BerthException.invalid("/restart/maxRetries", "maxRetries goes with the policy on-failure only.");
        }
        if (spec.removeOnExit() && policy.kind() != ContainerSpec.RestartPolicy.Kind.NO) {
            throw BerthException.invalid(
                    "/removeOnExit", "What is deleted when it ends cannot be restarted; choose one of the two.");
        }
    }

    private static void health(ContainerSpec.HealthCheck health) {
        arguments("/health/command", health.command());
        between("/health/retries", health.retries(), 1, MOST_RETRIES);
        time("/health/interval", health.interval(), Duration.ofSeconds(1));
        time("/health/timeout", health.timeout(), Duration.ofSeconds(1));
        time("/health/startPeriod", health.startPeriod(), Duration.ZERO);
    }

    private static void time(String pointer, Duration time, Duration least) {
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST_CHECK) > 0) {
            throw BerthException.invalid(pointer, "From " + least.toSeconds() + " to 86400 seconds.");
        }
    }

    private static void limits(ContainerSpec.Limits limits) {
        between("/limits/cpuWeight", limits.cpuWeight(), 1, MOST_WEIGHT);
        between("/limits/ioWeight", limits.ioWeight(), 1, MOST_WEIGHT);
        between("/limits/pids", limits.pids(), 1, MOST_PIDS);
        Integer millis = limits.cpuMillis();
        if (millis != null) {
            between("/limits/cpuMillis", millis, 10, 1_000_000);
        }
        Set<String> seen = new HashSet<>();
        for (ContainerSpec.Ulimit limit : limits.ulimits()) {
            if (!ContainerSpec.Ulimit.NAMES.contains(limit.name()) || !seen.add(limit.name())) {
                throw BerthException.invalid(
                        "/limits/ulimits",
                        "A limit is named once, and one of "
                                + ContainerSpec.Ulimit.NAMES.stream().sorted().toList() + ".");
            }
            if (limit.soft() < -1 || limit.hard() < -1 || limit.hard() != -1 && limit.soft() > limit.hard()) {
                throw BerthException.invalid("/limits/ulimits", "soft is not more than hard; -1 stands for no limit.");
            }
        }
    }

    private static void between(String pointer, int value, int least, int most) {
        if (value < least || value > most) {
            throw BerthException.invalid(pointer, value + " is out of range; from " + least + " to " + most + ".");
        }
    }

    private static void security(ContainerSpec.Security security) {
        for (String name : security.addCapabilities()) {
            if (!CAPABILITIES.contains(name)) {
                throw BerthException.invalid(
                        "/security/addCapabilities", "There is no capability of that name; an example is CAP_NET_RAW.");
            }
        }
        for (String name : security.dropCapabilities()) {
            if (!name.equals("ALL") && !CAPABILITIES.contains(name)) {
                throw BerthException.invalid(
                        "/security/dropCapabilities", "Name capabilities such as CAP_CHOWN, or ALL.");
            }
        }
    }

    private static void mounts(ContainerSpec spec) {
        List<String> targets = new ArrayList<>();
        for (MountSpec mount : spec.mounts()) {
            targets.add(mount.target());
            String host = mount.hostPath();
            if (host != null) {
                path("/mounts", host);
            }
        }
        for (ContainerSpec.Tmpfs tmpfs : spec.tmpfs()) {
            targets.add(tmpfs.target());
            if (tmpfs.size() < 4096) {
                throw BerthException.invalid("/mounts", "A tmpfs has at least 4096 bytes.");
            }
        }
        if (targets.size() > MOST_MOUNTS) {
            throw BerthException.invalid("/mounts", "At most " + MOST_MOUNTS + " mounts.");
        }
        Set<String> seen = new HashSet<>();
        targets.forEach(target -> target(target, seen));
    }

    private static void target(String target, Set<String> seen) {
        path("/mounts", target);
        String clean = target.replaceAll("/(\\./|/)*", "/").replaceAll("(?<=.)/\\.?$", "");
        if (clean.equals("/") || clean.equals("/.")) {
            throw BerthException.invalid("/mounts", "Nothing can be mounted over the root itself.");
        }
        if (clean.matches("/(proc|sys|dev)(/.*)?")) {
            throw BerthException.invalid("/mounts", "Nothing can be mounted on /proc, /sys or /dev.");
        }
        if (!seen.add(clean)) {
            throw BerthException.invalid("/mounts", "Two mounts have the target '" + target + "'.");
        }
    }

    private static void hosts(Map<String, String> hosts) {
        if (hosts.size() > MOST_HOSTS) {
            throw BerthException.invalid("/extraHosts", "At most " + MOST_HOSTS + " further hosts.");
        }
        hosts.forEach((name, address) -> {
            if (!HOST.matcher(name).matches()) {
                throw BerthException.invalid("/extraHosts", "A host name has letters, digits, hyphens and dots.");
            }
            address("/extraHosts", address);
        });
    }

    private static void address(String pointer, String address) {
        line(pointer, address, LONGEST_TEXT);
        try {
            new Ipv4(address);
        } catch (BerthException e) {
            throw e.with("pointer", pointer);
        }
    }
}
