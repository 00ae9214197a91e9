package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.UUID;

/** Disks for definitions in tests. */
public final class ContractDisks {
    private ContractDisks() {}

    public static DiskSpec blank(String name) {
        return new DiskSpec(
                UUID.randomUUID(),
                name,
                DiskSpec.Device.DISK,
                DataSize.ofMebibytes(16),
                null,
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.VIRTIO);
    }

    public static DiskSpec ofImage(String name, ImageRef image, DataSize size) {
        return new DiskSpec(
                UUID.randomUUID(),
                name,
                DiskSpec.Device.DISK,
                size,
                image,
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.VIRTIO);
    }

    /** A disk that no driver can make: nobody has its image. */
    static DiskSpec ofMissingImage(ImageFormat format) {
        return ofImage("bad", new ImageRef(UUID.randomUUID(), format), DataSize.ofMebibytes(16));
    }

    public static DiskSpec emptyDrive(String name) {
        return new DiskSpec(
                UUID.randomUUID(),
                name,
                DiskSpec.Device.CDROM,
                DataSize.ZERO,
                null,
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.SATA);
    }
}
