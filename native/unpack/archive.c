/*
 * The walk over the archive, with its limits.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "unpack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define AUTO_ARCHIVE __attribute__((cleanup(close_archive)))
#define READ_SIZE (256u << 10)

static void close_archive(struct archive **archive)
{
    archive_read_free(*archive);
}

static int charge(struct run *run, struct archive_entry *entry)
{
    const struct options *options = run->options;
    if (++run->entries > options->entries)
        return refuse("it has more than %llu entries", (unsigned long long)options->entries);
    int64_t size = archive_entry_hardlink(entry) ? 0 : archive_entry_size(entry);
    if (size < 0 || (uint64_t)size > options->bytes)
        return refuse("it unpacks to more than %llu bytes", (unsigned long long)options->bytes);
    run->bytes += ((uint64_t)size + BLOCK - 1) / BLOCK * BLOCK;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        run->bytes += BLOCK;
    if (run->bytes > options->bytes)
        return refuse("it unpacks to more than %llu bytes", (unsigned long long)options->bytes);
    return 0;
}

static int check_owner(const struct run *run, struct archive_entry *entry, const struct place *place)
{
    int64_t user = archive_entry_uid(entry), group = archive_entry_gid(entry);
    uint64_t count = run->options->count;
    if (user < 0 || group < 0 || (uint64_t)user >= count || (uint64_t)group >= count)
        return refuse("an owner is outside 0 to %llu: %.200s", (unsigned long long)count - 1, place->path);
    return 0;
}

static int take_entry(struct run *run, struct archive *archive, struct archive_entry *entry)
{
    const char *path = archive_entry_pathname(entry);
    struct place place;
    if (charge(run, entry) || place_of(&place, path ? path : archive_entry_pathname_utf8(entry), "path") ||
        check_owner(run, entry, &place) || check_lists(entry))
        return -1;
    int whiteout = take_whiteout(run, entry, &place);
    return whiteout ? (whiteout < 0 ? -1 : 0) : make_entry(run, archive, entry, &place);
}

/* Deepest and latest first does not matter: a directory's time is not changed by setting another's. */
static int end_directories(struct run *run)
{
    for (size_t i = 0; i < run->ends_used; i++) {
        const struct directory_end *one = &run->ends[i];
        AUTO_CLOSE int fd = open_beneath(run->root, one->path, O_RDONLY | O_DIRECTORY);
        struct timespec times[2] = {one->time, one->time};
        if (fd < 0 || futimens(fd, times))
            return fail_errno("the time of %.200s cannot be set", one->path);
        if (set_handed_down(fd, one))
            return -1;
    }
    return 0;
}

/* What follows the end of the archive is padding; whoever writes to us wants it read. */
static int drain(void)
{
    static char bytes[READ_SIZE];
    ssize_t count;
    do {
        count = read(STDIN_FILENO, bytes, sizeof(bytes));
    } while (count > 0 || (count < 0 && errno == EINTR));
    return count < 0 ? fail_errno("the archive cannot be read") : 0;
}

int unpack_archive(struct run *run)
{
    AUTO_ARCHIVE struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    int result;
    if (!archive || archive_read_support_format_tar(archive) || archive_read_support_format_empty(archive) ||
        archive_read_support_filter_none(archive))
        return fail("libarchive reads no tar here");
    if (archive_read_open(archive, NULL, NULL, read_input, NULL))
        return refuse("the archive cannot be read: %s", archive_error_string(archive));
    while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
        if (take_entry(run, archive, entry))
            return -1;
    }
    if (result != ARCHIVE_EOF)
        return refuse("the archive is damaged: %s", archive_error_string(archive));
    if (drain())
        return -1;
    return end_directories(run);
}
