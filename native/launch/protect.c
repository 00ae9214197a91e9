#include "protect.h"

#include "../common/cleanup.h"
#include "../common/error.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define SELF "/proc/self/exe"
/* Set when the program has been executed again. */
#define PROTECTED "BERTH_PROTECTED"

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
    ssize_t length = readlink(SELF, directory, PATH_MAX - 1);
    if (length < 0)
        return fail_errno("this program's path cannot be read");
    directory[length] = '\0';
    *strrchr(directory, '/') = '\0';
    return 0;
}

int protect_self(char **argv)
{
    struct statvfs fs;
    if (getenv(PROTECTED) && statvfs(SELF, &fs) == 0 && (fs.f_flag & ST_RDONLY))
        return 0;
    AUTO_CLOSE int program = protect_program(SELF);
    if (program < 0 || setenv(PROTECTED, "1", 1) < 0)
        return -1;
    syscall(SYS_execveat, program, "", argv, environ, AT_EMPTY_PATH);
    return fail_errno("the read-only mount's program cannot be executed");
}

int protect_init(void)
{
    char path[PATH_MAX];
    if (programs_directory(path) < 0)
        return -1;
    size_t used = strlen(path);
    snprintf(path + used, sizeof(path) - used, "/berth-init");
    return protect_program(path);
}
