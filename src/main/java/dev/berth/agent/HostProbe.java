package dev.berth.agent;

import dev.berth.driver.Capabilities;
import dev.berth.driver.DriverIdentity;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.NodeUsage;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.nft.NodeRules;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads what this host is and how busy from {@code /proc} and {@code /sys}. */
final class HostProbe implements NodeProbe {
    private static final Path PROC = Path.of("/proc");
    private static final int LOOK_SECONDS = 5;
    private final ExecutorService looking = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("libvirt-look").factory());
    private @Nullable Future<DriverIdentity> lastLook;
    private final StoreLayout layout;
    private final Accelerator accelerator;
    private final InstanceDriver machines;
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
        this.machines = machines;
        this.containers = containers;
        this.rules = rules;
        this.clock = clock;
        this.lastCpu = ProcText.cpuTime(read(PROC.resolve("stat")));
    }

    @Override
    public NodeFacts facts() {
        String cpuinfo = read(PROC.resolve("cpuinfo"));
        ProcText.Memory memory = ProcText.memory(read(PROC.resolve("meminfo")));
        NodeFacts.DriverFacts driver = driver();
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
                List.of(driver, containers.facts()),
                notices(driver),
                AgentMain.version());
    }

    private NodeFacts.DriverFacts driver() {
        try {
            return new NodeFacts.DriverFacts(looked(), machines.capabilities(), "");
        } catch (BerthException e) {
            Capabilities none = new Capabilities(Set.of(), Set.of(), Set.of(), false);
            return new NodeFacts.DriverFacts(new DriverIdentity("libvirt", "unavailable"), none, e.message());
        }
    }

    /** Whether the driver answers, within a short time; a look that hangs is not repeated before it has ended. */
    private DriverIdentity looked() {
        Future<DriverIdentity> look;
        synchronized (looking) {
            look = lastLook;
            if (look == null || look.isDone()) {
                look = looking.submit(() -> {
                    machines.observeAll();
                    return machines.identify();
                });
                lastLook = look;
            }
        }
        try {
            return look.get(LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw BerthException.of(
                    ErrorCode.HYPERVISOR_UNAVAILABLE,
                    "libvirtd does not answer within " + LOOK_SECONDS + " s; it hangs.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BerthException known
                    ? known
                    : BerthException.of(ErrorCode.DRIVER_FAILED, "libvirtd cannot be asked.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The look at libvirtd was interrupted.");
        }
    }

    private List<NodeFacts.Notice> notices(NodeFacts.DriverFacts driver) {
        List<NodeFacts.Notice> notices = new ArrayList<>();
        if (!driver.problem().isEmpty()) {
            notices.add(new NodeFacts.Notice(
                    NodeFacts.Notice.Level.ERROR, driver.problem(), "Start libvirtd; infra/up does."));
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
