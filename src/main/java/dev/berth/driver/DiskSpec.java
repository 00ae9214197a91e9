package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One disk or optical drive of an instance.
 *
 * @param id file names derive from it
 * @param name unique within the instance, for example {@code root}
 * @param size virtual size; at least the image's own for a disk made from one; zero for optical drives
 * @param image what a disk is made from or what lies in an optical drive; null for a blank disk or an empty drive
 * @param cloneMode whether a disk made from an image shares its unchanged blocks or copies them
 */
public record DiskSpec(
        UUID id,
        String name,
        Device device,
        DataSize size,
        @Nullable ImageRef image,
        CloneMode cloneMode,
        Bus bus) {
    /** What the guest sees. */
    public enum Device {
        DISK,
        CDROM
    }

    /** How a disk is made from its image. */
    public enum CloneMode {
        LINKED,
        FULL
    }

    /** How the device is attached. */
    public enum Bus {
        VIRTIO,
        SATA
    }
}
