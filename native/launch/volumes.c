#include "volumes.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/paths.h"
#include "copyup.h"
#include "rootfs.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Takes a detached mount and gives it attributes and mapped ids. */
static int adjust(int mount, const char *path, int namespace, unsigned long long attributes)
{
    struct mount_attr attr = {.attr_set = attributes};
    AUTO_CLOSE int tree = mount;
    if (tree < 0)
        return fail_errno("%s cannot be mounted", path);
    if (namespace >= 0) {
        attr.attr_set |= MOUNT_ATTR_IDMAP;
        attr.userns_fd = (unsigned)namespace;
    }
    if (attr.attr_set && mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
        return fail_errno("%s cannot be mounted with mapped ids; does its file system support that?", path);
    return take_fd(&tree);
}

int volume_open(const char *path, int namespace, unsigned long long attributes)
{
    return adjust(open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), path, namespace, attributes);
}

/* A path of the host that was checked to lie below an allowed one; no link may lead it elsewhere since. */
static int bind_open(const char *path, unsigned long long attributes)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    AUTO_CLOSE int source = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
    if (source < 0)
        return fail_errno("%s cannot be mounted", path);
    int tree = open_tree(source, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    return adjust(tree, path, -1, attributes);
}

/* Whether a comma list has an option. */
static bool has_option(const char *list, const char *option)
{
    size_t length = strlen(option);
    for (const char *c = list; c; c = strchr(c, ',')) {
        c += *c == ',';
        if (strncmp(c, option, length) == 0 && (c[length] == ',' || c[length] == '\0'))
            return true;
    }
    return false;
}

static int check_options(const char *list)
{
    static const char *const KNOWN[] = {"ro", "rw", "idmap", "file", "copy"};
    for (const char *c = list; c; c = strchr(c, ',')) {
        bool known = false;
        c += *c == ',';
        size_t length = strcspn(c, ",");
        for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++)
            known |= strlen(KNOWN[i]) == length && strncmp(KNOWN[i], c, length) == 0;
        if (!known)
            return fail("a mount has the unknown option %.*s", (int)length, c);
    }
    return 0;
}

int volumes_open(struct volumes *volumes, const struct plan *plan, int namespace)
{
    for (each_item(item, plan, "mount")) {
        const char *options = item->value[2];
        if (volumes->count == VOLUME_LIMIT)
            return fail("there are more than %d volumes", VOLUME_LIMIT);
        if (is_reserved(item->value[1]))
            return fail("nothing may be mounted on %s", item->value[1]);
        if (check_options(options) < 0)
            return -1;
        unsigned long long attributes = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID;
        if (has_option(options, "ro"))
            attributes |= MOUNT_ATTR_RDONLY;
        int mount = has_option(options, "idmap") ? volume_open(item->value[0], namespace, attributes)
                                                 : bind_open(item->value[0], attributes);
        if (mount < 0)
            return -1;
        volumes->mount[volumes->count++] = mount;
    }
    return 0;
}

static int attach(int mount, int target, const char *path)
{
    if (move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
        return fail_errno("%s cannot be mounted upon", path);
    return 0;
}

static int mount_tmpfs(const struct plan_item *item, int root, uid_t owner)
{
    char user[16];
    if (is_reserved(item->value[0]))
        return fail("nothing may be mounted on %s", item->value[0]);
    snprintf(user, sizeof(user), "%u", owner);
    AUTO_CLOSE int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);
    if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "size", item->value[1], 0) < 0 ||
        fsconfig(fs, FSCONFIG_SET_STRING, "mode", item->value[2], 0) < 0 ||
        fsconfig(fs, FSCONFIG_SET_STRING, "uid", user, 0) < 0 ||
        fsconfig(fs, FSCONFIG_SET_STRING, "gid", user, 0) < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return fail_errno("a tmpfs for %s cannot be made", item->value[0]);
    AUTO_CLOSE int mount = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (mount < 0)
        return fail_errno("a tmpfs for %s cannot be mounted", item->value[0]);
    AUTO_CLOSE int target = make_in_root(root, item->value[0], false, owner);
    return target < 0 ? -1 : attach(mount, target, item->value[0]);
}

/* A file of the stage, given to the container and bound over one of the root. */
static int mount_file(const char *name, const char *text, int root, const char *path, uid_t owner)
{
    char staged[64];
    snprintf(staged, sizeof(staged), STAGE "/%s", name);
    AUTO_CLOSE int file = open(staged, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0 || fchown(file, owner, owner) < 0)
        return fail_errno("%s cannot be made", staged);
    if (write_all(file, text, strlen(text)) < 0)
        return -1;
    AUTO_CLOSE int mount = volume_open(staged, -1, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    AUTO_CLOSE int target = make_in_root(root, path, true, owner);
    return mount < 0 || target < 0 ? -1 : attach(mount, target, path);
}

static int mount_files(const struct plan *plan, int root, uid_t owner)
{
    const char *dns = plan_value(plan, "dns");
    const char *hosts = plan_value(plan, "hosts");
    const char *hostname = plan_value(plan, "hostname");
    char line[300];
    if (dns && mount_file("dns", dns, root, "/etc/resolv.conf", owner) < 0)
        return -1;
    if (hosts && mount_file("hosts", hosts, root, "/etc/hosts", owner) < 0)
        return -1;
    if (!hosts || !hostname || strcmp(plan_value(plan, "mode"), "app") != 0)
        return 0;
    snprintf(line, sizeof(line), "%s\n", hostname);
    return mount_file("hostname", line, root, "/etc/hostname", owner);
}

int volumes_mount(struct volumes *volumes, const struct plan *plan, int root)
{
    size_t next = 0;
    uid_t owner = (uid_t)plan_number(plan, "idmap", 0, 0);
    for (each_item(tmpfs, plan, "tmpfs"))
        if (strcmp(tmpfs->value[0], "/dev/shm") != 0 && mount_tmpfs(tmpfs, root, owner) < 0)
            return -1;
    for (each_item(item, plan, "mount")) {
        AUTO_CLOSE int mount = volumes->mount[next++];
        AUTO_CLOSE int target = make_in_root(root, item->value[1], has_option(item->value[2], "file"), owner);
        if (target < 0)
            return -1;
        if (has_option(item->value[2], "copy") && copyup(root, item->value[1], mount) < 0)
            return -1;
        if (attach(mount, target, item->value[1]) < 0)
            return -1;
    }
    return mount_files(plan, root, owner);
}
