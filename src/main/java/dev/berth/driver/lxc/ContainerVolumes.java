package dev.berth.driver.lxc;

import dev.berth.driver.StoreLayout;
import dev.berth.driver.VolumeDriver;
import dev.berth.ffi.Mounts;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Revert;
import dev.berth.kernel.Uuids;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The volumes of this node: images with file systems of their own, mounted once by the agent and from there into containers.
 * The image's size is the hard limit, so that a full volume is nobody else's trouble.
 *
 * <p>All of them lie below one shared mount, so that a volume that is unmounted here is so in the namespaces of running
 * containers that never used it, too, and its space is free at once.
 */
public final class ContainerVolumes implements VolumeDriver, Surroundings.Volumes {
    private static final DataSize LEAST = DataSize.ofMebibytes(4);
    private static final long BLOCK = 4096;

    private final StoreLayout layout;
    private volatile Function<UUID, List<UUID>> users = volume -> List.of();
    private volatile Function<UUID, List<UUID>> holders = volume -> List.of();

    public ContainerVolumes(StoreLayout layout) {
        this.layout = new StoreLayout(layout.state().toAbsolutePath().normalize());
    }

    /**
     * Says who uses a volume.
     *
     * @param defined have it in their definition
     * @param running were started with it and run, whatever their definition says now
     */
    public void usedBy(Function<UUID, List<UUID>> defined, Function<UUID, List<UUID>> running) {
        users = defined;
        holders = running;
    }

    private VolumeImage image(UUID id) {
        return new VolumeImage(new VolumeFiles(layout, id));
    }

    @Override
    public synchronized void ensureVolume(VolumeSpec volume) {
        DataSize size = rounded(volume.size());
        VolumeImage image = image(volume.id());
        if (!image.exists()) {
            make(image, size);
            return;
        }
        int difference = size.compareTo(image.size());
        if (difference < 0) {
            throw BerthException.invalid("/size", "A volume can grow, but not shrink.");
        }
        share();
        image.mount();
        if (difference > 0) {
            image.grow(size);
        }
    }

    private static DataSize rounded(DataSize size) {
        if (size.compareTo(LEAST) < 0) {
            throw BerthException.invalid("/size", "A volume has at least 4 MiB.");
        }
        return new DataSize((size.bytes() + BLOCK - 1) / BLOCK * BLOCK);
    }

    private void make(VolumeImage image, DataSize size) {
        try (Revert revert = new Revert()) {
            Trees.create(layout.volumes());
            share();
            revert.add(this::unshareIfEmpty);
            revert.add(image::delete);
            image.make(size);
            image.mount();
            revert.disarm();
        }
    }

    private void share() {
        Mounts.share(layout.volumes());
    }

    private void unshareIfEmpty() {
        if (Trees.list(layout.volumes()).isEmpty()) {
            Mounts.detach(layout.volumes());
        }
    }

    @Override
    public synchronized void removeVolume(UUID id) {
        refuseUsed(users.apply(id), "A container uses the volume; remove it from there first.");
        refuseUsed(holders.apply(id), "A container that was started with the volume still runs; stop it first.");
        VolumeImage image = image(id);
        image.unmount();
        image.delete();
        unshareIfEmpty();
    }

    private static void refuseUsed(List<UUID> containers, String why) {
        if (!containers.isEmpty()) {
            throw BerthException.of(ErrorCode.IN_USE, why).with("users", containers.toString());
        }
    }

    @Override
    public List<VolumeState> volumes() {
        return ids().stream()
                .filter(id -> image(id).exists())
                .map(id -> new VolumeState(id, image(id).size(), image(id).used(), users.apply(id)))
                .toList();
    }

    private List<UUID> ids() {
        return Trees.list(layout.volumes()).stream()
                .flatMap(path -> Uuids.parse(path.getFileName().toString()).stream())
                .toList();
    }

    @Override
    public synchronized Path held(UUID volume, UUID instance) {
        VolumeImage image = image(volume);
        if (!image.exists()) {
            throw BerthException.notFound("volume", volume);
        }
        share();
        image.mount();
        image.finishGrowth();
        return new VolumeFiles(layout, volume).mount();
    }

    /** They stay mounted; but what could not grow because it was in use may do so now. */
    @Override
    public synchronized void released(UUID instance) {
        ids().forEach(this::settle);
    }

    private void settle(UUID id) {
        try {
            image(id).finishGrowth();
        } catch (BerthException e) {
            System.getLogger(ContainerVolumes.class.getName())
                    .log(System.Logger.Level.WARNING, "volume " + id + ": " + e.message());
        }
    }

    /** Mounts all again after a restart of the node, and removes what was left half made. Called once. */
    public synchronized void recover() {
        for (UUID id : ids()) {
            try {
                if (image(id).exists()) {
                    held(id, id);
                } else {
                    image(id).delete();
                }
            } catch (BerthException e) {
                System.getLogger(ContainerVolumes.class.getName())
                        .log(System.Logger.Level.ERROR, "volume " + id + " cannot be had: " + e.message());
            }
        }
    }
}
