#include "mounts.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#define PROC_ROOT_INODE 1

int check_kernel_filesystems(void)
{
    static const struct {
        const char *path;
        unsigned long magic;
    } EXPECTED[] = {{"/proc", PROC_SUPER_MAGIC}, {"/sys", SYSFS_MAGIC}};
    for (size_t i = 0; i < sizeof(EXPECTED) / sizeof(EXPECTED[0]); i++) {
        struct statfs fs;
        struct stat status;
        AUTO_CLOSE int fd = open(EXPECTED[i].path, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fstatfs(fd, &fs) < 0 || fstat(fd, &status) < 0)
            return fail_errno("%s cannot be examined", EXPECTED[i].path);
        if ((unsigned long)fs.f_type != EXPECTED[i].magic || status.st_ino != PROC_ROOT_INODE)
            return fail("%s is not the kernel's", EXPECTED[i].path);
    }
    return 0;
}

static int open_null(void)
{
    struct stat status;
    AUTO_CLOSE int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        return fail_errno("/dev/null cannot be opened");
    if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
        return fail("/dev/null is not the null device");
    return take_fd(&fd);
}

static int open_target(const char *path)
{
    AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = root < 0 ? -1 : open_in_root(root, path, O_PATH);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
        return fail_errno("%s cannot be opened", path);
    return fd < 0 ? -ENOENT : fd;
}

static int attach(int mount, int target, const char *path)
{
    if (move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
        return fail_errno("%s cannot be mounted upon", path);
    return 0;
}

static int clone_mount(int fd, unsigned flags, const char *path)
{
    int mount = open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | flags);
    return mount < 0 ? fail_errno("the mount of %s cannot be copied", path) : mount;
}

static int empty_directory(void)
{
    AUTO_CLOSE int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);
    if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "size", "4k", 0) < 0 ||
        fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0555", 0) < 0 ||
        fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return fail_errno("an empty directory cannot be made");
    int mount =
        fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    return mount < 0 ? fail_errno("an empty directory cannot be mounted") : mount;
}

int mask_path(const char *path)
{
    struct stat status;
    AUTO_CLOSE int target = open_target(path);
    if (target == -ENOENT)
        return 0;
    if (target < 0 || fstat(target, &status) < 0)
        return -1;
    AUTO_CLOSE int null = open_null();
    if (null < 0)
        return -1;
    AUTO_CLOSE int mount = S_ISDIR(status.st_mode) ? empty_directory() : clone_mount(null, 0, "/dev/null");
    return mount < 0 ? -1 : attach(mount, target, path);
}

static int make_read_only(const char *path)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    AUTO_CLOSE int target = open_target(path);
    if (target == -ENOENT)
        return 0;
    if (target < 0)
        return -1;
    AUTO_CLOSE int mount = clone_mount(target, AT_RECURSIVE, path);
    if (mount < 0)
        return -1;
    if (mount_setattr(mount, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof(attributes)) < 0)
        return fail_errno("%s cannot be made read-only", path);
    return attach(mount, target, path);
}

int restrict_paths(const struct plan *plan)
{
    for (each_item(item, plan, "readonly"))
        if (make_read_only(item->value[0]) < 0)
            return -1;
    for (each_item(item, plan, "mask"))
        if (mask_path(item->value[0]) < 0)
            return -1;
    return 0;
}

int mount_console(int slave)
{
    AUTO_CLOSE int target =
        open("/dev/console", O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0600);
    if (target < 0)
        return fail_errno("/dev/console cannot be made");
    AUTO_CLOSE int mount = clone_mount(slave, 0, "the terminal");
    return mount < 0 ? -1 : attach(mount, target, "/dev/console");
}
