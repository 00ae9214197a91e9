#include "frames.h"

#include "error.h"
#include "files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_AT_ONCE 8192u

void frame_header(unsigned char header[FRAME_HEADER], enum frame_type type, uint32_t length)
{
    uint32_t big = htonl(length);
    memset(header, 0, FRAME_HEADER);
    header[0] = (unsigned char)type;
    memcpy(header + 4, &big, sizeof(big));
}

int frame_fill(struct frame_reader *reader, int fd)
{
    if (reader->capacity - reader->used < READ_AT_ONCE) {
        size_t capacity = reader->capacity + (reader->capacity > READ_AT_ONCE ? reader->capacity : READ_AT_ONCE);
        if (capacity > 2 * (size_t)FRAME_PLAN_LIMIT)
            return fail("a frame is too long");
        unsigned char *larger = realloc(reader->bytes, capacity);
        if (!larger)
            return fail("out of memory");
        reader->bytes = larger;
        reader->capacity = capacity;
    }
    ssize_t n = read(fd, reader->bytes + reader->used, reader->capacity - reader->used);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 1;
    if (n < 0)
        return fail_errno("frames cannot be read");
    reader->used += (size_t)n;
    return n > 0;
}

int frame_next(struct frame_reader *reader, size_t *offset, struct frame *frame)
{
    const unsigned char *header = reader->bytes + *offset;
    uint32_t length;
    if (reader->used - *offset < FRAME_HEADER)
        return 0;
    memcpy(&length, header + 4, sizeof(length));
    length = ntohl(length);
    if (header[0] > FRAME_SIGNAL || header[1] || header[2] || header[3])
        return fail("a frame has an unknown type");
    if (length > (header[0] == FRAME_PLAN ? FRAME_PLAN_LIMIT : FRAME_LIMIT))
        return fail("a frame is too long");
    if (reader->used - *offset - FRAME_HEADER < length)
        return 0;
    *frame = (struct frame){.type = header[0], .length = length, .data = header + FRAME_HEADER};
    *offset += FRAME_HEADER + length;
    return 1;
}

void frame_compact(struct frame_reader *reader, size_t *offset)
{
    if (*offset > 0)
        memmove(reader->bytes, reader->bytes + *offset, reader->used - *offset);
    reader->used -= *offset;
    *offset = 0;
    if (reader->used == 0)
        frame_reader_free(reader);
}

void frame_reader_free(struct frame_reader *reader)
{
    free(reader->bytes);
    *reader = (struct frame_reader){0};
}

int frame_write(int fd, enum frame_type type, const void *data, size_t length)
{
    unsigned char header[FRAME_HEADER];
    frame_header(header, type, (uint32_t)length);
    if (write_all(fd, header, sizeof(header)) < 0)
        return -1;
    return write_all(fd, data, length);
}
