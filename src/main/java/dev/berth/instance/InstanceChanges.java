package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.OciDetails;
import dev.berth.driver.VmSpec;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.json.BerthJson;
import dev.berth.json.Kept;
import dev.berth.json.MergePatch;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.operation.OperationView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes instances that exist: sizes, names, images, media. The row says at once what is wanted; the node follows. */
@ApplicationScoped
public class InstanceChanges {
    private final InstanceStore store;
    private final Images images;
    private final InstanceSubmission submission;
    private final DefinitionRules rules;
    private final CommitInstance commitInstance;
    private final InstanceVolumes volumes;
    private final SnapshotStore snapshots;

    InstanceChanges(
            InstanceStore store,
            Images images,
            InstanceSubmission submission,
            DefinitionRules rules,
            CommitInstance commitInstance,
            InstanceVolumes volumes,
            SnapshotStore snapshots) {
        this.store = store;
        this.images = images;
        this.submission = submission;
        this.rules = rules;
        this.commitInstance = commitInstance;
        this.volumes = volumes;
        this.snapshots = snapshots;
    }

    /**
     * What to change. What is null goes back to what its image says, or to what is usual; see {@link MergePatch}. What is only for containers takes effect when it is started anew, unless said otherwise.
     *
     * @param disks disks to grow, by name
     * @param publish all ports that it publishes from now on, at once and without a restart
     * @param entrypoint of a container, in the place of its image's and of what was given before
     * @param command of a container, after the entry point that is given with it, or else the image's
     * @param env of a container, in the place of what was given before
     * @param limits of a container, at once; of ulimits all that it has from its next start
     * @param restart of a container, from its next end
     * @param health of a container
     * @param security of a container; what is left out stays as it is
     * @param mounts of a container, all that it has from now on, apart from the volumes that go with it
     */
    public record Change(
            @Kept @Nullable ResourceName name,
            @Kept @Nullable CpuCount cpus,
            @Kept @Nullable DataSize memory,
            @Kept @Nullable List<DiskChange> disks,
            @Nullable Boolean deletionProtection,
            @Nullable List<PublishedPort> publish,
            @Nullable List<String> entrypoint,
            @Nullable List<String> command,
            @Nullable Environment env,
            @Nullable String user,
            @Nullable String workingDirectory,
            @Nullable String stopSignal,
            @Nullable Boolean tty,
            @Nullable Boolean stdin,
            NewContainer.@Nullable NewLimits limits,
            NewContainer.@Nullable NewRestart restart,
            NewContainer.@Nullable NewHealth health,
            NewContainer.@Nullable NewSecurity security,
            @Nullable List<NewContainer.NewMount> mounts,
            @Nullable Map<String, String> extraHosts,
            @Nullable Boolean removeOnExit,
            @Nullable String hostname,
            Set<String> cleared)
            implements MergePatch {
        /** The change that a JSON object with these fields means; values may be of the field's type, too. */
        public static Change of(Map<String, ?> fields) {
            return BerthJson.convert(fields, Change.class);
        }

        /** What a field is to be; null to stay as it is. */
        <T> @Nullable T wanted(String pointer, @Nullable T given, T usual) {
            return given == null && clears(pointer) ? usual : given;
        }

        /** What a field comes to. */
        <T> T over(T before, String pointer, @Nullable T given, T usual) {
            return Objects.requireNonNullElse(wanted(pointer, given, usual), before);
        }

        @Nullable
        List<NewContainer.NewMount> wantedMounts() {
            return wanted("/mounts", mounts, List.of());
        }
    }

    /** A disk and its new size in bytes. */
    public record DiskChange(String name, DataSize size) {}

