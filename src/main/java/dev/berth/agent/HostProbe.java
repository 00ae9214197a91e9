package dev.berth.agent;

import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.NodeUsage;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.nft.NodeRules;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what this host is and how busy from {@code /proc} and {@code /sys}. */
final class HostProbe implements NodeProbe {
    private static final Path PROC = Path.of("/proc");
    private final StoreLayout layout;
    private final Accelerator accelerator;
    private final DriverLook machines;
    private final ContainerHost containers;
    private final NodeRules rules;
    private final Clock clock;
    private ProcText.CpuTime lastCpu;

    HostProbe(
            StoreLayout layout,
            Accelerator accelerator,
            InstanceDriver machines,
            ContainerHost containers,
            NodeRules rules,
            Clock clock) {
        this.layout = layout;
        this.accelerator = accelerator;
        this.machines = new DriverLook("libvirt", "libvirtd", machines);
        this.containers = containers;
        this.rules = rules;
        this.clock = clock;
        this.lastCpu = ProcText.cpuTime(read(PROC.resolve("stat")));
    }

    @Override
    public NodeFacts facts() {
        String cpuinfo = read(PROC.resolve("cpuinfo"));
        ProcText.Memory memory = ProcText.memory(read(PROC.resolve("meminfo")));
        NodeFacts.DriverFacts libvirt = machines.facts();
        return new NodeFacts(
                read(Path.of("/etc/machine-id")).trim(),
                read(PROC.resolve("sys/kernel/hostname")).trim(),
                read(PROC.resolve("sys/kernel/osrelease")).trim(),
                System.getProperty("os.arch", "unknown"),
                ProcText.cpuModel(cpuinfo),
                Runtime.getRuntime().availableProcessors(),
                memory.total(),
                diskTotal(),
                Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "v2" : "v1",
                new NodeFacts.Accelerator(accelerator.kind().name().toLowerCase(Locale.ROOT), accelerator.reason()),
                List.of(libvirt, containers.facts()),
                notices(libvirt),
                AgentMain.version());
    }

    private List<NodeFacts.Notice> notices(NodeFacts.DriverFacts driver) {
        List<NodeFacts.Notice> notices = new ArrayList<>();
        if (!driver.problem().isEmpty()) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.ERROR, driver.problem(), "Start libvirtd; infra/up does."));
        }
        String noContainers = containers.facts().problem();
        if (!noContainers.isEmpty()) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.WARNING, "This node runs no containers.", noContainers));
        }
        DataSize free = diskFree();
        if (free.bytes() < 5L << 30) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.WARNING,
                    "Only " + free.display() + " are free in " + layout.state() + ".",
                    "Delete images or snapshots, or move the state directory to a larger disk."));
        }
        if (accelerator.kind() == Accelerator.Kind.TCG) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.WARNING,
                    "Virtual machines run without KVM. " + accelerator.reason(),
                    "Use a host with /dev/kvm, or go on: everything works, about ten times slower."));
        }
        if (!"1".equals(read(PROC.resolve("sys/net/ipv4/ip_forward")).trim())) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.WARNING,
                    "The kernel does not forward IPv4, so guests do not reach other networks.",
                    "sysctl -w net.ipv4.ip_forward=1 (infra/up does)."));
        }
        containers
                .problem()
                .ifPresent(problem -> notices.add(new NodeFacts.Notice(
                        NodeFacts.Notice.Level.WARNING, "Containers do not run on this node.", problem)));
        notices.addAll(ForwardNotices.of(rules.passForward(), read(PROC.resolve("net/ip_tables_names"))));
        return notices;
    }

    @Override
    public synchronized NodeUsage usage() {
        ProcText.CpuTime now = ProcText.cpuTime(read(PROC.resolve("stat")));
        double busy = now.busySince(lastCpu);
        lastCpu = now;
        ProcText.Memory memory = ProcText.memory(read(PROC.resolve("meminfo")));
        DataSize total = diskTotal();
        return new NodeUsage(
                clock.instant(),
                busy,
                Double.parseDouble(read(PROC.resolve("loadavg")).split(" ")[0]),
                memory.used(),
                memory.total(),
                new DataSize(total.bytes() - diskFree().bytes()),
                total);
    }

    private DataSize diskTotal() {
        try {
            return new DataSize(store().getTotalSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataSize diskFree() {
        try {
            return new DataSize(store().getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(layout.state());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
