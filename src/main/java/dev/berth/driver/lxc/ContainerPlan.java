package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProcessSpec;
import dev.berth.kernel.BerthException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a definition into the plan of its next start. */
final class ContainerPlan {
    private static final long LOG_BYTES = 10 << 20;
    private static final int LOG_FILES = 3;
    /** Ids that a container may use for ping without raw sockets: all of its own. */
    private static final String PING_IDS = "0 65535";

    private final ImageAccounts accounts = new ImageAccounts();
    private final Surroundings surroundings;
    private final DriverPolicy policy;
    private final SystemCallFilters filters;
    private final NetworkPlan network;
    private final MountPlan mounts;

    ContainerPlan(LxcSettings settings, Surroundings surroundings, SystemCallFilters filters) {
        this.surroundings = surroundings;
        this.policy = settings.policy();
        this.filters = filters;
        this.network = new NetworkPlan(surroundings.networks());
        this.mounts = new MountPlan(settings.policy(), surroundings.volumes());
    }

    /** Refuses a definition that could not be started, before anything is made for it. */
    void check(InstanceDefinition definition) {
        ContainerSpec spec = Containers.spec(definition);
        List<Path> lowers = surroundings.layers().of(image(definition));
        CapabilitySet.of(spec, policy);
        mounts.check(definition.id(), spec);
        limits(new Plan(), definition);
        if (spec.mode() == ContainerSpec.Mode.APP) {
            ProcessSpec process = process(spec);
            process(new Plan(), process, accounts.find(lowers, process.user()));
        }
        if (spec.network() == ContainerSpec.NetworkMode.HOST && !policy.hostNetwork()) {
            throw BerthException.invalid(
                    "/spec/network", "This node's policy does not allow the host's network; use bridge or none.");
        }
        if (spec.security().nesting() && !policy.nesting()) {
            throw BerthException.invalid(
                    "/spec/security/nesting", "This node's policy does not allow containers inside containers.");
        }
        network.check(definition, spec);
    }

    /** Writes the plan of a container that does not run, for programs that need to know how its root is assembled. */
    void refresh(InstanceDefinition definition, ContainerFiles files) {
        if (RunStatus.alive(files).isEmpty()) {
            Trees.write(files.plan(), of(definition, files));
        }
    }

    byte[] of(InstanceDefinition definition, ContainerFiles files) {
        ContainerSpec spec = Containers.spec(definition);
        List<Path> lowers = surroundings.layers().of(image(definition));
        Plan plan = new Plan()
                .add("name", files.id())
                .add("hostname", definition.hostname())
                .add("idmap", IdRanges.of(files), IdRanges.SIZE)
                .add("stored", IdRanges.STORED)
                .lines("lower", lowers.stream().map(Path::toString).toList())
                .add("disk", files.disk())
                .add("cgroup", files.cgroup())
                .add("log-size", LOG_BYTES)
                .add("log-files", LOG_FILES);
        limits(plan, definition);
        security(plan, spec);
        mounts.add(plan, definition.id(), spec);
        network.add(plan, definition, spec);
        switch (spec.mode()) {
            case APP -> app(plan, spec, lowers);
            case SYSTEM -> plan.add("mode", "system").add("tty");
        }
        return plan.bytes();
    }

    private void app(Plan plan, ContainerSpec spec, List<Path> lowers) {
        ProcessSpec process = process(spec);
        plan.add("mode", "app");
        process(plan, process, accounts.find(lowers, process.user()));
        if (spec.network() != ContainerSpec.NetworkMode.HOST) {
            plan.add("lxc", "lxc.sysctl.net.ipv4.ping_group_range", PING_IDS);
            plan.add("lxc", "lxc.sysctl.net.ipv4.ip_unprivileged_port_start", "0");
        }
    }

    private static void process(Plan plan, ProcessSpec process, Accounts.Account account) {
        if (process.args().isEmpty() || process.args().getFirst().isEmpty()) {
            throw BerthException.invalid(
                    "/spec/process/args", "The process needs a program; name one as first argument.");
        }
        plan.texts("arg", process.args())
                .lines("env", Environment.of(process.env(), account))
                .add("cwd", Paths.absolute("workingDirectory", orElse(process.workingDirectory(), "/")))
                .add("stop-signal", Signals.number(orElse(process.stopSignal(), "SIGTERM")));
        account.into(plan);
        if (process.tty()) {
            plan.add("tty");
        }
        if (process.stdin()) {
            plan.add("stdin");
        }
    }

    /** The process of an app container. */
    static ProcessSpec process(ContainerSpec spec) {
        ProcessSpec process = spec.process();
        if (process == null) {
            throw BerthException.invalid("/spec/process", "An app container needs a process to run.");
        }
        return process;
    }

    private static void limits(Plan plan, InstanceDefinition definition) {
        for (Map.Entry<String, Long> limit : LimitWords.of(definition).entrySet()) {
            plan.add("limit", limit.getKey(), limit.getValue());
        }
        for (ContainerSpec.Ulimit ulimit : Containers.spec(definition).limits().ulimits()) {
            plan.add("rlimit", LimitWords.ulimit(ulimit.name()), ulimit.soft(), ulimit.hard());
        }
    }

    private void security(Plan plan, ContainerSpec spec) {
        boolean app = spec.mode() == ContainerSpec.Mode.APP;
        plan.lines("capability", CapabilitySet.of(spec, policy));
        plan.lines("mask", HiddenPaths.masked(app)).lines("readonly", HiddenPaths.readOnly(app));
        plan.add("seccomp", filters.of(spec));
        if (spec.security().noNewPrivileges()) {
            plan.add("no-new-privileges");
        }
        if (spec.security().readOnlyRoot()) {
            plan.add("read-only");
        }
        if (spec.security().nesting()) {
            plan.add("nesting");
        }
    }

    /** What the root file system is made from. */
    static ImageRef image(InstanceDefinition definition) {
        ImageRef image = root(definition).image();
        if (image == null) {
            throw BerthException.invalid("/disks/0/image", "A container's disk is made from an image; name one.");
        }
        return image;
    }

    /** The disk that is the writable layer. */
    static DiskSpec root(InstanceDefinition definition) {
        if (definition.disks().size() != 1 || definition.disks().getFirst().device() != DiskSpec.Device.DISK) {
            throw BerthException.invalid(
                    "/disks", "A container has exactly one disk, its root; use volumes for further storage.");
        }
        return definition.disks().getFirst();
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
