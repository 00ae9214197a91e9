/*
 * Extended attributes: those that mean something inside a container. Ids in access lists are those inside; the kernel
 * stores what they are outside, for this process is in the user namespace that maps them.
 */
#include "../common/error.h"
#include "unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

static bool begins(const char *name, const char *prefix)
{
    return !strncmp(name, prefix, strlen(prefix));
}

#define ACCESS_LIST "system.posix_acl_access"
#define HANDED_DOWN "system.posix_acl_default"

/* Attributes that would steer overlay, or the host; labels of other hosts are passed over by the caller. */
static bool is_trick(const char *name)
{
    return begins(name, "trusted.") || begins(name, "user.overlay.");
}

static int write_one(int fd, const char *name, const void *value, size_t size, const char *path)
{
    if (!fsetxattr(fd, name, value, size, 0) || errno == ENOTSUP)
        return 0;
    if (errno == EINVAL || errno == ERANGE || errno == EPERM)
        return refuse("an attribute is malformed: %.100s of %.200s", name, path);
    return fail_errno("an attribute cannot be set: %.100s of %.200s", name, path);
}

static int set_one(int fd, const char *name, const void *value, size_t size, const struct place *place)
{
    if (is_trick(name))
        return refuse("an attribute steers the host's file system: %.100s of %.200s", name, place->path);
    if (!begins(name, "user.") && strcmp(name, "security.capability") && strcmp(name, ACCESS_LIST))
        return 0;
    return write_one(fd, name, value, size, place->path);
}

static int keep(struct run *run, struct directory_end *end, const void *value, size_t size)
{
    run->handed_down += size;
    if (run->handed_down > MOST_HANDED_DOWN)
        return refuse("its directories hand down more than %u bytes of access lists", MOST_HANDED_DOWN);
    end->handed_down = malloc(size);
    if (!end->handed_down)
        return fail("there are too many access lists");
    memcpy(end->handed_down, value, size);
    end->handed_down_size = size;
    return 0;
}

/* The attribute counts before the text, in case an entry has both. */
int keep_handed_down(struct run *run, struct archive_entry *entry, struct directory_end *end)
{
    const char *name;
    const void *value;
    size_t size;
    struct access_list list;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        if (!strcmp(name, HANDED_DOWN) && size && !end->handed_down && keep(run, end, value, size))
            return -1;
    }
    if (end->handed_down)
        return 0;
    if (read_list(run, entry, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, &list))
        return -1;
    return list_size(&list) ? keep(run, end, &list, list_size(&list)) : 0;
}

int set_handed_down(int fd, const struct directory_end *end)
{
    return end->handed_down ? write_one(fd, HANDED_DOWN, end->handed_down, end->handed_down_size, end->path) : 0;
}

static int set_list(const struct run *run, int fd, struct archive_entry *entry, const struct place *place)
{
    struct access_list list;
    if (read_list(run, entry, ARCHIVE_ENTRY_ACL_TYPE_ACCESS, &list))
        return -1;
    return list_size(&list) ? write_one(fd, ACCESS_LIST, &list, list_size(&list), place->path) : 0;
}

int set_xattrs(const struct run *run, int fd, struct archive_entry *entry, const struct place *place)
{
    const char *name;
    const void *value;
    size_t size, total = 0;
    int count = archive_entry_xattr_reset(entry);
    if (count > MOST_XATTRS)
        return refuse("an entry has more than %d attributes: %.200s", MOST_XATTRS, place->path);
    if (set_list(run, fd, entry, place))
        return -1;
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        total += strlen(name) + size;
        if (total > MOST_XATTR_BYTES)
            return refuse("an entry has more than %u bytes of attributes: %.200s", MOST_XATTR_BYTES, place->path);
        if (set_one(fd, name, value, size, place))
            return -1;
    }
    return 0;
}
