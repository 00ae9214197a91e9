#include "tar.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK 512
#define EXTENDED_LIMIT (1u << 20)
#define OCTAL_SIZE_LIMIT (UINT64_C(1) << 33)

struct header {
    char name[100], mode[8], user[8], group[8], size[12], modified[12], sum[8], type, link[100];
    char magic[6], version[2], user_name[32], group_name[32], major[8], minor[8], prefix[155], pad[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static int flush(struct tar *tar)
{
    size_t used = tar->used;
    tar->used = 0;
    return write_all(tar->fd, tar->buffer, used);
}

static int put(struct tar *tar, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size > 0) {
        size_t room = sizeof(tar->buffer) - tar->used;
        size_t n = size < room ? size : room;
        memcpy(tar->buffer + tar->used, next, n);
        tar->used += n;
        next += n;
        size -= n;
        if (tar->used == sizeof(tar->buffer) && flush(tar) < 0)
            return -1;
    }
    return 0;
}

static int fill_block(struct tar *tar, uint64_t size)
{
    static const char ZEROS[BLOCK];
    return put(tar, ZEROS, (BLOCK - size % BLOCK) % BLOCK);
}

int tar_record(char *buffer, size_t capacity, size_t *used, const char *name, const void *value, size_t size)
{
    char number[24];
    size_t rest = strlen(name) + size + 3; /* space, '=', line feed */
    size_t length = rest + 1;
    while (length != rest + (size_t)snprintf(number, sizeof(number), "%zu", length))
        length = rest + strlen(number);
    if (length > capacity - *used)
        return fail("the attributes of a file are too large");
    char *at = buffer + *used;
    at += sprintf(at, "%zu %s=", length, name);
    memcpy(at, value, size);
    at[size] = '\n';
    *used += length;
    return 0;
}

static void octal(char *field, size_t width, uint64_t number)
{
    char text[32];
    snprintf(text, sizeof(text), "%0*llo", (int)width - 1, (unsigned long long)number);
    memcpy(field, text, width - 1);
}

static int put_header(struct tar *tar, const struct tar_entry *entry, char type, uint64_t size)
{
    struct header header = {.type = type, .magic = "ustar", .version = {'0', '0'}};
    unsigned sum = 0;
    memcpy(header.name, entry->path, strnlen(entry->path, sizeof(header.name)));
    if (entry->target)
        memcpy(header.link, entry->target, strnlen(entry->target, sizeof(header.link)));
    octal(header.mode, sizeof(header.mode), entry->mode & 07777);
    octal(header.user, sizeof(header.user), entry->user);
    octal(header.group, sizeof(header.group), entry->group);
    octal(header.size, sizeof(header.size), size < OCTAL_SIZE_LIMIT ? size : 0);
    octal(header.modified, sizeof(header.modified), entry->modified > 0 ? (uint64_t)entry->modified : 0);
    octal(header.major, sizeof(header.major), 0);
    octal(header.minor, sizeof(header.minor), 0);
    memset(header.sum, ' ', sizeof(header.sum));
    for (size_t i = 0; i < BLOCK; i++)
        sum += ((const unsigned char *)&header)[i];
    snprintf(header.sum, sizeof(header.sum), "%06o", sum);
    return put(tar, &header, sizeof(header));
}

/* What does not fit the old header goes before it, as an extended one. */
static int put_extended(struct tar *tar, const struct tar_entry *entry)
{
    static char records[EXTENDED_LIMIT];
    char size[24];
    size_t used = 0;
    int length = snprintf(size, sizeof(size), "%llu", (unsigned long long)entry->size);
    if (strlen(entry->path) > sizeof(((struct header *)0)->name) &&
        tar_record(records, sizeof(records), &used, "path", entry->path, strlen(entry->path)) < 0)
        return -1;
    if (entry->target && strlen(entry->target) > sizeof(((struct header *)0)->link) &&
        tar_record(records, sizeof(records), &used, "linkpath", entry->target, strlen(entry->target)) < 0)
        return -1;
    if (entry->size >= OCTAL_SIZE_LIMIT &&
        tar_record(records, sizeof(records), &used, "size", size, (size_t)length) < 0)
        return -1;
    if (entry->records_size > sizeof(records) - used)
        return fail("the attributes of %s are too large", entry->path);
    memcpy(records + used, entry->records, entry->records_size);
    used += entry->records_size;
    if (used == 0)
        return 0;
    struct tar_entry extended = {.path = "PaxHeaders/entry", .mode = 0644};
    if (put_header(tar, &extended, 'x', used) < 0 || put(tar, records, used) < 0)
        return -1;
    return fill_block(tar, used);
}

int tar_entry(struct tar *tar, const struct tar_entry *entry)
{
    return put_extended(tar, entry) < 0 ? -1 : put_header(tar, entry, entry->type, entry->size);
}

int tar_content(struct tar *tar, int file, uint64_t size)
{
    static char piece[256 << 10];
    for (uint64_t left = size; left > 0;) {
        ssize_t n = read(file, piece, left < sizeof(piece) ? left : sizeof(piece));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? fail_errno("a file cannot be read") : fail("a file became shorter while it was read");
        if (put(tar, piece, (size_t)n) < 0)
            return -1;
        left -= (uint64_t)n;
    }
    return fill_block(tar, size);
}

int tar_end(struct tar *tar)
{
    static const char ZEROS[2 * BLOCK];
    return put(tar, ZEROS, sizeof(ZEROS)) < 0 ? -1 : flush(tar);
}
