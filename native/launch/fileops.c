#include "fileops.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/paths.h"
#include "../common/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ENTRY_LIMIT 10000
#define PART_LIMIT (4u << 20)
#define STAGED_PREFIX ".berth-upload-"
#define UPLOAD_LENGTH 36
#define STAGED_LENGTH (sizeof(STAGED_PREFIX) - 1 + UPLOAD_LENGTH)
#define ABANDONED_SECONDS 3600

static int refuse(int code, const char *reason)
{
    errno = code;
    return fail("%s", reason);
}

/* Words that become one or more frames. */
struct reply {
    char bytes[FRAME_LIMIT];
    size_t used;
};

static int reply_flush(struct reply *reply)
{
    size_t used = reply->used;
    reply->used = 0;
    return used ? frame_write(STDOUT_FILENO, FRAME_STDOUT, reply->bytes, used) : 0;
}

static int reply_word(struct reply *reply, const char *word)
{
    size_t size = strlen(word) + 1;
    if (size > sizeof(reply->bytes) - reply->used && reply_flush(reply) < 0)
        return -1;
    memcpy(reply->bytes + reply->used, word, size);
    reply->used += size;
    return 0;
}

static char kind(mode_t mode)
{
    return S_ISREG(mode) ? 'f' : S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : 'o';
}

/* Attributes, name and target of an entry; one that has just gone is left out. */
static int reply_entry(struct reply *reply, int parent, const char *name, const char *shown)
{
    struct stat status;
    char attributes[160], target[PATH_MAX] = "";
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0)
        return errno == ENOENT ? 0 : fail_errno("%s cannot be looked at", shown);
    if (S_ISLNK(status.st_mode)) {
        ssize_t length = readlinkat(parent, name, target, sizeof(target) - 1);
        target[length < 0 ? 0 : length] = '\0';
    }
    snprintf(attributes, sizeof(attributes), "%c %o %u %u %lld %lld %ld", kind(status.st_mode), status.st_mode & 07777,
        status.st_uid, status.st_gid, (long long)status.st_size, (long long)status.st_mtim.tv_sec,
        status.st_mtim.tv_nsec);
    if (reply_word(reply, attributes) < 0 || reply_word(reply, shown) < 0)
        return -1;
    return reply_word(reply, target);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_staged(const char *name)
{
    return strncmp(name, STAGED_PREFIX, strlen(STAGED_PREFIX)) == 0 &&
           strlen(name) == strlen(STAGED_PREFIX) + UPLOAD_LENGTH;
}

/* Uploads that are not complete are not there yet. */
static bool is_shown(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !is_staged(name);
}

static int read_names(int directory, char **names, size_t *count)
{
    DIR *stream = fdopendir(dup(directory));
    if (!stream)
        return fail_errno("the directory cannot be read");
    for (struct dirent *entry; *count < ENTRY_LIMIT && (entry = readdir(stream));)
        if (is_shown(entry->d_name))
            names[(*count)++] = strdup(entry->d_name);
    closedir(stream);
    qsort(names, *count, sizeof(*names), compare);
    return 0;
}

