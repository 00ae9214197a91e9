package dev.berth.agent;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VolumeDriver;
import dev.berth.driver.images.FileImages;
import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.libvirt.LibvirtDriver;
import dev.berth.driver.libvirt.LibvirtSettings;
import dev.berth.driver.lxc.ContainerVolumes;
import dev.berth.driver.lxc.DriverPolicy;
import dev.berth.driver.lxc.DynamicGroups;
import dev.berth.driver.lxc.LxcSettings;
import dev.berth.driver.nft.NodeRules;
import dev.berth.driver.nft.ProjectNumbers;
import dev.berth.kernel.BerthException;
import dev.berth.oci.OciImages;
import dev.berth.oci.OciLayers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** This host with its real drivers. */
final class LocalNode implements NodeDrivers {
    private static final Duration RECOVERY_INTERVAL = Duration.ofSeconds(10);
    /** The packet filter of this node's usual agent; another one beside it, with a state of its own, has its own. */
    private static final Path USUAL_STATE = Path.of("/var/lib/berth/agent");

    private final NodeRules rules;
    private final LibvirtDriver machines;
    private final NetworkDriver networks;
    private final OciImages layered;
    private final StateLock lock;
    private final OciLayers layers;
    private final FileImages images;
    private final ContainerHost containers;
    private final HostProbe probe;

    LocalNode(StoreLayout layout, StateLock lock, Accelerator accelerator, AgentOptions options, Clock clock) {
        this.lock = lock;
        this.rules = new NodeRules(
                tables(layout.state()),
                options.shareNetworks()
                        ? ProjectNumbers.shared()
                        : ProjectNumbers.kept(layout.state().resolve("projects")));
        rules.open();
        this.machines = new LibvirtDriver(LibvirtSettings.of(options.libvirtUri(), layout, accelerator), rules, clock);
        this.networks = machines.networks();
        Path programs = options.nativePrograms().toAbsolutePath();
        this.layered = new OciImages(layout, programs.resolve("berth-unpack"));
        this.images = new FileImages(layout, options.imageBuild().toAbsolutePath(), options.allowedPaths(), layered);
        this.layers = new OciLayers(layered, images::images, layout);
        this.containers = new ContainerHost(
                LxcSettings.local(layout, programs, policy(options), clock),
                new NodeLayers(layered, images),
                new ContainerVolumes(layout),
                machines.networks()::find,
                rules.ports(InstanceKind.CONTAINER),
                clock);
        if (!options.keepCgroupMount() && containers.problem().isEmpty()) {
            DynamicGroups.favour(layout.state().resolve("cgroup-mount"));
        }
        this.probe = new HostProbe(layout, accelerator, machines, containers, rules, clock);
    }

    private static DriverPolicy policy(AgentOptions options) {
        return new DriverPolicy(
                Set.copyOf(options.capabilities()), options.hostNetwork(), options.nesting(), options.bindPrefixes());
    }

    /** The tables' name; {@code infra/down} knows it too. */
    private static String tables(Path state) {
        return state.equals(USUAL_STATE)
                ? "berth"
                : "berth_" + Integer.toHexString(state.toString().hashCode());
    }

    /** Finds again what runs. What cannot be reached now is found when it comes back. */
    void recover() {
        images.recover();
        boolean machinesFound = recovered();
        containers.recover();
        if (!machinesFound) {
            Thread.ofPlatform().daemon().name("recovery").start(this::recoverLater);
        }
    }

    private boolean recovered() {
        try {
            machines.recover();
            return true;
        } catch (BerthException e) {
            System.getLogger(LocalNode.class.getName())
                    .log(System.Logger.Level.WARNING, "recovery of machines is put off: " + e.message());
            return false;
        }
    }

    private void recoverLater() {
        try {
            do {
                Thread.sleep(RECOVERY_INTERVAL);
            } while (!recovered());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public InstanceDriver instances(InstanceKind kind) {
        return switch (kind) {
            case VM -> machines;
            case CONTAINER -> containers.driver();
        };
    }

    @Override
    public ImageDriver images() {
        return images;
    }

    @Override
    public NetworkDriver networks() {
        return networks;
    }

    @Override
    public VolumeDriver volumes() {
        return containers.volumes();
    }

    @Override
    public LayerStore layers() {
        return layers;
    }

    @Override
    public NodeProbe probe() {
        return probe;
    }

    @Override
    public void close() {
        containers.close();
        machines.close();
        rules.close();
        lock.close();
    }
}
