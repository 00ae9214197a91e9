package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NicSpec;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VmSpec;
import dev.berth.driver.VmSpec.BootDevice;
import dev.berth.driver.VmSpec.Video;
import dev.berth.driver.nft.GuardedPort;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The devices of a domain. Disks and interfaces carry aliases made from their ids, by which a running domain is searched. */
final class DeviceXml {
    private final Xml xml;
    private final StoreLayout layout;
    private final InstanceFiles files;
    private final InstanceDefinition definition;
    private final VmSpec vm;
    private final Map<UUID, Integer> bootOrder;
    private int virtioDisks;
    private int sataDisks;

    DeviceXml(Xml xml, StoreLayout layout, InstanceDefinition definition, VmSpec vm) {
        this.xml = xml;
        this.layout = layout;
        this.files = new InstanceFiles(layout, definition.id());
        this.definition = definition;
        this.vm = vm;
        this.bootOrder = bootOrder(definition, vm);
    }

    /** The alias of a device; libvirt keeps those that begin with {@code ua-}. */
    static String alias(UUID device) {
        return "ua-" + device;
    }

    void write() {
        xml.open("devices");
        definition.disks().forEach(this::disk);
        if (vm.cloudInit() != null) {
            seed();
        }
        definition.nics().forEach(this::nic);
        xml.leaf("controller", "type", "usb", "model", "qemu-xhci");
        serial();
        if (vm.guestAgent()) {
            xml.open("channel", "type", "unix");
            xml.leaf("target", "type", "virtio", "name", "org.qemu.guest_agent.0")
                    .close();
        }
        video();
        xml.leaf("memballoon", "model", "virtio");
        xml.open("rng", "model", "virtio")
                .text("backend", "/dev/urandom", "model", "random")
                .close();
        xml.close();
    }

    private void disk(DiskSpec disk) {
        if (disk.device() == DiskSpec.Device.CDROM) {
            ImageRef image = disk.image();
            cdrom(disk.id(), image == null ? null : layout.image(image).toString());
            return;
        }
        xml.open("disk", "type", "file", "device", "disk");
        xml.leaf("driver", "name", "qemu", "type", "qcow2", "discard", "unmap");
        xml.leaf("source", "file", files.disk(disk.id()).toString());
        target(disk.bus());
        xml.text("serial", disk.id().toString().replace("-", "").substring(12));
        boot(disk.id());
        xml.leaf("alias", "name", alias(disk.id())).close();
    }

    /**
     * cloud-init's seed, which guests find by its label. Cloud kernels know virtio only; guests whose first disk is emulated
     * may not know virtio, and QEMU's SATA disks cannot be read-only, so those get an optical drive.
     */
    private void seed() {
        UUID id = new UUID(0, 0);
        if (firstBus() == DiskSpec.Bus.SATA) {
            cdrom(id, files.seed().toString());
            return;
        }
        xml.open("disk", "type", "file", "device", "disk");
        xml.leaf("driver", "name", "qemu", "type", "raw");
        xml.leaf("source", "file", files.seed().toString());
        target(DiskSpec.Bus.VIRTIO);
        xml.leaf("readonly").text("serial", "berth-seed");
        xml.leaf("alias", "name", alias(id)).close();
    }

    private DiskSpec.Bus firstBus() {
        return Disks.of(definition).stream().map(DiskSpec::bus).findFirst().orElse(DiskSpec.Bus.VIRTIO);
    }

    private void target(DiskSpec.Bus bus) {
        switch (bus) {
            case VIRTIO -> xml.leaf("target", "dev", letters("vd", virtioDisks++), "bus", "virtio");
            case SATA -> xml.leaf("target", "dev", letters("sd", sataDisks++), "bus", "sata");
        }
    }

    private void cdrom(UUID id, @Nullable String file) {
        xml.open("disk", "type", "file", "device", "cdrom");
        xml.leaf("driver", "name", "qemu", "type", "raw");
        if (file != null) {
            xml.leaf("source", "file", file);
        }
        target(DiskSpec.Bus.SATA);
        xml.leaf("readonly");
        boot(id);
        xml.leaf("alias", "name", alias(id)).close();
    }

    private void nic(NicSpec nic) {
        xml.open("interface", "type", "network");
        xml.leaf("mac", "address", nic.mac().value());
        xml.leaf("source", "network", nic.network());
        xml.leaf("target", "dev", GuardedPort.machine(nic.id()));
        xml.leaf(
                "model",
                "type",
                switch (nic.model()) {
                    case VIRTIO -> "virtio";
                    case E1000E -> "e1000e";
                });
        boot(nic.id());
        xml.leaf("alias", "name", alias(nic.id())).close();
    }

    private void serial() {
        xml.open("serial", "type", "unix");
        xml.leaf("source", "mode", "bind", "path", files.serialSocket().toString());
        // virtlogd writes this one and rotates it, so it cannot fill the node.
        xml.leaf("log", "file", files.serialLog().toString(), "append", "on");
        xml.leaf("target", "type", "isa-serial", "port", "0").close();
    }

    private void video() {
        if (vm.video() == Video.NONE) {
            xml.open("video").leaf("model", "type", "none").close();
            return;
        }
        xml.leaf("input", "type", "tablet", "bus", "usb");
        // Without a path libvirt makes the socket in a directory that only it and QEMU can enter.
        xml.open("graphics", "type", "vnc").leaf("listen", "type", "socket").close();
        xml.open("video")
                .leaf("model", "type", vm.video() == Video.VGA ? "vga" : "virtio")
                .close();
    }

    private void boot(UUID device) {
        Integer order = bootOrder.get(device);
        if (order != null) {
            xml.leaf("boot", "order", order.toString());
        }
    }

    private static Map<UUID, Integer> bootOrder(InstanceDefinition definition, VmSpec vm) {
        Map<UUID, Integer> order = new HashMap<>();
        for (BootDevice device : vm.bootOrder()) {
            if (device == BootDevice.NETWORK) {
                definition.nics().forEach(nic -> order.putIfAbsent(nic.id(), order.size() + 1));
            } else {
                DiskSpec.Device wanted = device == BootDevice.DISK ? DiskSpec.Device.DISK : DiskSpec.Device.CDROM;
                definition.disks().stream()
                        .filter(disk -> disk.device() == wanted)
                        .forEach(disk -> order.putIfAbsent(disk.id(), order.size() + 1));
            }
        }
        return order;
    }

    /** Names such as {@code vda} … {@code vdz}, {@code vdaa}. */
    static String letters(String prefix, int index) {
        StringBuilder name = new StringBuilder();
        for (int rest = index; rest >= 0; rest = rest / 26 - 1) {
            name.insert(0, (char) ('a' + rest % 26));
        }
        return prefix + name;
    }
}
