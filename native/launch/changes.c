/*
 * berth-launch changes: writes what a container has changed as a layer of an image, an uncompressed tar on stdout.
 * Overlay's marks become those of images (device 0:0 → .wh.NAME, opaque → .wh..wh..opq), ids those inside, names are in
 * order. A container that runs has to be frozen meanwhile. Sockets are left out, and so are attributes of pipes.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "commands.h"
#include "container.h"
#include "extras.h"
#include "rootfs.h"
#include "status.h"
#include "tar.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define DEPTH_LIMIT 400
#define WHITEOUT ".wh."

struct changes {
    struct tar tar;
    uint32_t base, count;
    void *links; /* tree of struct link: where files with several names were met first */
    char path[PATH_MAX];
};

struct link {
    ino_t inode;
    char path[];
};

static int compare_links(const void *a, const void *b)
{
    const struct link *left = a, *right = b;
    return left->inode < right->inode ? -1 : left->inode > right->inode;
}

/* The path under which a file was written already; otherwise NULL, and it is kept. */
static const char *known_link(struct changes *changes, const struct stat *status)
{
    if (status->st_nlink < 2)
        return NULL;
    struct link *link = malloc(sizeof(*link) + strlen(changes->path) + 1);
    if (!link)
        return NULL;
    link->inode = status->st_ino;
    strcpy(link->path, changes->path);
    struct link **found = tsearch(link, &changes->links, compare_links);
    if (!found || *found == link)
        return NULL;
    free(link);
    return (*found)->path;
}

static int take_ids(const struct changes *changes, const struct stat *status, struct tar_entry *entry)
{
    if (status->st_uid - changes->base >= changes->count || status->st_gid - changes->base >= changes->count)
        return fail("%s belongs to an id that is not the container's", changes->path);
    entry->user = status->st_uid - changes->base;
    entry->group = status->st_gid - changes->base;
    return 0;
}

static int write_whiteout(struct changes *changes, size_t parent, const char *name)
{
    char path[PATH_MAX];
    struct tar_entry entry = {.path = path, .type = '0'};
    if (snprintf(path, sizeof(path), "%.*s" WHITEOUT "%s", (int)parent, changes->path, name) >= PATH_MAX)
        return fail("a path is too long");
    return tar_entry(&changes->tar, &entry);
}

static int write_file(struct changes *changes, int parent, const char *name, struct tar_entry *entry)
{
    struct stat status;
    AUTO_CLOSE int file = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) < 0)
        return fail_errno("%s cannot be read", changes->path);
    entry->target = known_link(changes, &status);
    if (entry->target) {
        entry->type = '1';
        return tar_entry(&changes->tar, entry);
    }
    entry->type = '0';
    entry->size = (uint64_t)status.st_size;
    if (extras_read(file, changes->base, changes->count, entry) < 0 || tar_entry(&changes->tar, entry) < 0)
        return -1;
    return tar_content(&changes->tar, file, entry->size);
}

static int write_symlink(struct changes *changes, int parent, const char *name, struct tar_entry *entry)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(parent, name, target, sizeof(target) - 1);
    if (length < 0)
        return fail_errno("%s cannot be read", changes->path);
    target[length] = '\0';
    entry->type = '2';
    entry->target = target;
    return tar_entry(&changes->tar, entry);
}

static int write_tree(struct changes *changes, int directory, size_t length, int depth);

static int write_directory(struct changes *changes, int parent, const char *name, struct tar_entry *entry, int depth)
{
    AUTO_CLOSE int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    size_t length = strlen(changes->path);
    if (directory < 0)
        return fail_errno("%s cannot be read", changes->path);
    if (length + 2 > sizeof(changes->path) || depth == DEPTH_LIMIT)
        return fail("directories are nested too deep");
    strcpy(changes->path + length, "/");
    entry->type = '5';
    if (extras_read(directory, changes->base, changes->count, entry) < 0 || tar_entry(&changes->tar, entry) < 0)
        return -1;
    return write_tree(changes, directory, length + 1, depth + 1);
}

