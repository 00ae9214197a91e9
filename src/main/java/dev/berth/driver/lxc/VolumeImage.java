package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.LinuxException;
import dev.berth.ffi.LoopDevice;
import dev.berth.ffi.Mounts;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The file system of one volume: its image, its mount, its growth. Its volume's lock is held during each call. */
final class VolumeImage {
    private static final System.Logger LOG = System.getLogger(VolumeImage.class.getName());
    private static final String OWNER = "unix:uid";

    private final VolumeFiles files;

    VolumeImage(VolumeFiles files) {
        this.files = files;
    }

    boolean exists() {
        return Files.exists(files.image());
    }

    DataSize size() {
        try {
            return new DataSize(Files.size(files.image()));
        } catch (IOException e) {
            throw NodeFailures.files("Looking at the volume", e);
        }
    }

    DataSize used() {
        try {
            if (Mounts.isMounted(files.mount())) {
                var store = Files.getFileStore(files.mount());
                return new DataSize(store.getTotalSpace() - store.getUnallocatedSpace());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a volume has just gone", e);
        }
        return DataSize.ZERO;
    }

    void make(DataSize size) {
        try {
            Trees.create(files.directory());
            Files.deleteIfExists(files.partial());
            RootDisk.format(files.partial(), size);
            Files.move(files.partial(), files.image(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw NodeFailures.files("Making the volume", e);
        }
    }

    /** Mounts it, unless it is mounted. */
    void mount() {
        if (Mounts.isMounted(files.mount())) {
            return;
        }
        try {
            if (Files.notExists(files.mount())) {
                Files.createDirectory(
                        files.mount(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (Files.exists(files.growth()) && LoopDevice.find(files.image()).isEmpty()) {
                growUnmounted();
            }
            LoopDevice.mount(files.image(), files.mount());
            if (Files.getAttribute(files.mount(), OWNER).equals(0)) {
                giveAway();
            }
        } catch (IOException e) {
            throw NodeFailures.files("Mounting the volume", e);
        } catch (LinuxException e) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "The volume cannot be mounted: " + e.getMessage(), e);
        }
    }

    /** A new file system becomes empty, and the containers'. */
    private void giveAway() throws IOException {
        try {
            Files.deleteIfExists(files.mount().resolve("lost+found"));
        } catch (DirectoryNotEmptyException e) {
            LOG.log(System.Logger.Level.DEBUG, "something was found", e);
        }
        Files.setAttribute(files.mount(), "unix:gid", (int) IdRanges.STORED);
        Files.setAttribute(files.mount(), OWNER, (int) IdRanges.STORED);
    }

    /**
     * Unmounts it.
     *
     * @throws BerthException IN_USE when somebody on the node uses files in it
     */
    void unmount() {
        try {
            Mounts.unmount(files.mount());
        } catch (LinuxException e) {
            throw e.errno() == LinuxException.BUSY
                    ? BerthException.of(ErrorCode.IN_USE, "A process of the node uses files of the volume.", e)
                    : BerthException.of(
                            ErrorCode.DRIVER_FAILED, "The volume cannot be unmounted: " + e.getMessage(), e);
        }
    }

    /** Removes all of its files; nothing is mounted. Nothing is removed from within the file system. */
    void delete() {
        try {
            for (Path file :
                    List.of(files.image(), files.partial(), files.growth(), files.mount(), files.directory())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw NodeFailures.files("Removing the volume", e);
        }
    }

    void grow(DataSize size) {
        try {
            Trees.write(files.growth(), new byte[0]);
            RootDisk.resize(files.image(), size);
        } catch (IOException e) {
            throw NodeFailures.files("Growing the volume", e);
        }
        finishGrowth();
    }

    /** Lets the file system fill its image, if it does not yet; where the kernel refuses that, as soon as nobody uses it. */
    void finishGrowth() {
        if (!Files.exists(files.growth())) {
            return;
        }
        try {
            mount();
            if (Files.exists(files.growth())) {
                LoopDevice.grow(files.image(), files.mount());
                Trees.delete(files.growth());
            }
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.NOT_PERMITTED) {
                throw BerthException.of(ErrorCode.DRIVER_FAILED, "The volume cannot grow: " + e.getMessage(), e);
            }
            // The kernel wants CAP_SYS_RESOURCE for it, which not every agent has.
            growWithoutUsers();
        }
    }

    private void growWithoutUsers() {
        try {
            unmount();
        } catch (BerthException e) {
            LOG.log(System.Logger.Level.INFO, "a volume grows when nobody uses it: " + e.message());
        }
        // It grows first if that was its last use.
        mount();
    }

    private void growUnmounted() {
        DiskGrowth.offline(files.image());
        Trees.delete(files.growth());
    }
}
