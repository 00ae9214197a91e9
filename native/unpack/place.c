/*
 * Names of an archive as places below the root.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "unpack.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define NEVER_OUTSIDE (RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)

static int add_component(struct place *place, size_t *used, const char *from, size_t length, const char *what)
{
    if (length == 2 && from[0] == '.' && from[1] == '.')
        return refuse("a %s goes up with '..': %.200s", what, from);
    if (length > MOST_NAME)
        return refuse("a name in a %s is longer than %d bytes", what, MOST_NAME);
    if (*used + length + 1 > MOST_PATH)
        return refuse("a %s is longer than %d bytes", what, MOST_PATH);
    if (++place->depth > MOST_DEPTH)
        return refuse("a %s is more than %d directories deep", what, MOST_DEPTH);
    if (*used)
        place->path[(*used)++] = '/';
    place->name = place->path + *used;
    memcpy(place->path + *used, from, length);
    *used += length;
    place->path[*used] = '\0';
    return 0;
}

int place_of(struct place *place, const char *text, const char *what)
{
    size_t used = 0;
    place->path[0] = '\0';
    place->name = place->path;
    place->depth = 0;
    if (!text || !*text)
        return refuse("an entry has no %s, or one that is not valid text", what);
    if (*text == '/')
        return refuse("a %s is absolute: %.200s", what, text);
    while (*text) {
        size_t length = strcspn(text, "/");
        bool nothing = length == 0 || (length == 1 && *text == '.');
        if (!nothing && add_component(place, &used, text, length, what))
            return -1;
        text += length;
        text += strspn(text, "/");
    }
    return 0;
}

int open_beneath(int dir, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW), .resolve = NEVER_OUTSIDE};
    return (int)syscall(SYS_openat2, dir, *path ? path : ".", &how, sizeof(how));
}

/* Opens one directory in another, and makes it first if it is missing. */
static int open_made(int dir, const char *name)
{
    int fd = open_beneath(dir, name, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT && !mkdirat(dir, name, 0755))
        fd = open_beneath(dir, name, O_RDONLY | O_DIRECTORY);
    return fd;
}

static int walk(const struct run *run, char *path)
{
    AUTO_CLOSE int at = open_beneath(run->root, "", O_RDONLY | O_DIRECTORY);
    char *rest = NULL;
    for (char *name = strtok_r(path, "/", &rest); name && at >= 0; name = strtok_r(NULL, "/", &rest)) {
        int next = open_made(at, name);
        int code = errno;
        close(at);
        at = next;
        errno = code;
    }
    return take_fd(&at);
}

int open_parent(const struct run *run, const struct place *place, bool make)
{
    char path[MOST_PATH + 1];
    size_t length = (size_t)(place->name - place->path);
    memcpy(path, place->path, length);
    path[length ? length - 1 : 0] = '\0';
    int fd = open_beneath(run->root, path, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT && make)
        fd = walk(run, path);
    if (fd >= 0)
        return fd;
    if (errno == ELOOP || errno == ENOTDIR || errno == EXDEV)
        return refuse("a path passes through something that is no directory: %.200s", place->path);
    if (errno == ENOENT)
        return refuse("a link leads to nothing: %.200s", place->path);
    return fail_errno("the directory of %.200s cannot be opened", place->path);
}

bool is_whiteout_node(int dir, const char *name)
{
    struct stat status;
    return !fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) && S_ISCHR(status.st_mode) &&
           status.st_rdev == makedev(0, 0);
}

int clear_place(int dir, const struct place *place, bool directory, bool *whited)
{
    struct stat status;
    *whited = false;
    if (fstatat(dir, place->name, &status, AT_SYMLINK_NOFOLLOW))
        return errno == ENOENT ? 0 : fail_errno("%.200s cannot be examined", place->path);
    *whited = is_whiteout_node(dir, place->name);
    if (S_ISDIR(status.st_mode)) {
        return directory ? 0 : refuse("an entry takes the name of a directory: %.200s", place->path);
    }
    if (directory && !*whited)
        return refuse("a directory takes the name of another entry: %.200s", place->path);
    if (unlinkat(dir, place->name, 0))
        return fail_errno("%.200s cannot be replaced", place->path);
    return 0;
}
