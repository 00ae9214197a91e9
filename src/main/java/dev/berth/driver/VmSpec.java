package dev.berth.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only virtual machines have.
 *
 * @param firmware BIOS or UEFI
 * @param bootOrder devices to try, in order; never empty
 * @param directBoot kernel of the image to boot without a boot loader, or null to boot from a device
 * @param video display adapter; virtio by default, VGA for guests without drivers
 * @param cpuModel named CPU model of QEMU, or null for what the accelerator does best
 * @param guestAgent whether the guest-agent channel is offered
 * @param cloudInit first-boot configuration served as a NoCloud seed, or null for none
 */
public record VmSpec(
        Firmware firmware,
        List<BootDevice> bootOrder,
        @Nullable DirectBoot directBoot,
        Video video,
        @Nullable String cpuModel,
        boolean guestAgent,
        @Nullable CloudInit cloudInit)
        implements InstanceSpec {

    /** Firmware that starts the guest. */
    public enum Firmware {
        BIOS,
        UEFI
    }

    /** A class of device that firmware can boot from. */
    public enum BootDevice {
        DISK,
        CDROM,
        NETWORK
    }

    /** Display adapter. */
    public enum Video {
        VIRTIO,
        VGA,
        NONE
    }

    /**
     * Boots a kernel that belongs to an image of the image store (a {@code tiny}-like image).
     *
     * @param commandLine kernel command line, at most 2,048 printable characters
     */
    public record DirectBoot(ImageRef kernel, @Nullable ImageRef initrd, String commandLine) {}

    /**
     * First-boot configuration in cloud-init's NoCloud format.
     *
     * @param userData user-data as it is handed to the guest, at most 64 KiB; empty for the one made from keys
     * @param networkConfig network-config version 1 or 2, or null for DHCP
     * @param sshKeys public keys for the image's default user
     * @param hostname host name of the guest
     */
    public record CloudInit(String userData, @Nullable String networkConfig, List<String> sshKeys, String hostname) {
        public CloudInit {
            sshKeys = List.copyOf(sshKeys);
        }
    }

    public VmSpec {
        bootOrder = List.copyOf(bootOrder);
    }

    /** BIOS, disk first, virtio display, guest agent, no cloud-init. */
    public static VmSpec defaults() {
        return new VmSpec(
                Firmware.BIOS, List.of(BootDevice.DISK, BootDevice.CDROM), null, Video.VIRTIO, null, true, null);
    }

    @Override
    public InstanceKind instanceKind() {
        return InstanceKind.VM;
    }
}
