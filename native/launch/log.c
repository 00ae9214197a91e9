#include "log.h"

#include "../common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Records that are written together: a flood of lines costs one call for each that the container made, not one for each
 * line. */
struct batch {
    struct log *log;
    struct timespec time;
    char date[32];
    size_t used, text; /* bytes, and those of them that the container said */
    char bytes[2 * LOG_LINE];
};

static void batch_begin(struct batch *batch, struct log *log)
{
    struct tm day;
    batch->log = log;
    batch->used = batch->text = 0;
    clock_gettime(CLOCK_REALTIME, &batch->time);
    gmtime_r(&batch->time.tv_sec, &day);
    strftime(batch->date, sizeof(batch->date), "%Y-%m-%dT%H:%M:%S", &day);
}

/* All or nothing, so that a record is never cut. */
static bool write_whole(struct log *log, const char *bytes, size_t count)
{
    if (log->file < 0 && open_output(log) < 0)
        return false;
    ssize_t n = write(log->file, bytes, count);
    if (n == (ssize_t)count) {
        log->size += count;
        return true;
    }
    if (n > 0 && ftruncate(log->file, (off_t)log->size) < 0)
        log->size += (size_t)n;
    return false;
}

static size_t format_prefix(struct batch *batch, char prefix[64], enum log_stream stream, char tag)
{
    /* Each record has a time of its own, for readers that go by it. */
    if (batch->time.tv_nsec < 999999999)
        batch->time.tv_nsec++;
    return (size_t)snprintf(prefix, 64, "%s.%09ldZ %s %c ", batch->date, batch->time.tv_nsec, STREAM[stream], tag);
}

static bool tell_loss(struct batch *batch)
{
    char line[192];
    size_t used = format_prefix(batch, line, LOG_STDERR, 'F');
    used += (size_t)snprintf(line + used, sizeof(line) - used,
        "berth: %llu bytes were lost because the disk was full\n", (unsigned long long)batch->log->lost);
    if (!write_whole(batch->log, line, used))
        return false;
    batch->log->lost = 0;
    return true;
}

static void batch_write(struct batch *batch)
{
    struct log *log = batch->log;
    if (batch->used > 0 && ((log->lost > 0 && !tell_loss(batch)) || !write_whole(log, batch->bytes, batch->used)))
        log->lost += batch->text;
    batch->used = batch->text = 0;
}

static void append(struct batch *batch, const char *bytes, size_t count)
{
    if (count > 0)
        memcpy(batch->bytes + batch->used, bytes, count);
    batch->used += count;
}

/* A record of what is pending of a stream and what follows it. */
static void add_record(struct batch *batch, enum log_stream stream, char tag, const char *rest, size_t rest_length)
{
    struct log *log = batch->log;
    char prefix[64];
    size_t prefix_length = format_prefix(batch, prefix, stream, tag);
    size_t length = prefix_length + log->pending[stream].used + rest_length + 1;
    if (batch->used + length > sizeof(batch->bytes))
        batch_write(batch);
    if (log->size_limit && log->size + batch->used > 0 && log->size + batch->used + length > log->size_limit) {
        batch_write(batch);
        rotate(log);
    }
    append(batch, prefix, prefix_length);
    append(batch, log->pending[stream].text, log->pending[stream].used);
    append(batch, rest, rest_length);
    append(batch, "\n", 1);
    batch->text += length - prefix_length;
    free(log->pending[stream].text);
    log->pending[stream].text = NULL;
    log->pending[stream].used = 0;
}

/* Keeps the incomplete rest of a line. Without memory it is written as it is. */
static void keep(struct batch *batch, enum log_stream stream, const char *bytes, size_t count)
{
    struct log *log = batch->log;
    if (!log->pending[stream].text)
        log->pending[stream].text = malloc(LOG_LINE);
    if (!log->pending[stream].text) {
        add_record(batch, stream, 'P', bytes, count);
        return;
    }
    memcpy(log->pending[stream].text + log->pending[stream].used, bytes, count);
    log->pending[stream].used += count;
}

void log_add(struct log *log, enum log_stream stream, const char *bytes, size_t count)
{
    struct batch batch;
    batch_begin(&batch, log);
    while (count > 0) {
        size_t room = LOG_LINE - log->pending[stream].used;
        const char *newline = memchr(bytes, '\n', count < room + 1 ? count : room + 1);
        size_t length = newline ? (size_t)(newline - bytes) : count < room ? count : room;
        if (!newline && length < room) {
            keep(&batch, stream, bytes, length);
            break;
        }
        add_record(&batch, stream, newline ? 'F' : 'P', bytes, length);
        bytes += length + (newline ? 1 : 0);
        count -= length + (newline ? 1 : 0);
    }
    batch_write(&batch);
}

bool log_is_pending(const struct log *log)
{
    return log->pending[LOG_STDOUT].used > 0 || log->pending[LOG_STDERR].used > 0;
}

void log_flush(struct log *log, bool end)
{
    struct batch batch;
    batch_begin(&batch, log);
    for (enum log_stream stream = LOG_STDOUT; stream < LOG_STREAMS; stream++)
        if (log->pending[stream].used > 0)
            add_record(&batch, stream, end ? 'F' : 'P', "", 0);
    batch_write(&batch);
}

void log_close(struct log *log)
{
    log_flush(log, true);
    if (log->file >= 0)
        close(log->file);
    log->file = -1;
}
