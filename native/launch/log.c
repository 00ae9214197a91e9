#include "log.h"

#include "../common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *const STREAM[] = {"stdout", "stderr"};

static int open_output(struct log *log)
{
    struct stat status;
    log->file = openat(log->directory, "output", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log->file < 0 || fstat(log->file, &status) < 0)
        return fail_errno("the log cannot be opened");
    log->size = (uint64_t)status.st_size;
    return 0;
}

int log_open(struct log *log, int directory, uint64_t size_limit, unsigned files)
{
    *log = (struct log){.directory = directory, .file = -1, .size_limit = size_limit, .files = files ? files : 1};
    return open_output(log);
}

static void rotate(struct log *log)
{
    char from[32], to[32];
    for (unsigned i = log->files - 1; i > 0; i--) {
        if (i > 1)
            snprintf(from, sizeof(from), "output.%u", i - 1);
        else
            snprintf(from, sizeof(from), "output");
        snprintf(to, sizeof(to), "output.%u", i);
        if (renameat(log->directory, from, log->directory, to) < 0 && errno != ENOENT)
            return;
    }
    if (log->files == 1 && unlinkat(log->directory, "output", 0) < 0)
        return;
    if (log->file >= 0)
        close(log->file);
    log->file = -1;
    if (open_output(log) < 0)
        log->size = 0;
}

static size_t format_prefix(char prefix[64], enum log_stream stream, char tag)
{
    struct timespec now;
    struct tm day;
    char date[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &day);
    return (size_t)snprintf(prefix, 64, "%s.%09ldZ %s %c ", date, now.tv_nsec, STREAM[stream], tag);
}

/* One record in one write, so that a reader never sees half of it unless the disk is full. */
static bool write_record(struct log *log, enum log_stream stream, char tag, struct iovec text[2])
{
    char prefix[64];
    struct iovec parts[4] = {{prefix, format_prefix(prefix, stream, tag)}, text[0], text[1], {(char[]){'\n'}, 1}};
    size_t length = parts[0].iov_len + text[0].iov_len + text[1].iov_len + 1;
    if (log->size_limit && log->size > 0 && log->size + length > log->size_limit)
        rotate(log);
    if (log->file < 0 && open_output(log) < 0)
        return false;
    ssize_t n = writev(log->file, parts, 4);
    if (n == (ssize_t)length) {
        log->size += length;
        return true;
    }
    if (n > 0 && ftruncate(log->file, (off_t)log->size) < 0)
        log->size += (size_t)n;
    return false;
}

static void add_record(struct log *log, enum log_stream stream, char tag, const char *first, size_t first_length,
    const char *second, size_t second_length)
{
    struct iovec text[2] = {{(char *)(uintptr_t)first, first_length}, {(char *)(uintptr_t)second, second_length}};
    if (log->lost > 0) {
        char notice[96];
        int length = snprintf(notice, sizeof(notice), "berth: %llu bytes were lost because the disk was full",
            (unsigned long long)log->lost);
        struct iovec words[2] = {{notice, (size_t)length}, {NULL, 0}};
        if (write_record(log, LOG_STDERR, 'F', words))
            log->lost = 0;
    }
    if (log->lost > 0 || !write_record(log, stream, tag, text))
        log->lost += first_length + second_length + 1;
}

/* Keeps the incomplete rest of a line. Without memory it is written as it is. */
static void keep(struct log *log, enum log_stream stream, const char *bytes, size_t count)
{
    if (!log->pending[stream].text)
        log->pending[stream].text = malloc(LOG_LINE);
    if (!log->pending[stream].text) {
        add_record(log, stream, 'P', bytes, count, NULL, 0);
        return;
    }
    memcpy(log->pending[stream].text + log->pending[stream].used, bytes, count);
    log->pending[stream].used += count;
}

static void drop_pending(struct log *log, enum log_stream stream)
{
    free(log->pending[stream].text);
    log->pending[stream].text = NULL;
    log->pending[stream].used = 0;
}

void log_add(struct log *log, enum log_stream stream, const char *bytes, size_t count)
{
    while (count > 0) {
        size_t pending = log->pending[stream].used;
        size_t room = LOG_LINE - pending;
        const char *newline = memchr(bytes, '\n', count < room + 1 ? count : room + 1);
        size_t length = newline ? (size_t)(newline - bytes) : count < room ? count : room;
        if (!newline && length < room) {
            keep(log, stream, bytes, length);
            return;
        }
        add_record(log, stream, newline ? 'F' : 'P', log->pending[stream].text, pending, bytes, length);
        drop_pending(log, stream);
        bytes += length + (newline ? 1 : 0);
        count -= length + (newline ? 1 : 0);
    }
}

bool log_is_pending(const struct log *log)
{
    return log->pending[LOG_STDOUT].used > 0 || log->pending[LOG_STDERR].used > 0;
}

void log_flush(struct log *log, bool end)
{
    for (enum log_stream stream = LOG_STDOUT; stream < LOG_STREAMS; stream++) {
        if (log->pending[stream].used > 0)
            add_record(log, stream, end ? 'F' : 'P', log->pending[stream].text, log->pending[stream].used, NULL, 0);
        drop_pending(log, stream);
    }
}

void log_close(struct log *log)
{
    log_flush(log, true);
    if (log->file >= 0)
        close(log->file);
    log->file = -1;
}
