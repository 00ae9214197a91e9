/*
 * One entry of the archive: a file, directory, link or pipe with its owner, mode, attributes and time.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "unpack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static struct timespec entry_time(struct archive_entry *entry)
{
    struct timespec time = {.tv_nsec = UTIME_OMIT};
    if (archive_entry_mtime_is_set(entry)) {
        time.tv_sec = archive_entry_mtime(entry);
        time.tv_nsec = archive_entry_mtime_nsec(entry);
    }
    return time;
}

static int stamp(int dir, const char *name, struct timespec time)
{
    struct timespec times[2] = {time, time};
    return utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) ? fail_errno("a time cannot be set") : 0;
}

/* Owner first: a change of owner takes set-user-id bits and capabilities away. */
static int set_owner_and_mode(const struct run *run, int fd, struct archive_entry *entry, const struct place *place)
{
    if (fchown(fd, (uid_t)archive_entry_uid(entry), (gid_t)archive_entry_gid(entry)))
        return fail_errno("the owner of %.200s cannot be set", place->path);
    if (fchmod(fd, archive_entry_perm(entry) & 07777))
        return fail_errno("the mode of %.200s cannot be set", place->path);
    return set_xattrs(run, fd, entry, place);
}

static int write_block(int fd, const char *bytes, size_t size, int64_t offset)
{
    while (size) {
        ssize_t count = pwrite(fd, bytes, size, offset);
        if (count < 0 && errno != EINTR)
            return fail_errno("a file cannot be written");
        if (count > 0) {
            bytes += count;
            size -= (size_t)count;
            offset += count;
        }
    }
    return 0;
}

static int write_content(int fd, struct archive *archive, int64_t size)
{
    const void *bytes;
    size_t length;
    int64_t offset;
    int result;
    while ((result = archive_read_data_block(archive, &bytes, &length, &offset)) == ARCHIVE_OK) {
        if (offset < 0 || offset > size || (int64_t)length > size - offset)
            return refuse("a file is longer than it says");
        if (write_block(fd, bytes, length, offset))
            return -1;
    }
    if (result != ARCHIVE_EOF)
        return refuse("the archive is damaged: %s", archive_error_string(archive));
    return ftruncate(fd, size) ? fail_errno("a file cannot be written") : 0;
}

static int make_file(
    const struct run *run, int parent, struct archive *archive, struct archive_entry *entry, const struct place *place)
{
    AUTO_CLOSE int fd = openat(parent, place->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno("%.200s cannot be made", place->path);
    if (write_content(fd, archive, archive_entry_size(entry)) || set_owner_and_mode(run, fd, entry, place))
        return -1;
    return stamp(parent, place->name, entry_time(entry));
}

static int keep_end(struct run *run, const char *path, struct archive_entry *entry)
{
    if (run->ends_used == run->ends_room) {
        size_t room = run->ends_room ? run->ends_room * 2 : 1024;
        struct directory_end *ends = reallocarray(run->ends, room, sizeof(*ends));
        if (!ends)
            return fail("there are too many directories");
        run->ends = ends;
        run->ends_room = room;
    }
    char *copy = strdup(path);
    if (!copy)
        return fail("there are too many directories");
    struct directory_end *end = &run->ends[run->ends_used++];
    *end = (struct directory_end){.path = copy, .time = entry_time(entry)};
    return keep_handed_down(run, entry, end);
}

static int make_directory(
    struct run *run, int parent, struct archive_entry *entry, const struct place *place, bool whited)
{
    const char *name = *place->name ? place->name : ".";
    if (mkdirat(parent, name, 0700) && errno != EEXIST)
        return fail_errno("%.200s cannot be made", place->path);
    AUTO_CLOSE int fd = open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return fail_errno("%.200s cannot be opened", place->path);
    if (whited && report_opaque(run, place->path))
        return -1;
    if (set_owner_and_mode(run, fd, entry, place))
        return -1;
    return keep_end(run, place->path, entry);
}

static int make_hard_link(const struct run *run, int parent, struct archive_entry *entry, const struct place *place)
{
    struct place target;
    struct stat status;
    if (place_of(&target, archive_entry_hardlink(entry), "link"))
        return -1;
    AUTO_CLOSE int dir = open_parent(run, &target, false);
    if (dir < 0)
        return -1;
    if (fstatat(dir, target.name, &status, AT_SYMLINK_NOFOLLOW))
        return refuse("a link leads to nothing: %.200s", target.path);
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        return refuse("a link leads to something that is no file: %.200s", target.path);
    bool whited;
    if (clear_place(parent, place, false, &whited))
        return -1;
    if (linkat(dir, target.name, parent, place->name, 0))
        return errno == ENOENT || errno == EMLINK ? refuse("a link cannot be made: %.200s", place->path)
                                                  : fail_errno("%.200s cannot be made", place->path);
    return 0;
}

static int make_symlink(int parent, struct archive_entry *entry, const struct place *place)
{
    const char *target = archive_entry_symlink(entry);
    if (!target || !*target || strlen(target) > MOST_PATH)
        return refuse("a symbolic link has no target that can be: %.200s", place->path);
    if (symlinkat(target, parent, place->name))
        return fail_errno("%.200s cannot be made", place->path);
    uid_t user = (uid_t)archive_entry_uid(entry);
    if (fchownat(parent, place->name, user, (gid_t)archive_entry_gid(entry), AT_SYMLINK_NOFOLLOW))
        return fail_errno("the owner of %.200s cannot be set", place->path);
    return stamp(parent, place->name, entry_time(entry));
}

static int make_pipe(int parent, struct archive_entry *entry, const struct place *place)
{
    if (mknodat(parent, place->name, S_IFIFO | 0600, 0))
        return fail_errno("%.200s cannot be made", place->path);
    uid_t user = (uid_t)archive_entry_uid(entry);
    if (fchownat(parent, place->name, user, (gid_t)archive_entry_gid(entry), AT_SYMLINK_NOFOLLOW) ||
        fchmodat(parent, place->name, archive_entry_perm(entry) & 0777, 0))
        return fail_errno("the owner of %.200s cannot be set", place->path);
    return stamp(parent, place->name, entry_time(entry));
}

/* A root file system from elsewhere comes with a /dev; a container has its own. */
static int pass_device(const struct run *run, const struct place *place)
{
    if (run->options->skip_devices && !strncmp(place->path, "dev/", 4))
        return 0;
    return refuse("an entry is a device: %.200s", place->path);
}

int make_entry(struct run *run, struct archive *archive, struct archive_entry *entry, const struct place *place)
{
    AUTO_CLOSE int parent = open_parent(run, place, true);
    if (parent < 0)
        return -1;
    if (archive_entry_hardlink(entry))
        return make_hard_link(run, parent, entry, place);
    unsigned type = archive_entry_filetype(entry);
    if (type == AE_IFCHR || type == AE_IFBLK)
        return pass_device(run, place);
    if (type != AE_IFDIR && !*place->name)
        return refuse("the root of the archive is no directory");
    bool whited = false;
    if (*place->name && clear_place(parent, place, type == AE_IFDIR, &whited))
        return -1;
    switch (type) {
    case AE_IFREG:
        return make_file(run, parent, archive, entry, place);
    case AE_IFDIR:
        return make_directory(run, parent, entry, place, whited);
    case AE_IFLNK:
        return make_symlink(parent, entry, place);
    case AE_IFIFO:
        return make_pipe(parent, entry, place);
    default:
        return refuse("an entry is of an unknown kind: %.200s", place->path);
    }
}
