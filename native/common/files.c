#include "files.h"

#include "cleanup.h"
#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_INTERVAL_MS 2

int read_all(int fd, size_t limit, char **bytes, size_t *size)
{
    size_t capacity = 4096, used = 0;
    AUTO_FREE char *buffer = malloc(capacity + 1);
    while (buffer) {
        ssize_t n = read(fd, buffer + used, capacity - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno("reading failed");
        used += (size_t)n;
        if (n == 0 || used > limit)
            break;
        if (used == capacity) {
            char *larger = realloc(buffer, 2 * capacity + 1);
            if (!larger)
                return fail("out of memory");
            buffer = larger;
            capacity *= 2;
        }
    }
    if (!buffer || used > limit)
        return fail(buffer ? "there are more than %zu bytes" : "out of memory for %zu bytes", limit);
    buffer[used] = '\0';
    *bytes = buffer;
    *size = used;
    buffer = NULL;
    return 0;
}

char *read_text_at(int dir, const char *path)
{
    AUTO_CLOSE int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
    char *text = NULL;
    size_t size = 0;
    if (fd < 0) {
        fail_errno("%s cannot be opened", path);
        return NULL;
    }
    return read_all(fd, 1u << 20, &text, &size) < 0 ? NULL : text;
}

int write_all(int fd, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size > 0) {
        ssize_t n = write(fd, next, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno("writing failed");
        next += n;
        size -= (size_t)n;
    }
    return 0;
}

int write_text_at(int dir, const char *path, const char *text)
{
    AUTO_CLOSE int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno("%s cannot be opened", path);
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        return fail_errno("%.60s cannot be written to %s", text, path);
    return 0;
}

int replace_file_at(int dir, const char *name, const char *text)
{
    char temporary[256];
    snprintf(temporary, sizeof(temporary), "%s.new", name);
    AUTO_CLOSE int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail_errno("%s cannot be made", temporary);
    if (write_all(fd, text, strlen(text)) < 0)
        return -1;
    if (renameat(dir, temporary, dir, name) < 0)
        return fail_errno("%s cannot be replaced", name);
    return 0;
}

int sealed_memory(const char *name, const void *bytes, size_t size)
{
    AUTO_CLOSE int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return fail_errno("memory for %s cannot be made", name);
    if (write_all(fd, bytes, size) < 0)
        return -1;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        return fail_errno("memory for %s cannot be sealed", name);
    if (lseek(fd, 0, SEEK_SET) < 0)
        return fail_errno("memory for %s cannot be rewound", name);
    return take_fd(&fd);
}

int lock_file(int fd, int timeout_ms)
{
    for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += LOCK_INTERVAL_MS) {
        if (errno != EWOULDBLOCK || waited >= timeout_ms)
            return -1;
        usleep(LOCK_INTERVAL_MS * 1000);
    }
    return 0;
}
