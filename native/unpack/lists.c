/*
 * Access lists that an archive has as text, in SCHILY.acl.access and SCHILY.acl.default, as bsdtar and star write them.
 * libarchive reads them; here they become the attributes that the kernel takes, which checks them: a list that lacks
 * one of its parts is refused. Entries of people and groups that have a name and no number are passed over, because
 * nothing here knows who that is.
 */
#include "../common/error.h"
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

static bool is_named(int tag)
{
    return tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP;
}

/* Appends the entries of one tag that an entry of the archive has. */
static int append_tag(const struct run *run, struct archive_entry *entry, int type, int tag, struct access_list *list)
{
    static const uint16_t kernel[] = {ACL_USER, ACL_USER_OBJ, ACL_GROUP, ACL_GROUP_OBJ, ACL_MASK, ACL_OTHER};
    int of, permissions, found, id;
    const char *name;
    archive_entry_acl_reset(entry, type);
    while (archive_entry_acl_next(entry, type, &of, &permissions, &found, &id, &name) == ARCHIVE_OK) {
        if (found != tag || (is_named(tag) && id < 0))
            continue;
        if (is_named(tag) && (uint64_t)id >= run->options->count)
            return refuse(
                "an access list is for an owner outside 0 to %llu", (unsigned long long)run->options->count - 1);
        list->entries[list->used++] = (struct posix_acl_xattr_entry){
            .e_tag = htole16(kernel[tag - ARCHIVE_ENTRY_ACL_USER]),
            .e_perm = htole16((uint16_t)(permissions & 7)),
            .e_id = htole32(is_named(tag) ? (uint32_t)id : (uint32_t)ACL_UNDEFINED_ID),
        };
    }
    return 0;
}

int check_lists(struct archive_entry *entry)
{
    static const int types[] = {
        ARCHIVE_ENTRY_ACL_TYPE_ACCESS, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, ARCHIVE_ENTRY_ACL_TYPE_NFS4};
    if (!archive_entry_acl_types(entry))
        return 0;
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (archive_entry_acl_count(entry, types[i]) > MOST_LISTED)
            return refuse("an access list has more than %d entries", MOST_LISTED);
    }
    return 0;
}

int read_list(const struct run *run, struct archive_entry *entry, int type, struct access_list *list)
{
    static const int order[] = {
        ARCHIVE_ENTRY_ACL_USER_OBJ,
        ARCHIVE_ENTRY_ACL_USER,
        ARCHIVE_ENTRY_ACL_GROUP_OBJ,
        ARCHIVE_ENTRY_ACL_GROUP,
        ARCHIVE_ENTRY_ACL_MASK,
        ARCHIVE_ENTRY_ACL_OTHER,
    };
    *list = (struct access_list){.version = htole32(POSIX_ACL_XATTR_VERSION)};
    int count = archive_entry_acl_reset(entry, type);
    if (count > MOST_LISTED)
        return refuse("an access list has more than %d entries", MOST_LISTED);
    for (size_t i = 0; count && i < sizeof(order) / sizeof(*order); i++) {
        if (append_tag(run, entry, type, order[i], list))
            return -1;
    }
    return 0;
}

size_t list_size(const struct access_list *list)
{
    return list->used ? sizeof(list->version) + list->used * sizeof(*list->entries) : 0;
}
