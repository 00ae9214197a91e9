/*
 * The volume may be mounted in other containers, which change it meanwhile; and so may be a volume below the source. So
 * every step is taken from an open directory by a single name that is no link, and attributes are set by descriptor.
 *
 *   empty ──copy──► STAGED ──complete: rename──► COMPLETE ──move each entry up──► filled
 */
#include "copyup.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define STAGED ".berth-copy"
#define COMPLETE ".berth-copied"
#define DEPTH_LIMIT 200
#define PIECE (8u << 20)
#define LOCK_TIMEOUT_MS 10000

static DIR *open_stream(int directory)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = copy < 0 ? NULL : fdopendir(copy);
    if (!stream)
        fail_errno("a directory cannot be read");
    return stream;
}

static void close_stream(DIR **stream)
{
    if (*stream)
        closedir(*stream);
}

#define AUTO_STREAM __attribute__((cleanup(close_stream)))

static const char *next_name(DIR *stream)
{
    struct dirent *entry;
    while ((entry = readdir(stream)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return entry->d_name;
    return NULL;
}

static int remove_tree(int parent, const char *name, int depth)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    AUTO_CLOSE int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    AUTO_STREAM DIR *stream = directory < 0 ? NULL : open_stream(directory);
    if (!stream || depth == DEPTH_LIMIT)
        return fail_errno("%s cannot be removed", name);
    for (const char *entry; (entry = next_name(stream));)
        if (remove_tree(directory, entry, depth + 1) < 0)
            return -1;
    return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? fail_errno("%s cannot be removed", name) : 0;
}

/* Overlay's attributes are about the layers, and security labels are the host's business. */
static bool is_kept(const char *name)
{
    if (strncmp(name, "user.", 5) == 0)
        return strncmp(name, "user.overlay.", 13) != 0;
    return strcmp(name, "security.capability") == 0 || strncmp(name, "system.posix_acl_", 17) == 0;
}

/* The kernel maps ids within them, the container's as this process sees them, to those that the volume stores. */
static int copy_attributes(int from, int to)
{
    static char names[XATTR_LIST_MAX], value[XATTR_SIZE_MAX];
    ssize_t size = flistxattr(from, names, sizeof(names));
    for (const char *name = names; size > 0 && name < names + size; name += strlen(name) + 1) {
        ssize_t length = is_kept(name) ? fgetxattr(from, name, value, sizeof(value)) : -1;
        if (length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) < 0 && errno != ENOTSUP)
            return fail_errno("the attribute %s cannot be copied", name);
    }
    return 0;
}

static int take_status(int from, int to, const struct stat *status)
{
    struct timespec times[] = {status->st_atim, status->st_mtim};
    /* A change of owner takes capabilities away, and one of the mode changes an access list. */
    if (fchown(to, status->st_uid, status->st_gid) < 0 || fchmod(to, status->st_mode & 07777) < 0)
        return fail_errno("a copy's owner and mode cannot be set");
    if (copy_attributes(from, to) < 0)
        return -1;
    return futimens(to, times) < 0 ? fail_errno("a copy's times cannot be set") : 0;
}

static int copy_link(int from, const char *name, int to, const struct stat *status)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);
    if (length < 0)
        return fail_errno("the link %s cannot be read", name);
    target[length] = '\0';
    if (symlinkat(target, to, name) < 0 || fchownat(to, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        return fail_errno("the link %s cannot be made", name);
    return 0;
}

static int copy_file(int from, const char *name, int to)
{
    struct stat status;
    AUTO_CLOSE int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0 || fstat(source, &status) < 0)
        return fail_errno("%s cannot be read", name);
    if (!S_ISREG(status.st_mode))
        return fail("%s has been swapped", name);
    AUTO_CLOSE int copy = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (copy < 0)
        return fail_errno("%s cannot be copied to the volume", name);
    for (;;) {
        ssize_t n = sendfile(copy, source, NULL, PIECE);
        if (n < 0)
            return fail_errno("%s cannot be copied to the volume", name);
        if (n == 0)
            return take_status(source, copy, &status);
    }
}