static int list_directory(struct reply *reply, int directory)
{
    static char *names[ENTRY_LIMIT];
    size_t count = 0;
    if (read_names(directory, names, &count) < 0 || reply_word(reply, "d") < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (names[i] && reply_entry(reply, directory, names[i], names[i]) < 0)
            return -1;
    return reply_flush(reply);
}

int files_list(int root, struct request *request)
{
    static struct reply reply;
    const char *path = request->word[1];
    AUTO_CLOSE int directory = open_in_root(root, path, O_RDONLY | O_DIRECTORY);
    if (directory >= 0)
        return list_directory(&reply, directory);
    /* A link that leads nowhere is shown itself. */
    AUTO_CLOSE int entry = open_in_root(root, path, O_PATH);
    if (entry < 0)
        entry = open_in_root(root, path, O_PATH | O_NOFOLLOW);
    if (entry < 0)
        return fail_errno("%s cannot be opened", path);
    if (reply_word(&reply, "e") < 0 || reply_entry(&reply, entry, "", path) < 0)
        return -1;
    return reply_flush(&reply);
}

static int parse_range(struct request *request, uint64_t *offset, uint64_t *length)
{
    if (parse_number(request->word[2], offset) < 0 || parse_number(request->word[3], length) < 0 ||
        *offset > INT64_MAX || *length > PART_LIMIT)
        return refuse(EINVAL, "the range cannot be read");
    return 0;
}

int files_read(int root, struct request *request)
{
    static char piece[FRAME_LIMIT];
    struct stat status;
    uint64_t offset, length;
    if (parse_range(request, &offset, &length) < 0)
        return -1;
    AUTO_CLOSE int file = open_in_root(root, request->word[1], O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (file < 0 || fstat(file, &status) < 0)
        return fail_errno("%s cannot be opened", request->word[1]);
    if (!S_ISREG(status.st_mode))
        return refuse(EISDIR, "it is not a regular file");
    int size = snprintf(piece, sizeof(piece), "%lld", (long long)status.st_size);
    if (frame_write(STDOUT_FILENO, FRAME_STDOUT, piece, (size_t)size + 1) < 0)
        return -1;
    while (length > 0) {
        ssize_t n = pread(file, piece, length < sizeof(piece) ? length : sizeof(piece), (off_t)offset);
        if (n < 0)
            return fail_errno("%s cannot be read", request->word[1]);
        if (n == 0)
            break;
        if (frame_write(STDOUT_FILENO, FRAME_STDOUT, piece, (size_t)n) < 0)
            return -1;
        offset += (uint64_t)n;
        length -= (uint64_t)n;
    }
    return 0;
}

/* Opens the directory in which a path's last part lies; that part must be a name. */
static int open_parent(int root, const char *path, char name[NAME_MAX + 1])
{
    char directory[PATH_MAX];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (path[0] != '/' || length >= sizeof(directory))
        return refuse(EINVAL, "the path is not absolute, or too long");
    snprintf(directory, sizeof(directory), "%.*s", (int)length, path);
    char *last = strrchr(directory, '/') + 1;
    if (strlen(last) > NAME_MAX || !*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return refuse(EINVAL, "the path does not end with a name");
    strcpy(name, last);
    *last = '\0';
    int parent = open_in_root(root, directory, O_PATH | O_DIRECTORY);
    return parent < 0 ? fail_errno("%s cannot be opened", directory) : parent;
}

static int append(struct request *request, int file)
{
    struct frame frame;
    for (;;) {
        if (request_next(request, &frame) < 0)
            return refuse(EPIPE, "the part is not complete");
        if (frame.type == FRAME_STDIN_END)
            return 0;
        if (frame.type != FRAME_STDIN)
            return refuse(EINVAL, "the part has an unknown frame");
        if (write_all(file, frame.data, frame.length) < 0)
            return -1;
    }
}

static int open_staged(int parent, const char *staged, uint64_t offset)
{
    struct stat status;
    int fresh = offset == 0 ? O_CREAT | O_TRUNC : 0;
    AUTO_CLOSE int file =
        openat(parent, staged, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | fresh, 0600);
    if (file < 0 || fstat(file, &status) < 0)
        return fail_errno("the upload cannot be opened");
    if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size != offset)
        return refuse(ESPIPE, "the part does not begin where the upload ends");
    return take_fd(&file);
}

static int staged_name(const char *upload, char staged[STAGED_LENGTH + 1])
{
    if (strlen(upload) != UPLOAD_LENGTH || strspn(upload, "0123456789abcdef-") != UPLOAD_LENGTH)
        return refuse(EINVAL, "the upload's name cannot be read");
    snprintf(staged, STAGED_LENGTH + 1, STAGED_PREFIX "%s", upload);
    return 0;
}

/* Removes uploads whose callers went away long ago and could not say so. */
static void remove_abandoned(int parent)
{
    int directory = openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = directory < 0 ? NULL : fdopendir(directory);
    time_t now = time(NULL);
    if (!stream)
        return;
    for (struct dirent *entry; (entry = readdir(stream));) {
        struct stat status;
        if (is_staged(entry->d_name) && fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            status.st_mtim.tv_sec < now - ABANDONED_SECONDS)
            unlinkat(directory, entry->d_name, 0);
    }
    closedir(stream);
}

int files_write(int root, struct request *request)
{
    char name[NAME_MAX + 1], staged[STAGED_LENGTH + 1];
    uint64_t offset, mode;
    if (parse_number(request->word[3], &offset) < 0 || parse_number(request->word[4], &mode) < 0 || mode > 07777)
        return refuse(EINVAL, "the part's place cannot be read");
    if (staged_name(request->word[2], staged) < 0)
        return -1;
    AUTO_CLOSE int parent = open_parent(root, request->word[1], name);
    if (parent >= 0 && offset == 0)
        remove_abandoned(parent);
    AUTO_CLOSE int file = parent < 0 ? -1 : open_staged(parent, staged, offset);
    if (file < 0)
        return -1;
    if (append(request, file) < 0) {
        int code = errno;
        unlinkat(parent, staged, 0);
        errno = code;
        return -1;
    }
    if (strcmp(request->word[5], "last") != 0)
        return 0;
    if (fchmod(file, (mode_t)mode) < 0 || fsync(file) < 0 || renameat(parent, staged, parent, name) < 0) {
        fail_errno("%s cannot be replaced", request->word[1]);
        int code = errno;
        unlinkat(parent, staged, 0);
        errno = code;
        return -1;
    }
    return 0;
}

int files_drop(int root, struct request *request)
{
    char name[NAME_MAX + 1], staged[STAGED_LENGTH + 1];
    if (staged_name(request->word[2], staged) < 0)
        return -1;
    AUTO_CLOSE int parent = open_parent(root, request->word[1], name);
    if (parent < 0)
        return errno == ENOENT ? 0 : -1;
    return unlinkat(parent, staged, 0) == 0 || errno == ENOENT ? 0 : fail_errno("the upload cannot be removed");
}

int files_make_directory(int root, struct request *request)
{
    char name[NAME_MAX + 1];
    AUTO_CLOSE int present = open_in_root(root, request->word[1], O_PATH | O_DIRECTORY);
    if (present >= 0)
        return 0;
    AUTO_CLOSE int parent = open_parent(root, request->word[1], name);
    if (parent < 0)
        return -1;
    return mkdirat(parent, name, 0755) < 0 ? fail_errno("%s cannot be made", request->word[1]) : 0;
}

int files_delete(int root, struct request *request)
{
    char name[NAME_MAX + 1];
    AUTO_CLOSE int parent = open_parent(root, request->word[1], name);
    if (parent < 0)
        return errno == ENOENT ? 0 : -1;
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno == EISDIR && unlinkat(parent, name, AT_REMOVEDIR) == 0)
        return 0;
    return fail_errno("%s cannot be deleted", request->word[1]);
}
