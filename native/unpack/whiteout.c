/*
 * Whiteouts: the names by which a layer hides what lies in the layers below.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "unpack.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define PREFIX ".wh."
#define OPAQUE ".wh..wh..opq"

int report_opaque(const struct run *run, const char *path)
{
    size_t left = strlen(path) + 1;
    while (left) {
        ssize_t count = write(run->report, path, left);
        if (count < 0 && errno != EINTR)
            return fail_errno("an opaque directory cannot be reported");
        if (count > 0) {
            path += count;
            left -= (size_t)count;
        }
    }
    return 0;
}

/* A name of a whiteout may stand last only: what would lie below one is nothing. */
static int check_directories(const struct place *place)
{
    for (const char *at = place->path; at < place->name; at = strchr(at, '/') + 1)
        if (!strncmp(at, PREFIX, strlen(PREFIX)))
            return refuse("a path passes through a whiteout: %.200s", place->path);
    return 0;
}

/* Marks the directory that holds the marker; the marker itself is not made. */
static int make_opaque(const struct run *run, const struct place *place)
{
    AUTO_CLOSE int parent = open_parent(run, place, true);
    if (parent < 0)
        return -1;
    char path[MOST_PATH + 1];
    size_t length = (size_t)(place->name - place->path);
    memcpy(path, place->path, length);
    path[length ? length - 1 : 0] = '\0';
    return report_opaque(run, path);
}

/* Hides a name of the layers below; what this layer itself has under it stays. */
static int hide(const struct run *run, const struct place *place, const char *name)
{
    AUTO_CLOSE int parent = open_parent(run, place, true);
    if (parent < 0)
        return -1;
    struct stat status;
    if (!fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW)) {
        if (!S_ISDIR(status.st_mode))
            return 0;
        char path[MOST_PATH + 1];
        snprintf(path, sizeof(path), "%.*s%s", (int)(place->name - place->path), place->path, name);
        return report_opaque(run, path);
    }
    if (mknodat(parent, name, S_IFCHR, makedev(0, 0)))
        return fail_errno("the whiteout of %.200s cannot be made", place->path);
    return 0;
}

int take_whiteout(struct run *run, struct archive_entry *entry, const struct place *place)
{
    if (check_directories(place))
        return -1;
    if (strncmp(place->name, PREFIX, strlen(PREFIX)))
        return 0;
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
        return refuse("a whiteout is no plain file: %.200s", place->path);
    if (!strcmp(place->name, OPAQUE))
        return make_opaque(run, place) ? -1 : 1;
    const char *name = place->name + strlen(PREFIX);
    if (!*name || !strcmp(name, ".") || !strcmp(name, "..") || !strncmp(name, PREFIX, strlen(PREFIX)))
        return refuse("a whiteout hides a name that cannot be: %.200s", place->path);
    return hide(run, place, name) ? -1 : 1;
}