static int copy_tree(int from, int to, dev_t device, int depth);

static int copy_directory(int from, const char *name, int to, dev_t device, int depth)
{
    struct stat status;
    AUTO_CLOSE int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (source < 0 || fstat(source, &status) < 0)
        return fail_errno("%s cannot be read", name);
    if (mkdirat(to, name, 0700) < 0)
        return fail_errno("%s cannot be copied to the volume", name);
    AUTO_CLOSE int copy = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (copy < 0)
        return fail_errno("%s cannot be copied to the volume", name);
    /* What is mounted in there is not the image's. */
    if (status.st_dev == device && copy_tree(source, copy, device, depth + 1) < 0)
        return -1;
    return take_status(source, copy, &status);
}

static int copy_tree(int from, int to, dev_t device, int depth)
{
    AUTO_STREAM DIR *stream = open_stream(from);
    if (!stream)
        return -1;
    if (depth == DEPTH_LIMIT)
        return fail("the image's directories are nested too deep");
    for (const char *name; (name = next_name(stream));) {
        struct stat status;
        int result = 0;
        if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            return fail_errno("%s cannot be read", name);
        if (S_ISDIR(status.st_mode))
            result = copy_directory(from, name, to, device, depth);
        else if (S_ISREG(status.st_mode))
            result = copy_file(from, name, to);
        else if (S_ISLNK(status.st_mode))
            result = copy_link(from, name, to, &status);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int move_up(int volume)
{
    AUTO_CLOSE int complete = openat(volume, COMPLETE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    AUTO_STREAM DIR *stream = complete < 0 ? NULL : open_stream(complete);
    if (!stream)
        return fail_errno("the volume's copy cannot be opened");
    for (const char *name; (name = next_name(stream));)
        if (renameat(complete, name, volume, name) < 0)
            return fail_errno("%s cannot be moved to its place in the volume", name);
    return unlinkat(volume, COMPLETE, AT_REMOVEDIR) < 0 ? fail_errno("the volume's copy cannot be ended") : 0;
}

static int fill(int source, int volume, const struct stat *status)
{
    if (mkdirat(volume, STAGED, 0700) < 0)
        return fail_errno("the volume cannot be written to");
    AUTO_CLOSE int staged = openat(volume, STAGED, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (staged < 0)
        return fail_errno("the volume's copy cannot be opened");
    if (copy_tree(source, staged, status->st_dev, 0) < 0) {
        char reason[400];
        snprintf(reason, sizeof(reason), "%s", failure());
        remove_tree(volume, STAGED, 0);
        return fail("%s", reason);
    }
    if (renameat(volume, STAGED, volume, COMPLETE) < 0)
        return fail_errno("the volume's copy cannot be ended");
    return move_up(volume) < 0 ? -1 : take_status(source, volume, status);
}

static bool is_empty(int volume)
{
    AUTO_STREAM DIR *stream = open_stream(volume);
    return stream && !next_name(stream);
}

int copyup(int root, const char *target, int volume)
{
    struct stat status;
    AUTO_CLOSE int source = open_in_root(root, target, O_RDONLY | O_DIRECTORY);
    AUTO_CLOSE int top = openat(volume, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (source < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (source < 0 || top < 0 || fstat(source, &status) < 0)
        return fail_errno("%s cannot be copied to the volume", target);
    bool unfinished = faccessat(top, STAGED, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    bool unmoved = faccessat(top, COMPLETE, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    if (!unfinished && !unmoved && !is_empty(top))
        return 0;
    if (lock_file(top, LOCK_TIMEOUT_MS) < 0) /* only one container fills a volume */
        return fail_errno("the volume is being filled by another container");
    if (faccessat(top, COMPLETE, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return move_up(top) < 0 ? -1 : take_status(source, top, &status);
    if (remove_tree(top, STAGED, 0) < 0)
        return -1;
    return is_empty(top) ? fill(source, top, &status) : 0;
}
