package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mounts of this process's namespace. */
public final class Mounts {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");

    private Mounts() {}

    /** Mounts an ext4 file system; devices and set-user-id bits in it mean nothing. */
    static void ext4(Path device, Path directory) {
        mount(device.toString(), directory, "ext4", LoopLayout.MOUNT_USUAL);
    }

    /**
     * Makes a directory a mount whose changes are seen in namespaces that were copied from this one, so that what is
     * unmounted here lives on nowhere.
     */
    public static void share(Path directory) {
        if (!isMounted(directory)) {
            mount(directory.toString(), directory, null, LoopLayout.MOUNT_BIND);
        }
        mount(null, directory, null, LoopLayout.MOUNT_SHARED);
    }

    private static void mount(
            @org.jspecify.annotations.Nullable String source,
            Path directory,
            @org.jspecify.annotations.Nullable String type,
            int flags) {
        try {
            LibcLibrary.INSTANCE.mount(source, directory.toString(), type, flags, null);
        } catch (LastErrorException e) {
            throw new LinuxException("mount", e);
        }
    }

    /** Unmounts a directory; success if nothing is mounted there. */
    public static void unmount(Path directory) {
        unmount(directory, LoopLayout.UNMOUNT_NO_FOLLOW);
    }

    /** Unmounts a directory as soon as nobody uses it anymore; it is gone from its place at once. */
    public static void detach(Path directory) {
        unmount(directory, LoopLayout.UNMOUNT_NO_FOLLOW | LoopLayout.UNMOUNT_DETACH);
    }

    private static void unmount(Path directory, int flags) {
        if (!isMounted(directory)) {
            return;
        }
        try {
            LibcLibrary.INSTANCE.umount2(directory.toString(), flags);
        } catch (LastErrorException e) {
            throw new LinuxException("umount", e);
        }
    }

    /** Writes everything of the file system to its disk in which a directory lies. */
    public static void sync(Path directory) {
        try (Descriptor top = Descriptor.open(directory, Descriptor.READ)) {
            top.sync();
        }
    }

    /** Whether something is mounted exactly there. */
    public static boolean isMounted(Path directory) {
        try {
            String wanted = escaped(directory.toRealPath().toString());
            return Files.readString(TABLE, StandardCharsets.UTF_8)
                    .lines()
                    .anyMatch(line -> line.split(" ", 6)[4].equals(wanted));
        } catch (IOException e) {
            return false;
        }
    }

    /** A path as the kernel writes it into its tables. */
    static String escaped(String path) {
        return path.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
