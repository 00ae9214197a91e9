#include "protect.h"

#include "../common/cleanup.h"
#include "../common/error.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define SELF "/proc/self/exe"
/* The directory of the programs; set when this one has been executed again, from a mount that does not tell. */
#define PROTECTED "BERTH_PROTECTED"

static int init_program = -1;

static bool is_protected(void)
{
    struct statvfs fs;
    return getenv(PROTECTED) && statvfs(SELF, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

int protect_program(const char *path)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    AUTO_CLOSE int tree = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0)
        return fail_errno("%s cannot be mounted", path);
    if (mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
        return fail_errno("the mount of %s cannot be made read-only", path);
    return take_fd(&tree);
}

static int programs_directory(char directory[PATH_MAX])
{
    if (is_protected()) {
        snprintf(directory, PATH_MAX, "%s", getenv(PROTECTED));
        return 0;
    }
    ssize_t length = readlink(SELF, directory, PATH_MAX - 1);
    if (length < 0)
        return fail_errno("this program's path cannot be read");
    directory[length] = '\0';
    *strrchr(directory, '/') = '\0';
    return 0;
}

int protect_self(char **argv)
{
    char directory[PATH_MAX];
    if (is_protected())
        return 0;
    AUTO_CLOSE int program = protect_program(SELF);
    if (program < 0 || programs_directory(directory) < 0)
        return -1;
    if (setenv(PROTECTED, directory, 1) < 0)
        return fail("out of memory");
    syscall(SYS_execveat, program, "", argv, environ, AT_EMPTY_PATH);
    return fail_errno("the read-only mount's program cannot be executed");
}

static int open_init(void)
{
    char path[PATH_MAX + 16];
    if (programs_directory(path) < 0)
        return -1;
    strcat(path, "/berth-init");
    return protect_program(path);
}

int protect_open_init(void)
{
    init_program = open_init();
    return init_program < 0 ? -1 : 0;
}

int protect_keep_init_only(void)
{
    if (init_program > 3 && close_range(3, (unsigned)init_program - 1, 0) < 0)
        return fail_errno("descriptors cannot be closed");
    unsigned next = init_program < 3 ? 3 : (unsigned)init_program + 1;
    return close_range(next, ~0U, 0) < 0 ? fail_errno("descriptors cannot be closed") : 0;
}

int protect_init(void)
{
    if (init_program < 0)
        return open_init();
    int copy = fcntl(init_program, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? fail_errno("berth-init cannot be handed over") : copy;
}
