package dev.berth.driver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.libvirt.LibvirtDriver;
import dev.berth.driver.libvirt.LibvirtSettings;
import dev.berth.driver.nft.NodeRules;
import dev.berth.driver.nft.ProjectNumbers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** libvirt's in-process test hypervisor: real libvirt, no guests. Needs libvirt's library only. */
public record SimulatedLibvirt(LibvirtDriver driver) implements ContractSubject {
    /** Opens one, with its files below a directory; skips the test where there is no libvirt. */
    public static SimulatedLibvirt open(Path directory) {
        assumeInstalled();
        LibvirtSettings settings = LibvirtSettings.of(
                "test:///default",
                new StoreLayout(directory),
                new Accelerator(Accelerator.Kind.TCG, "nothing runs here"));
        return new SimulatedLibvirt(new LibvirtDriver(
                settings, new NodeRules("berth_unused", ProjectNumbers.forgetful()), Clock.systemUTC()));
    }

    /** Skips the test where there is no libvirt. */
    public static void assumeInstalled() {
        assumeTrue(isInstalled(), "libvirt's library is not installed");
    }

    private static boolean isInstalled() {
        try {
            NativeLibrary.getInstance("virt");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

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
        return ContractDisks.ofMissingImage(ImageFormat.QCOW2);
    }

    @Override
    public void close() {
        driver.close();
    }
}
