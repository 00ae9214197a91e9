package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.MountSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.driver.VmSpec;
import dev.berth.image.Image;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Uuids;
import dev.berth.project.Project;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fills a request's gaps with defaults, so that an instance comes out that is complete. */
final class Blueprint {
    static final String ROOT = "root";
    private static final DataSize MEMORY = DataSize.ofMebibytes(512);
    private static final DataSize BLANK_DISK = DataSize.ofGibibytes(10);

    private Blueprint() {}

    /**
     * What a request refers to.
     *
     * @param mounts volumes and host paths of a container
     * @param pulled whether its image is still to be pulled, so that nobody knows what it says
     */
    record Context(
            Project project,
            UUID node,
            @Nullable Image image,
            @Nullable Image iso,
            List<MountSpec> mounts,
            boolean pulled,
            Instant now) {}

    static Instance draw(NewInstance request, Context context, List<NicSpec> nics) {
        InstanceKind kind = context.pulled() ? InstanceKind.CONTAINER : kind(request, context.image());
        request.checkFields(kind);
        CpuCount cpus = Objects.requireNonNullElse(request.cpus(), new CpuCount(1));
        DataSize memory = Objects.requireNonNullElse(request.memory(), MEMORY);
        Image image = context.image();
        return new Instance(
                Uuids.next(),
                context.project().id(),
                context.project().name(),
                request.name().value(),
                context.node(),
                image == null ? null : image.id(),
                Instance.Phase.CREATING,
                Boolean.TRUE.equals(request.start()),
                cpus,
                maxCpus(request, kind, cpus),
                memory,
                Objects.requireNonNullElse(request.maxMemory(), memory),
                switch (kind) {
                    case VM -> disks(request, context);
                    case CONTAINER -> List.of(layer(request, image));
                },
                nics,
                Objects.requireNonNullElse(request.publish(), List.<PublishedPort>of()).stream()
                        .map(PublishedPort::publication)
                        .toList(),
                switch (kind) {
                    case VM -> machine(request, image);
                    case CONTAINER -> ContainerBlueprint.draw(request, config(context), context.mounts());
                },
                Boolean.TRUE.equals(request.deletionProtection()),
                context.now(),
                0);
    }

    /** What was asked for, or else what the image is for. */
    static InstanceKind kind(NewInstance request, @Nullable Image image) {
        InstanceKind wanted = request.kind();
        if (image == null) {
            return wanted == null ? InstanceKind.VM : wanted;
        }
        InstanceKind fitting = image.format() == ImageFormat.OCI ? InstanceKind.CONTAINER : InstanceKind.VM;
        if (wanted != null && wanted != fitting) {
            throw BerthException.invalid(
                    "/image",
                    fitting == InstanceKind.VM
                            ? "That image holds a disk for virtual machines; a container is made from an OCI image."
                            : "That is an OCI image, which containers are made from; a virtual machine needs a disk image.");
        }
        return fitting;
    }

    private static CpuCount maxCpus(NewInstance request, InstanceKind kind, CpuCount cpus) {
        return switch (kind) {
            case VM ->
                Objects.requireNonNullElse(request.maxCpus(), new CpuCount(Math.min(512, Math.max(4, cpus.value()))));
            case CONTAINER -> cpus;
        };
    }

    private static OciDetails.Config config(Context context) {
        return context.pulled()
                ? InstanceCompletion.UNKNOWN
                : details(context.image()).config();
    }

    static OciDetails details(@Nullable Image image) {
        OciDetails oci = image == null ? null : image.oci();
        if (oci == null) {
            throw BerthException.invalid("/image", "A container is made from an image; name it.");
        }
        return oci;
    }

    /** The layer that a container writes to. */
    private static DiskSpec layer(NewInstance request, @Nullable Image image) {
        return new DiskSpec(
                Uuids.next(),
                ROOT,
                DiskSpec.Device.DISK,
                Objects.requireNonNullElse(request.diskSize(), BLANK_DISK),
                image == null ? null : image.ref(),
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.VIRTIO);
    }

    private static List<DiskSpec> disks(NewInstance request, Context context) {
        List<DiskSpec> disks = new ArrayList<>();
        disks.add(root(request, context.image()));
        List<NewInstance.NewDisk> more = Objects.requireNonNullElse(request.disks(), List.of());
        for (NewInstance.NewDisk disk : more) {
            disks.add(new DiskSpec(
                    Uuids.next(),
                    disk.name().value(),
                    DiskSpec.Device.DISK,
                    disk.size(),
                    null,
                    DiskSpec.CloneMode.LINKED,
                    Objects.requireNonNullElse(disk.bus(), DiskSpec.Bus.VIRTIO)));
        }
        Image iso = context.iso();
        disks.add(new DiskSpec(
                Uuids.next(),
                "cdrom",
                DiskSpec.Device.CDROM,
                DataSize.ZERO,
                iso == null ? null : iso.ref(),
                DiskSpec.CloneMode.LINKED,
                DiskSpec.Bus.SATA));
        return disks;
    }

    private static DiskSpec root(NewInstance request, @Nullable Image image) {
        if (image != null && image.format() == ImageFormat.ISO) {
            throw BerthException.invalid("/image", "That image is an ISO; name it in the field iso instead.");
        }
        DataSize needed = image == null ? null : image.virtualSize();
        DataSize size = request.diskSize() != null ? request.diskSize() : needed == null ? BLANK_DISK : needed;
        if (needed != null && size.compareTo(needed) < 0) {
            throw BerthException.invalid(
                    "/diskSize",
                    "The image needs a disk of at least " + needed.bytes() + " bytes (" + needed.display() + ").");
        }
        return new DiskSpec(
                Uuids.next(),
                ROOT,
                DiskSpec.Device.DISK,
                size,
                image == null ? null : image.ref(),
                Objects.requireNonNullElse(request.cloneMode(), DiskSpec.CloneMode.LINKED),
                Objects.requireNonNullElse(request.diskBus(), DiskSpec.Bus.VIRTIO));
    }

    private static VmSpec machine(NewInstance request, @Nullable Image image) {
        StoredImage.Boot boot = image == null ? null : image.boot();
        VmSpec.DirectBoot direct =
                boot == null ? null : new VmSpec.DirectBoot(boot.kernel(), boot.initrd(), boot.commandLine());
        NewInstance.NewCloudInit cloud = request.cloudInit();
        VmSpec defaults = VmSpec.defaults();
        return new VmSpec(
                Objects.requireNonNullElse(request.firmware(), defaults.firmware()),
                Objects.requireNonNullElse(request.bootOrder(), defaults.bootOrder()),
                direct,
                Objects.requireNonNullElse(request.video(), defaults.video()),
                request.cpuModel(),
                !Boolean.FALSE.equals(request.guestAgent()),
                cloud == null
                        ? null
                        : new VmSpec.CloudInit(
                                Objects.requireNonNullElse(cloud.userData(), ""),
                                cloud.networkConfig(),
                                Objects.requireNonNullElse(cloud.sshKeys(), List.of()),
                                Objects.requireNonNullElse(
                                        cloud.hostname(), request.name().value())));
    }
}
