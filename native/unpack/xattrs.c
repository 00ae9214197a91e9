/*
 * Extended attributes: those that mean something inside a container.
 */
#include "../common/error.h"
#include "unpack.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

static bool begins(const char *name, const char *prefix)
{
    return !strncmp(name, prefix, strlen(prefix));
}

/* Attributes that would steer overlay, or the host; labels and access lists of other hosts are passed over by the
 * caller. */
static bool is_trick(const char *name)
{
    return begins(name, "trusted.") || begins(name, "user.overlay.");
}

static int set_one(int fd, const char *name, const void *value, size_t size, const struct place *place)
{
    if (is_trick(name))
        return refuse("an attribute steers the host's file system: %.100s of %.200s", name, place->path);
    if (!begins(name, "user.") && strcmp(name, "security.capability"))
        return 0;
    if (!fsetxattr(fd, name, value, size, 0) || errno == ENOTSUP)
        return 0;
    if (errno == EINVAL || errno == ERANGE || errno == EPERM)
        return refuse("an attribute is malformed: %.100s of %.200s", name, place->path);
    return fail_errno("an attribute cannot be set: %.100s of %.200s", name, place->path);
}

int set_xattrs(int fd, struct archive_entry *entry, const struct place *place)
{
    const char *name;
    const void *value;
    size_t size, total = 0;
    int count = archive_entry_xattr_reset(entry);
    if (count > MOST_XATTRS)
        return refuse("an entry has more than %d attributes: %.200s", MOST_XATTRS, place->path);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        total += strlen(name) + size;
        if (total > MOST_XATTR_BYTES)
            return refuse("an entry has more than %u bytes of attributes: %.200s", MOST_XATTR_BYTES, place->path);
        if (set_one(fd, name, value, size, place))
            return -1;
    }
    return 0;
}
