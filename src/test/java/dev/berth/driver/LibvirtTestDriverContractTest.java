package dev.berth.driver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.libvirt.LibvirtDriver;
import dev.berth.driver.libvirt.LibvirtSettings;
import dev.berth.driver.nft.NodeRules;
import dev.berth.driver.nft.ProjectNumbers;
import dev.berth.kernel.DataSize;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** The contract on libvirt's in-process test hypervisor: real libvirt, no guests. Needs libvirt's library only. */
class LibvirtTestDriverContractTest extends CapabilityContract {
    @TempDir
    private Path directory = Path.of("unset");

    @Override
    protected ContractSubject open() {
        assumeTrue(libvirtIsInstalled(), "libvirt's library is not installed");
        LibvirtSettings settings = LibvirtSettings.of(
                "test:///default",
                new StoreLayout(directory),
                new Accelerator(Accelerator.Kind.TCG, "nothing runs here"));
        return new Simulated(new LibvirtDriver(
                settings, new NodeRules("berth_unused", ProjectNumbers.forgetful()), Clock.systemUTC()));
    }

    private static boolean libvirtIsInstalled() {
        try {
            com.sun.jna.NativeLibrary.getInstance("virt");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private record Simulated(LibvirtDriver driver) implements ContractSubject {
        /** Without disks: making them needs qemu-img. */
        @Override
        public List<DiskSpec> disks() {
            return List.of();
        }

        @Override
        public InstanceSpec spec() {
            return VmSpec.defaults();
        }

        @Override
        public DiskSpec impossibleDisk() {
            return ContractDisks.ofImage(
                    "bad", new ImageRef(UUID.randomUUID(), ImageFormat.QCOW2), DataSize.ofMebibytes(16));
        }

        @Override
        public void close() {
            driver.close();
        }
    }
}
