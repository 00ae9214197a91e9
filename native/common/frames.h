/*
 * Frames: one byte type, three zero bytes, four bytes length (big endian), data; see native/README.md.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum frame_type {
    FRAME_STDIN = 0,
    FRAME_STDOUT = 1,
    FRAME_STDERR = 2,
    FRAME_SIZE = 3,
    FRAME_EXIT = 4,
    FRAME_PLAN = 5,
    FRAME_STDIN_END = 6,
    FRAME_SIGNAL = 7,
};

#define FRAME_HEADER 8
#define FRAME_LIMIT (64u << 10)
#define FRAME_PLAN_LIMIT (4u << 20)

void frame_header(unsigned char header[FRAME_HEADER], enum frame_type type, uint32_t length);

/* Bytes of an incoming stream that are not yet a whole frame. */
struct frame_reader {
    unsigned char *bytes;
    size_t used, capacity;
};

struct frame {
    enum frame_type type;
    uint32_t length;
    const unsigned char *data;
};

/* Reads what is there. Returns 1, 0 at the end of the stream, or -1; EAGAIN counts as 1. */
int frame_fill(struct frame_reader *reader, int fd);

/* Takes the next whole frame; its data is valid until the next call. Returns 1, 0 if there is none yet, -1 if it is
 * malformed. */
int frame_next(struct frame_reader *reader, size_t *offset, struct frame *frame);

/* Drops the frames before the offset and sets it to 0. */
void frame_compact(struct frame_reader *reader, size_t *offset);

void frame_reader_free(struct frame_reader *reader);

/* Writes a whole frame to a blocking descriptor. */
int frame_write(int fd, enum frame_type type, const void *data, size_t length);