static int write_one(struct changes *changes, int parent, size_t length, const char *name, int depth)
{
    struct stat status;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return fail_errno("%s cannot be read", name);
    if (S_ISCHR(status.st_mode) && status.st_rdev == 0)
        return write_whiteout(changes, length, name);
    if (strncmp(name, WHITEOUT, strlen(WHITEOUT)) == 0)
        return fail("%s%s cannot be part of an image: names with " WHITEOUT " in front have a meaning there",
            changes->path, name);
    if (snprintf(changes->path + length, sizeof(changes->path) - length, "%s", name) >=
        (int)(sizeof(changes->path) - length))
        return fail("a path is too long");
    struct tar_entry entry = {.path = changes->path, .mode = status.st_mode, .modified = status.st_mtim.tv_sec};
    if (take_ids(changes, &status, &entry) < 0)
        return -1;
    if (S_ISDIR(status.st_mode))
        return write_directory(changes, parent, name, &entry, depth);
    if (S_ISREG(status.st_mode))
        return write_file(changes, parent, name, &entry);
    if (S_ISLNK(status.st_mode))
        return write_symlink(changes, parent, name, &entry);
    entry.type = '6';
    return S_ISFIFO(status.st_mode) ? tar_entry(&changes->tar, &entry) : 0;
}

/* Writes what lies in a directory, whose path of the given length is already in place. */
static int write_tree(struct changes *changes, int directory, size_t length, int depth)
{
    struct dirent **names = NULL;
    int result = extras_is_opaque(directory) ? write_whiteout(changes, length, ".wh..opq") : 0;
    int count = scandirat(directory, ".", &names, NULL, NULL);
    if (count < 0)
        return fail_errno("%s cannot be read", changes->path);
    qsort(names, (size_t)count, sizeof(*names), extras_compare_names);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        if (result == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            result = write_one(changes, directory, length, name, depth);
        changes->path[length] = '\0';
        free(names[i]);
    }
    free(names);
    return result;
}

/* The writable layer as the supervisor sees it; that it is this container's is told by the disk below it. */
static int open_running(const struct container *container)
{
    int supervisor;
    char path[128], backing[PATH_MAX];
    struct stat status;
    const char *disk = plan_value(&container->plan, "disk");
    AUTO_FREE char *text = read_text_at(container->run, "status");
    if (!text || sscanf(text, "{\"supervisor\":%d,", &supervisor) != 1)
        return fail("run/status is damaged");
    snprintf(path, sizeof(path), "/proc/%d/root" STAGE "/w/upper", supervisor);
    AUTO_CLOSE int upper = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (upper < 0 || fstat(upper, &status) < 0)
        return fail_errno("the container's changes cannot be opened");
    snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/loop/backing_file", major(status.st_dev), minor(status.st_dev));
    AUTO_FREE char *found = read_text_at(AT_FDCWD, path);
    if (!found || !disk || !realpath(disk, backing) || strncmp(found, backing, strlen(backing)) != 0 ||
        found[strlen(backing)] != '\n')
        return fail("the container's supervisor does not hold its disk; stop the container");
    return take_fd(&upper);
}

static int write_layer(const struct plan *plan, int upper)
{
    static struct changes changes = {.tar = {.fd = STDOUT_FILENO}};
    changes.base = (uint32_t)plan_number(plan, "idmap", 0, 0);
    changes.count = (uint32_t)plan_number(plan, "idmap", 1, 0);
    return write_tree(&changes, upper, 0, 0) < 0 ? -1 : tar_end(&changes.tar);
}

static int changes(const char *path)
{
    AUTO_CONTAINER struct container container = {0};
    pid_t init;
    if (container_open(&container, path) < 0)
        return -1;
    AUTO_CLOSE int running =
        faccessat(container.run, "exit", F_OK, 0) == 0 ? -1 : status_open_init(container.run, &init);
    if (running >= 0) {
        AUTO_CLOSE int upper = open_running(&container);
        return upper < 0 ? -1 : write_layer(&container.plan, upper);
    }
    if (container_lock(&container) < 0)
        return -1;
    int result = rootfs_assemble(&container.plan, container.directory);
    if (result == 0) {
        AUTO_CLOSE int upper = open(STAGE "/w/upper", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        result =
            upper < 0 ? fail_errno("the container's changes cannot be opened") : write_layer(&container.plan, upper);
    }
    rootfs_release();
    return result;
}

int command_changes(const char *path)
{
    signal(SIGPIPE, SIG_IGN);
    if (changes(path) == 0)
        return 0;
    fprintf(stderr, "%s\n", failure());
    return 1;
}
