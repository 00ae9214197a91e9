package dev.berth.driver.libvirt;

import dev.berth.driver.StoreLayout;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Where the driver finds things on its node.
 *
 * @param uri libvirt's connection URI
 * @param accelerator how guests run; see {@link AcceleratorProbe}
 * @param runDirectory where libvirt keeps pid files of its guests
 * @param logDirectory where libvirt writes QEMU's own messages, one file per domain
 * @param callTimeout how long an ordinary call to libvirt may take
 */
public record LibvirtSettings(
        String uri,
        StoreLayout layout,
        Accelerator accelerator,
        FirmwareFiles firmware,
        Path runDirectory,
        Path logDirectory,
        Duration callTimeout) {
    /** Longest path of a unix socket, without the closing zero byte. */
    private static final int SOCKET_PATH_LIMIT = 107;

    public LibvirtSettings {
        layout = new StoreLayout(layout.state().toAbsolutePath().normalize());
        int length = new InstanceFiles(layout, new UUID(0, 0))
                .serialSocket()
                .toString()
                .length();
        if (length > SOCKET_PATH_LIMIT) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "The state directory " + layout.state()
                            + " is too long for unix sockets below it; choose one that is "
                            + (length - SOCKET_PATH_LIMIT) + " characters shorter.");
        }
    }

    /**
     * UEFI firmware as Debian packages it.
     *
     * @param code read-only code image
     * @param variables template of the variable store
     */
    public record FirmwareFiles(Path code, Path variables) {
        public static FirmwareFiles debian() {
            Path directory = Path.of("/usr/share/OVMF");
            return new FirmwareFiles(directory.resolve("OVMF_CODE_4M.fd"), directory.resolve("OVMF_VARS_4M.fd"));
        }
    }

    /** The node's own libvirtd, in Debian's places. */
    public static LibvirtSettings local(StoreLayout layout, Accelerator accelerator) {
        return of("qemu:///system", layout, accelerator);
    }

    public static LibvirtSettings of(String uri, StoreLayout layout, Accelerator accelerator) {
        return new LibvirtSettings(
                uri,
                layout,
                accelerator,
                FirmwareFiles.debian(),
                Path.of("/run/libvirt/qemu"),
                Path.of("/var/log/libvirt/qemu"),
                Duration.ofSeconds(60));
    }

    /** Where leases of networks lie; beside the files of libvirt's own, because its servers may read there. */
    Path leaseDirectory() {
        return simulated() ? layout.state().resolve("leases") : Path.of("/var/lib/libvirt/dnsmasq");
    }

    /** Whether this is libvirt's in-process test hypervisor, which has no machines, CPUs or disks of its own. */
    boolean simulated() {
        return uri.startsWith("test:");
    }
}
