package dev.berth.ffi;

import java.util.Map;

/** Numbers of loop devices and mounts, of {@code linux/loop.h} and {@code sys/mount.h}; {@code native/layout.c} has the same. */
final class LoopLayout {
    static final int CONFIG = 304;
    static final int CONFIG_FD = 0;
    static final int CONFIG_FLAGS = 60;
    static final int CONFIG_NAME = 64;
    static final int GET_FREE = 0x4C82;
    static final int CONFIGURE = 0x4C0A;
    static final int SET_CAPACITY = 0x4C07;
    static final int AUTOCLEAR = 4;
    /** {@code BLKGETSIZE64}. */
    static final int DEVICE_SIZE = 0x80081272;

    static final int MOUNT_USUAL = 2 | 4 | 1024;
    static final int MOUNT_BIND = 4096;
    static final int MOUNT_SHARED = 1 << 20;
    static final int UNMOUNT_DETACH = 2;
    static final int UNMOUNT_NO_FOLLOW = 8;

    private LoopLayout() {}

    /** The table by the names of C. */
    static Map<String, Integer> byName() {
        return Map.ofEntries(
                Map.entry("loop_config", CONFIG),
                Map.entry("loop_config.fd", CONFIG_FD),
                Map.entry("loop_config.flags", CONFIG_FLAGS),
                Map.entry("loop_config.name", CONFIG_NAME),
                Map.entry("LOOP_CTL_GET_FREE", GET_FREE),
                Map.entry("LOOP_CONFIGURE", CONFIGURE),
                Map.entry("LOOP_SET_CAPACITY", SET_CAPACITY),
                Map.entry("LO_FLAGS_AUTOCLEAR", AUTOCLEAR),
                Map.entry("MS_NOSUID_NODEV_NOATIME", MOUNT_USUAL),
                Map.entry("MS_BIND", MOUNT_BIND),
                Map.entry("MS_SHARED", MOUNT_SHARED),
                Map.entry("MNT_DETACH", UNMOUNT_DETACH),
                Map.entry("UMOUNT_NOFOLLOW", UNMOUNT_NO_FOLLOW));
    }
}