    @Transactional
    public OperationView change(InstanceView view, Change change, Caller caller) {
        Changeable.check(view);
        Instance before = lock(view);
        List<DiskSpec> disks = grown(before, Objects.requireNonNullElse(change.disks(), List.of()));
        Instance after = before.with(draft -> {
            draft.resize(
                    Objects.requireNonNullElse(change.cpus(), before.cpus()),
                    Objects.requireNonNullElse(change.memory(), before.memory()));
            draft.disks = disks;
            List<PublishedPort> publish = change.wanted("/publish", change.publish(), List.of());
            draft.publications = publish == null
                    ? before.publications()
                    : publish.stream().map(PublishedPort::publication).toList();
            draft.spec = changed(before, change);
            draft.name = change.name() == null ? before.name() : change.name().value();
            draft.deletionProtection =
                    change.over(before.deletionProtection(), "/deletionProtection", change.deletionProtection(), false);
        });
        rules.check(after, before, caller);
        if (!after.name().equals(before.name()) && store.nameTaken(after)) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is an instance '" + after.name() + "' in this project already; choose another name.")
                    .with("pointer", "/name");
        }
        OciDetails.Config image = change.wantedMounts() == null ? null : declared(before.image());
        return submission.change(
                before, after, image, new InstanceSubmission.Way(ChangeInstance.Kind.SIZE, false), caller);
    }

    private InstanceSpec changed(Instance before, Change change) {
        return switch (before.spec()) {
            case VmSpec vm -> {
                ContainerChange.refuse(change);
                yield vm;
            }
            case ContainerSpec container ->
                ContainerChange.of(
                        container,
                        declared(before.image()),
                        change,
                        volumes.changed(before, container, change.wantedMounts()));
        };
    }

    private OciDetails.Config declared(@Nullable UUID image) {
        OciDetails oci = image == null
                ? null
                : images.find(image.toString()).map(Image::oci).orElse(null);
        return oci == null ? InstanceCompletion.UNKNOWN : oci.config();
    }

    private static List<DiskSpec> grown(Instance instance, List<DiskChange> changes) {
        List<DiskSpec> disks = new ArrayList<>(instance.disks());
        for (int i = 0; i < changes.size(); i++) {
            DiskChange change = changes.get(i);
            String pointer = "/disks/" + i;
            int at = indexOf(disks, change.name());
            if (at < 0 || disks.get(at).device() != DiskSpec.Device.DISK) {
                throw BerthException.invalid(pointer + "/name", "There is no disk '" + change.name() + "'.");
            }
            DiskSpec disk = disks.get(at);
            if (change.size().compareTo(disk.size()) < 0) {
                throw BerthException.invalid(
                        pointer + "/size",
                        "A disk can only grow; it has " + disk.size().bytes() + " bytes.");
            }
            disks.set(
                    at,
                    new DiskSpec(
                            disk.id(),
                            disk.name(),
                            disk.device(),
                            change.size(),
                            disk.image(),
                            disk.cloneMode(),
                            disk.bus()));
        }
        return disks;
    }

    private static int indexOf(List<DiskSpec> disks, String name) {
        for (int i = 0; i < disks.size(); i++) {
            if (disks.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Makes the root disk anew from an image, its own unless another is named. Identity, addresses and disks stay. */
    @Transactional
    public OperationView rebuild(InstanceView view, @Nullable String imageName, boolean start, Caller caller) {
        Changeable.check(view);
        Changeable.checkStopped(view, "rebuild");
        Instance before = lock(view);
        String wanted = imageName == null ? Objects.toString(before.image(), null) : imageName;
        if (wanted == null) {
            throw BerthException.invalid("/image", "It was not made from an image; name the one to use.");
        }
        Image image = ready("/image", wanted);
        boolean fits =
                switch (before.kind()) {
                    case VM -> image.format() != ImageFormat.ISO && image.format() != ImageFormat.OCI;
                    case CONTAINER -> image.format() == ImageFormat.OCI;
                };
        if (!fits || !image.node().equals(before.node())) {
            throw BerthException.invalid(
                    "/image",
                    before.kind() == InstanceKind.VM
                            ? "The image has to be a disk image in the store of the same node."
                            : "The image has to be an OCI image in the store of the same node.");
        }
        List<DiskSpec> disks = before.disks().stream()
                .map(disk -> disk.name().equals(Blueprint.ROOT) ? from(disk, image) : disk)
                .toList();
        Instance after = before.with(draft -> {
            draft.image = image.id();
            draft.disks = disks;
            draft.bootLike(image.boot());
            if (before.spec() instanceof ContainerSpec container) {
                draft.spec = ContainerBlueprint.rebased(
                        container,
                        declared(before.image()),
                        Blueprint.details(image).config());
            }
        });
        rules.check(after, before, caller);
        refuseSnapshots(before);
        return submission.change(
                before,
                after,
                before.kind() == InstanceKind.CONTAINER
                        ? Blueprint.details(image).config()
                        : null,
                new InstanceSubmission.Way(ChangeInstance.Kind.REBUILD, start),
                caller);
    }

    /** Snapshots are of the disk that goes; on another image nothing could be reverted to them. */
    private void refuseSnapshots(Instance instance) {
        List<String> names = snapshots.list(instance.id()).stream()
                .filter(snapshot -> snapshot.state() == Snapshot.State.READY)
                .map(Snapshot::name)
                .toList();
        if (!names.isEmpty()) {
            throw BerthException.of(
                            ErrorCode.IN_USE,
                            "A rebuild would break the snapshots " + String.join(", ", names)
                                    + "; delete them first, or make another instance of the image.")
                    .with("snapshots", names);
        }
    }

    private static DiskSpec from(DiskSpec disk, Image image) {
        // What a container writes is limited by its own size, whatever its image takes.
        DataSize virtual = image.format() == ImageFormat.OCI ? null : image.virtualSize();
        DataSize needed = Objects.requireNonNullElse(virtual, disk.size());
        DataSize size = needed.compareTo(disk.size()) > 0 ? needed : disk.size();
        return new DiskSpec(disk.id(), disk.name(), disk.device(), size, image.ref(), disk.cloneMode(), disk.bus());
    }

    /** Puts an ISO into the optical drive, or empties it when the image is null. */
    @Transactional
    public OperationView changeMedia(InstanceView view, @Nullable String imageName, Caller caller) {
        Changeable.check(view);
        Instance before = lock(view);
        Image image = imageName == null ? null : ready("/image", imageName);
        if (image != null && image.format() != ImageFormat.ISO) {
            throw BerthException.invalid("/image", "Only an ISO image fits into an optical drive.");
        }
        if (before.disks().stream().noneMatch(disk -> disk.device() == DiskSpec.Device.CDROM)) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "This instance has no optical drive.");
        }
        List<DiskSpec> disks = before.disks().stream()
                .map(disk -> disk.device() == DiskSpec.Device.CDROM
                        ? new DiskSpec(
                                disk.id(),
                                disk.name(),
                                disk.device(),
                                disk.size(),
                                image == null ? null : image.ref(),
                                disk.cloneMode(),
                                disk.bus())
                        : disk)
                .toList();
        Instance after = before.with(draft -> draft.disks = disks);
        return submission.change(
                before, after, null, new InstanceSubmission.Way(ChangeInstance.Kind.MEDIA, false), caller);
    }

    /** Begins to make an image of a container's changes; UNSUPPORTED for virtual machines. */
    @Transactional
    public OperationView commit(InstanceView view, ResourceName name, String comment, Caller caller) {
        return commitInstance.begin(view, name, comment, caller);
    }

    private Instance lock(InstanceView view) {
        UUID id = view.id();
        return store.lock(id).orElseThrow(() -> BerthException.notFound("instance", id));
    }

    private Image ready(String pointer, String name) {
        Image image = images.find(name)
                .orElseThrow(() -> BerthException.invalid(pointer, "There is no image '" + name + "'."));
        return image.requireReady();
    }
}
