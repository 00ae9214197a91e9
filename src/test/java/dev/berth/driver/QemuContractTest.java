package dev.berth.driver;

import dev.berth.driver.libvirt.LibvirtHost;
import dev.berth.driver.libvirt.TinyGuest;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The contract on real QEMU. Needs root. */
@Tag("qemu")
class QemuContractTest extends CapabilityContract {
    @Override
    protected ContractSubject open() {
        LibvirtHost host = LibvirtHost.open();
        return new Qemu(host, TinyGuest.install(host.layout()));
    }

    private record Qemu(LibvirtHost host, TinyGuest guest) implements ContractSubject {
        @Override
        public InstanceDriver driver() {
            return host.driver();
        }

        @Override
        public List<DiskSpec> disks() {
            return List.of(ContractDisks.blank("root"), ContractDisks.emptyDrive("cd"));
        }

        @Override
        public InstanceSpec spec() {
            return guest.spec(VmSpec.Firmware.BIOS, null);
        }

        @Override
        public DiskSpec impossibleDisk() {
            return ContractDisks.ofMissingImage(ImageFormat.QCOW2);
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
