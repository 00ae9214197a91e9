package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NicSpec;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Definitions and settings for tests that only look at text. */
final class Definitions {
    static final StoreLayout LAYOUT = new StoreLayout(Path.of("/var/lib/berth"));
    private static final UUID ID = UUID.fromString("0198f2a0-0000-7000-8000-00000000000a");
    private static final UUID ROOT = UUID.fromString("0198f2a0-0000-7000-8000-00000000000b");
    private static final UUID NIC = UUID.fromString("0198f2a0-0000-7000-8000-00000000000c");
    private static final UUID DRIVE = UUID.fromString("0198f2a0-0000-7000-8000-00000000000d");
    static final ImageRef KERNEL = new ImageRef(new UUID(1, 1), ImageFormat.KERNEL);
    static final ImageRef INITRD = new ImageRef(new UUID(1, 2), ImageFormat.INITRD);

    private Definitions() {}

    static LibvirtSettings settings(Accelerator.Kind kind) {
        return LibvirtSettings.local(LAYOUT, new Accelerator(kind, "for a test"));
    }

    /** A machine with one disk, one drive and one interface. */
    static InstanceDefinition of(String name, String network, DiskSpec.Bus bus, VmSpec spec) {
        DiskSpec root = new DiskSpec(
                ROOT,
                name,
                DiskSpec.Device.DISK,
                DataSize.ofMebibytes(64),
                new ImageRef(new UUID(1, 3), ImageFormat.QCOW2),
                DiskSpec.CloneMode.LINKED,
                bus);
        DiskSpec drive = new DiskSpec(
                DRIVE,
                "cdrom",
                DiskSpec.Device.CDROM,
                DataSize.ZERO,
                new ImageRef(new UUID(1, 4), ImageFormat.ISO),
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.SATA);
        NicSpec.Model model = bus == DiskSpec.Bus.SATA ? NicSpec.Model.E1000E : NicSpec.Model.VIRTIO;
        NicSpec nic = new NicSpec(NIC, network, new MacAddress("52:54:00:12:34:56"), new Ipv4("10.66.0.10"), model);
        return new InstanceDefinition(
                ID,
                name,
                name,
                new CpuCount(1),
                new CpuCount(4),
                DataSize.ofMebibytes(128),
                DataSize.ofMebibytes(256),
                List.of(root, drive),
                List.of(nic),
                List.of(),
                spec);
    }

    /** A machine that uses every text that a specification has. */
    static VmSpec spec(String commandLine, @Nullable String cpuModel, VmSpec.@Nullable CloudInit cloudInit) {
        return new VmSpec(
                VmSpec.Firmware.UEFI,
                List.of(VmSpec.BootDevice.DISK, VmSpec.BootDevice.CDROM, VmSpec.BootDevice.NETWORK),
                new VmSpec.DirectBoot(KERNEL, INITRD, commandLine),
                VmSpec.Video.VIRTIO,
                cpuModel,
                true,
                cloudInit);
    }

    static VmSpec.CloudInit cloudInit(String text) {
        return new VmSpec.CloudInit(text, text, List.of(text), text);
    }
}
