/*
 * The container's output in the CRI log format, with rotation: TIMESTAMP stdout|stderr F|P TEXT.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer lines are split into partial records. */
#define LOG_LINE 16384

enum log_stream { LOG_STDOUT, LOG_STDERR, LOG_STREAMS };

struct log {
    int directory;
    int file;
    uint64_t size, size_limit;
    unsigned files;
    uint64_t lost; /* bytes that did not fit on the disk */
    struct {
        char *text; /* allocated while a line is incomplete */
        size_t used;
    } pending[LOG_STREAMS];
};

/* Opens the file output in a directory; a size of 0 never rotates. */
int log_open(struct log *log, int directory, uint64_t size_limit, unsigned files);

/* Adds what a stream said. Never fails: what the disk has no room for is counted, and said later. */
void log_add(struct log *log, enum log_stream stream, const char *bytes, size_t count);

/* Whether a line is incomplete. */
bool log_is_pending(const struct log *log);

/* Writes incomplete lines, as partial records or, at the end, as full ones. */
void log_flush(struct log *log, bool end);

void log_close(struct log *log);
