/*
 * A writer of tar archives (POSIX.1-2001): only what a layer of an image needs, and the same bytes for the same files.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tar {
    int fd;
    char buffer[64 << 10];
    size_t used;
};

/* What an entry is; strings are borrowed. */
struct tar_entry {
    const char *path;
    const char *target; /* of links */
    char type;          /* '0' file, '1' hard link, '2' symbolic link, '5' directory, '6' pipe */
    mode_t mode;
    uint32_t user, group;
    uint64_t size;
    int64_t modified;
    const char *records; /* further extended header records, as tar_record makes them */
    size_t records_size;
};

/* Appends "LENGTH NAME=VALUE\n" to a buffer of the given capacity. */
int tar_record(char *buffer, size_t capacity, size_t *used, const char *name, const void *value, size_t size);

int tar_entry(struct tar *tar, const struct tar_entry *entry);

/* Writes a file's content after its entry, exactly so many bytes, and fills the last block. */
int tar_content(struct tar *tar, int file, uint64_t size);

int tar_end(struct tar *tar);
