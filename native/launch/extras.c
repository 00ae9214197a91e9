#include "extras.h"

#include "../common/error.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#define PREFIX "SCHILY.xattr."
#define RECORDS_LIMIT (512u << 10)

static char names[XATTR_LIST_MAX], value[XATTR_SIZE_MAX] __attribute__((aligned(8))), records[RECORDS_LIMIT];

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* A capability of a file names the root that it is for; in an image it is for whatever root there will be. */
static size_t without_root(size_t size)
{
    struct vfs_ns_cap_data *data = (struct vfs_ns_cap_data *)value;
    if (size != sizeof(*data) || (data->magic_etc & VFS_CAP_REVISION_MASK) != VFS_CAP_REVISION_3)
        return size;
    data->magic_etc = VFS_CAP_REVISION_2 | (data->magic_etc & VFS_CAP_FLAGS_MASK);
    return XATTR_CAPS_SZ_2;
}

/* Users and groups that an access list names, as the container sees them. */
static int with_ids_inside(size_t size, uint32_t base, uint32_t count, const char *path)
{
    struct posix_acl_xattr_entry *entries = (void *)(value + sizeof(struct posix_acl_xattr_header));
    size_t used = sizeof(struct posix_acl_xattr_header);
    for (size_t i = 0; used + sizeof(*entries) <= size; i++, used += sizeof(*entries)) {
        uint16_t tag = le16toh(entries[i].e_tag);
        if (tag != ACL_USER && tag != ACL_GROUP)
            continue;
        uint32_t inside = le32toh(entries[i].e_id) - base;
        if (inside >= count)
            return fail("the access list of %s names an id that is not the container's", path);
        entries[i].e_id = htole32(inside);
    }
    return 0;
}

static bool is_access_list(const char *name)
{
    return strcmp(name, "system.posix_acl_access") == 0 || strcmp(name, "system.posix_acl_default") == 0;
}

static int add(int file, const char *name, uint32_t base, uint32_t count, const char *path, size_t *used)
{
    char record[sizeof(PREFIX) + XATTR_NAME_MAX];
    ssize_t size = fgetxattr(file, name, value, sizeof(value));
    if (size < 0)
        return errno == ENODATA ? 0 : fail_errno("the attribute %s cannot be read", name);
    if (is_access_list(name) && with_ids_inside((size_t)size, base, count, path) < 0)
        return -1;
    size_t kept = strcmp(name, "security.capability") == 0 ? without_root((size_t)size) : (size_t)size;
    snprintf(record, sizeof(record), PREFIX "%s", name);
    return tar_record(records, sizeof(records), used, record, value, kept);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_redirection(const char *name)
{
    const char *mark = strstr(name, ".overlay.");
    return mark && (strcmp(mark, ".overlay.redirect") == 0 || strcmp(mark, ".overlay.metacopy") == 0);
}

static bool is_wanted(const char *name)
{
    return strcmp(name, "security.capability") == 0 || is_access_list(name) ||
           (begins(name, "user.") && !begins(name, "user.overlay."));
}

int extras_read(int file, uint32_t base, uint32_t count, struct tar_entry *entry)
{
    const char *kept[1024];
    size_t found = 0, used = 0;
    ssize_t size = flistxattr(file, names, sizeof(names));
    if (size < 0)
        return fail_errno("the attributes of %s cannot be read", entry->path);
    for (const char *name = names; name < names + size; name += strlen(name) + 1) {
        if (is_redirection(name))
            return fail("%s refers to a layer below, which an image cannot hold", entry->path);
        if (is_wanted(name) && found < sizeof(kept) / sizeof(kept[0]))
            kept[found++] = name;
    }
    qsort(kept, found, sizeof(*kept), compare_texts);
    for (size_t i = 0; i < found; i++)
        if (add(file, kept[i], base, count, entry->path, &used) < 0)
            return -1;
    entry->records = records;
    entry->records_size = used;
    return 0;
}

bool extras_is_opaque(int directory)
{
    char mark = '\0';
    if (fgetxattr(directory, "user.overlay.opaque", &mark, 1) != 1 &&
        fgetxattr(directory, "trusted.overlay.opaque", &mark, 1) != 1)
        return false;
    return mark == 'y';
}

int extras_compare_names(const void *a, const void *b)
{
    return strcmp((*(struct dirent *const *)a)->d_name, (*(struct dirent *const *)b)->d_name);
}
