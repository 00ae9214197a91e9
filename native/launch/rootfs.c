#include "rootfs.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/paths.h"
#include "disk.h"
#include "idmap.h"
#include "volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/securebits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define LAYER_LIMIT 128

static int open_stage(void)
{
    /* A slave: when the agent unmounts a volume that this container does not use, it does not live on in here. */
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
        return fail_errno("the mount namespace cannot be left");
    if (mkdir(STAGE, 0711) < 0 && errno != EEXIST)
        return fail_errno(STAGE " cannot be made");
    if (mount("tmpfs", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0711,size=1m,nr_inodes=1k") < 0)
        return fail_errno(STAGE " cannot be mounted");
    int stage = open(STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return stage < 0 ? fail_errno(STAGE " cannot be opened") : stage;
}

static int make_directory(int parent, const char *name, mode_t mode, uid_t owner)
{
    if (mkdirat(parent, name, mode) < 0)
        return errno == EEXIST ? 0 : fail_errno("%s cannot be made", name);
    if (fchownat(parent, name, owner, owner, AT_SYMLINK_NOFOLLOW) < 0)
        return fail_errno("%s cannot be given to the container", name);
    return 0;
}

/* Mounts the layers as l/0 … and appends their names to the list, topmost first. */
static int mount_layers(const struct plan *plan, int stage, int namespace, char list[LAYER_LIMIT * 8])
{
    int count = 0;
    size_t used = 0;
    if (make_directory(stage, "l", 0711, 0) < 0)
        return -1;
    for (each_item(item, plan, "lower")) {
        char name[16];
        if (count == LAYER_LIMIT)
            return fail("there are more than %d layers", LAYER_LIMIT);
        snprintf(name, sizeof(name), "l/%d", count);
        AUTO_CLOSE int layer = volume_open(item->value[0], namespace, MOUNT_ATTR_RDONLY);
        if (layer < 0 || make_directory(stage, name, 0711, 0) < 0)
            return -1;
        if (move_mount(layer, "", stage, name, MOVE_MOUNT_F_EMPTY_PATH) < 0)
            return fail_errno("the layer %s cannot be mounted", item->value[0]);
        used += (size_t)snprintf(list + used, LAYER_LIMIT * 8 - used, "%s%s", count ? ":" : "", name);
        count++;
    }
    return count ? 0 : fail("the plan has no lower");
}

/* Mounts the disk as w. Its files keep the ids of the store, so that a copy of it can belong to another container. */
static int mount_disk(const char *image, uid_t stored, int stage, int namespace)
{
    char device[32];
    AUTO_CLOSE int loop = disk_attach(image, device);
    if (loop < 0)
        return -1;
    if (mount(device, STAGE "/w", "ext4", MS_NODEV | MS_NOATIME, NULL) < 0)
        return fail_errno("the disk %s cannot be mounted", image);
    if (chown(STAGE "/w", stored, stored) < 0)
        return fail_errno("the disk %s cannot be given to the container", image);
    AUTO_CLOSE int mapped = volume_open(STAGE "/w", namespace, 0);
    if (mapped < 0)
        return -1;
    if (umount2(STAGE "/w", 0) < 0 || move_mount(mapped, "", stage, "w", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return fail_errno("the disk %s cannot be mounted with mapped ids", image);
    return 0;
}

/* Mounts the disk, or binds the container's directory, as w. */
static int mount_writable(const struct plan *plan, int tree, int stage, int namespace)
{
    const char *image = plan_value(plan, "disk");
    if (make_directory(stage, "w", 0711, 0) < 0)
        return -1;
    if (image) {
        if (mount_disk(image, (uid_t)plan_number(plan, "stored", 0, 0), stage, namespace) < 0)
            return -1;
    } else {
        if (move_mount(tree, "", stage, "w", MOVE_MOUNT_F_EMPTY_PATH) < 0)
            return fail_errno("the container's directory cannot be mounted");
    }
    return 0;
}

static int mount_overlay(const struct plan *plan, int stage, const char *layers)
{
    char options[4096];
    uid_t owner = (uid_t)plan_number(plan, "idmap", 0, 0);
    AUTO_CLOSE int writable = open(STAGE "/w", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (writable < 0)
        return fail_errno("the writable layer cannot be opened");
    if (make_directory(writable, "upper", 0755, owner) < 0 || make_directory(writable, "work", 0700, owner) < 0 ||
        make_directory(stage, "root", 0755, owner) < 0)
        return -1;
    /* Marks are trusted.overlay.*, which only the host's root can set: layers have them from berth-unpack. */
    snprintf(options, sizeof(options), "lowerdir=%s,upperdir=w/upper,workdir=w/work,redirect_dir=nofollow,metacopy=off",
        layers);
    if (fchdir(stage) < 0)
        return fail_errno(STAGE " cannot be entered");
    if (mount("overlay", "root", "overlay", MS_NODEV, options) < 0)
        return fail_errno("the layers cannot be joined");
    return chdir("/") < 0 ? fail_errno("/ cannot be entered") : 0;
}

/* /proc, /sys and /dev must be directories of the root itself, not links elsewhere (CVE-2019-16884). */
static int check_mount_points(int root, uid_t owner)
{
    static const char *const POINTS[] = {"proc", "sys", "dev"};
    for (size_t i = 0; i < sizeof(POINTS) / sizeof(POINTS[0]); i++) {
        struct stat status;
        if (make_directory(root, POINTS[i], 0755, owner) < 0)
            return -1;
        if (fstatat(root, POINTS[i], &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode))
            return fail("the image's /%s is not a directory", POINTS[i]);
    }
    return 0;
}

/* Who does not own the network may not mount a sysfs for it: in the host's network the host's is bound, without what is
 * mounted below. */
static int mount_sysfs(const struct plan *plan)
{
    const char *network = plan_value(plan, "network");
    if (!network || strcmp(network, "host") != 0)
        return 0;
    AUTO_CLOSE int mount =
        volume_open("/sys", -1, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    if (mount < 0)
        return -1;
    if (move_mount(mount, "", AT_FDCWD, STAGE_ROOT "/sys", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return fail_errno("/sys cannot be mounted");
    return 0;
}

/* A system container takes its name from a file, which it may change later: it is written only while the layer's own
 * one shows. */
static int set_hostname(const struct plan *plan, int root, uid_t owner)
{
    char line[300];
    const char *hostname = plan_value(plan, "hostname");
    if (strcmp(plan_value(plan, "mode"), "system") != 0 || !hostname)
        return 0;
    AUTO_CLOSE int upper = open(STAGE "/w/upper", O_PATH | O_DIRECTORY | O_CLOEXEC);
    AUTO_CLOSE int changed = open_in_root(upper, "/etc/hostname", O_PATH | O_NOFOLLOW);
    if (changed >= 0)
        return 0;
    AUTO_CLOSE int made = make_in_root(root, "/etc/hostname", true, owner);
    AUTO_CLOSE int file = made < 0 ? -1 : open_in_root(root, "/etc/hostname", O_WRONLY | O_TRUNC);
    if (file < 0)
        return fail_errno("/etc/hostname cannot be written");
    snprintf(line, sizeof(line), "%s\n", hostname);
    return write_all(file, line, strlen(line));
}

static int set_read_only(int root)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(root, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
        return fail_errno("the root cannot be made read-only");
    return 0;
}

static int assemble(const struct plan *plan, int directory)
{
    char layers[LAYER_LIMIT * 8];
    uint32_t base = (uint32_t)plan_number(plan, "idmap", 0, 0);
    uint32_t count = (uint32_t)plan_number(plan, "idmap", 1, 0);
    uint32_t stored = (uint32_t)plan_number(plan, "stored", 0, 0);
    AUTO_CLOSE int namespace = idmap_namespace(stored, base, count);
    if (namespace < 0)
        return -1;
    /* Sources are opened before the stage covers anything. */
    struct volumes volumes = {0};
    AUTO_CLOSE int tree = open_tree(directory, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    if (tree < 0)
        return fail_errno("the container's directory cannot be opened");
    if (volumes_open(&volumes, plan, namespace) < 0)
        return -1;
    AUTO_CLOSE int stage = open_stage();
    if (stage < 0 || mount_layers(plan, stage, namespace, layers) < 0 ||
        mount_writable(plan, tree, stage, namespace) < 0 || mount_overlay(plan, stage, layers) < 0)
        return -1;
    AUTO_CLOSE int root = open(STAGE_ROOT, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail_errno("the root cannot be opened");
    if (check_mount_points(root, base) < 0 || mount_sysfs(plan) < 0 || set_hostname(plan, root, base) < 0 ||
        volumes_mount(&volumes, plan, root) < 0)
        return -1;
    return plan_has(plan, "read-only") ? set_read_only(root) : 0;
}

/*
 * Disk, layers and volumes hold the container's ids and no others, so what is made in them, also by overlay later on,
 * is made as its root. Without the fixup this process keeps its capabilities.
 */
static int make_as(uid_t owner, unsigned long bits)
{
    if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0)
        return fail_errno("the container's root cannot be acted for");
    setfsuid(owner);
    setfsgid(owner);
    return 0;
}

int rootfs_assemble(const struct plan *plan, int directory)
{
    if (make_as((uid_t)plan_number(plan, "idmap", 0, 0), SECBIT_NO_SETUID_FIXUP) < 0)
        return -1;
    int result = assemble(plan, directory);
    return make_as(0, 0) < 0 ? -1 : result;
}

void rootfs_release(void)
{
    umount2(STAGE, MNT_DETACH);
}
