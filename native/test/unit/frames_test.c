/*
 * Frames: whole, in pieces, and malformed; and the way in to a process.
 */
#include "../../common/frames.h"
#include "../../launch/inlet.h"
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void test_pieces(void)
{
    int ends[2];
    struct frame_reader reader = {0};
    struct frame frame;
    size_t offset = 0;
    const unsigned char bytes[] = {0, 0, 0, 0, 0, 0, 0, 3, 'a', 'b', 'c', 6, 0, 0, 0, 0, 0, 0, 0, 7, 0};
    CHECK(pipe(ends) == 0);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        CHECK(write(ends[1], bytes + i, 1) == 1 && frame_fill(&reader, ends[0]) == 1);
        if (i < 10)
            CHECK(frame_next(&reader, &offset, &frame) == 0);
    }
    CHECK(frame_next(&reader, &offset, &frame) == 1 && frame.type == FRAME_STDIN && frame.length == 3);
    CHECK(memcmp(frame.data, "abc", 3) == 0);
    CHECK(frame_next(&reader, &offset, &frame) == 1 && frame.type == FRAME_STDIN_END && frame.length == 0);
    CHECK(frame_next(&reader, &offset, &frame) == 0);
    frame_compact(&reader, &offset);
    CHECK(reader.used == 2 && offset == 0);
    close(ends[1]);
    CHECK(frame_fill(&reader, ends[0]) == 0);
    close(ends[0]);
    frame_reader_free(&reader);
}

static int parse(const unsigned char *bytes, size_t size)
{
    struct frame_reader reader = {.bytes = malloc(size), .used = size, .capacity = size};
    struct frame frame;
    size_t offset = 0;
    memcpy(reader.bytes, bytes, size);
    int found = frame_next(&reader, &offset, &frame);
    frame_reader_free(&reader);
    return found;
}

static void test_malformed(void)
{
    CHECK(parse((const unsigned char[]){8, 0, 0, 0, 0, 0, 0, 0}, 8) < 0);
    CHECK(parse((const unsigned char[]){0, 1, 0, 0, 0, 0, 0, 0}, 8) < 0);
    CHECK(parse((const unsigned char[]){0, 0, 0, 0, 0, 1, 0, 1}, 8) < 0);
    CHECK(parse((const unsigned char[]){0, 0, 0, 0, 255, 255, 255, 255}, 8) < 0);
    CHECK(parse((const unsigned char[]){5, 0, 0, 0, 0, 64, 0, 1}, 8) < 0);
    CHECK(parse((const unsigned char[]){5, 0, 0, 0, 0, 1, 0, 1}, 8) == 0);
}

static void test_written(void)
{
    int ends[2];
    unsigned char bytes[16];
    CHECK(pipe(ends) == 0);
    CHECK(frame_write(ends[1], FRAME_STDERR, "xyz", 3) == 0);
    CHECK(read(ends[0], bytes, sizeof(bytes)) == 11);
    CHECK(memcmp(bytes, "\2\0\0\0\0\0\0\3xyz", 11) == 0);
    close(ends[0]);
    close(ends[1]);
}

/* A full pipe: the frame waits, the next one is refused, and after reading all is there. */
static void test_inlet(void)
{
    int ends[2];
    static unsigned char block[FRAME_LIMIT];
    struct inlet inlet = {0};
    const struct frame data = {.type = FRAME_STDIN, .length = sizeof(block), .data = block};
    const struct frame end = {.type = FRAME_STDIN_END};
    size_t total = 0;
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    inlet.fd = ends[1];
    CHECK(inlet_take(&inlet, &data) && inlet_take(&inlet, &data));
    CHECK(inlet.unsent_size > 0 && !inlet_take(&inlet, &data) && !inlet_take(&inlet, &end));
    for (ssize_t n; inlet.unsent_size > 0; inlet_continue(&inlet))
        while ((n = read(ends[0], block, sizeof(block))) > 0)
            total += (size_t)n;
    CHECK(inlet_take(&inlet, &end) && inlet.fd < 0);
    for (ssize_t n; (n = read(ends[0], block, sizeof(block))) > 0;)
        total += (size_t)n;
    CHECK(total == 2 * sizeof(block));
    CHECK(inlet_take(&inlet, &data) && inlet.unsent_size == 0);
    close(ends[0]);
}

int main(void)
{
    test_pieces();
    test_malformed();
    test_written();
    test_inlet();
    UNIT_END;
}
