package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.libvirt.LibvirtHost;
import dev.berth.driver.libvirt.TinyGuest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract on real QEMU. Needs root. */
@Tag("qemu")
class QemuContractTest extends CapabilityContract {
    private @Nullable LibvirtHost opened;

    @Override
    protected ContractSubject open() {
        LibvirtHost host = LibvirtHost.open();
        opened = host;
        return new Qemu(host, TinyGuest.install(host.layout()));
    }

    @Test
    void aRevertDecidesWhatRunsAfterABoot() {
        Snapshotting snapshotting = capability(Snapshotting.class);
        UUID id = running();
        UUID memory = UUID.randomUUID();
        UUID disk = UUID.randomUUID();
        snapshotting.snapshot(id, memory, true, ProgressSink.NONE);
        snapshotting.snapshot(id, disk, false, ProgressSink.NONE);
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        assertThat(wanted()).isFalse();
        snapshotting.revert(id, memory, ProgressSink.NONE);
        assertThat(wanted()).isTrue();
        snapshotting.revert(id, disk, ProgressSink.NONE);
        assertThat(wanted()).isFalse();
    }

    private boolean wanted() {
        return Objects.requireNonNull(opened).leftovers().stream().anyMatch(file -> file.endsWith("wanted"));
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
