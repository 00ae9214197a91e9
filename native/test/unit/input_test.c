/*
 * What comes in to berth-unpack: headers that are too long, in each way to write a length, and what only looks like
 * one.
 */
#include "../../unpack/unpack.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#define TAR_BLOCK 512

/* A header without a name, of a kind, with its length as it stands in the field. */
static void make_header(char *block, char kind, const void *length)
{
    unsigned sum = 0;
    char text[8] = {0};
    memset(block, 0, TAR_BLOCK);
    memcpy(block + 124, length, 12);
    memset(block + 148, ' ', 8);
    block[156] = kind;
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += (unsigned char)block[i];
    snprintf(text, sizeof(text), "%06o", sum);
    memcpy(block + 148, text, sizeof(text));
}

/* Bytes that go through; -1 if they are refused. */
static ssize_t taken(const char *bytes, size_t size)
{
    char name[] = "/tmp/berth-input-test.XXXXXX";
    const void *seen = NULL;
    struct archive *archive = archive_read_new();
    int fd = mkstemp(name);
    CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0 && dup2(fd, 0) == 0);
    ssize_t count = read_input(archive, NULL, &seen);
    CHECK(count < 0 || !memcmp(seen, bytes, size));
    archive_read_free(archive);
    close(fd);
    unlink(name);
    return count;
}

static ssize_t header(char kind, const void *length)
{
    char block[TAR_BLOCK];
    make_header(block, kind, length);
    return taken(block, sizeof(block));
}

static void test_lengths(void)
{
    for (const char *kind = "xXA"; *kind; kind++) {
        CHECK(header(*kind, "00000400000\0") == TAR_BLOCK);
        CHECK(header(*kind, "00000400001\0") < 0);
        CHECK(header(*kind, "     400001 ") < 0);
        CHECK(header(*kind, "777777777777") < 0);
        CHECK(header(*kind, "\x80\0\0\0\0\0\0\0\0\2\0\0") == TAR_BLOCK);
        CHECK(header(*kind, "\x80\0\0\0\0\0\0\0\0\2\0\1") < 0);
        CHECK(header(*kind, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") < 0);
    }
    CHECK(header('0', "77777777777\0") == TAR_BLOCK);
}

static void test_content(void)
{
    char blocks[3 * TAR_BLOCK];
    make_header(blocks, '0', "00000002000\0");
    make_header(blocks + TAR_BLOCK, 'x', "00000400001\0");
    make_header(blocks + 2 * TAR_BLOCK, '0', "00000002000\0");
    CHECK(taken(blocks, sizeof(blocks)) < 0);
    blocks[TAR_BLOCK] = 'a'; /* the sum is wrong now */
    CHECK(taken(blocks, sizeof(blocks)) == sizeof(blocks));
    CHECK(taken(blocks, TAR_BLOCK + 200) == TAR_BLOCK + 200);
    CHECK(taken(blocks, 0) == 0);
}

/* Content whose field of the sum is no number, which is not the number 0: its signed characters add up to that. */
static void test_random_content(void)
{
    char block[TAR_BLOCK];
    memset(block, 0, sizeof(block));
    memset(block + 124, 0xff, 12);
    memset(block + 148, 'z', 8);
    block[156] = 'x';
    memset(block, -91, 4);
    CHECK(taken(block, sizeof(block)) == sizeof(block));
}

int main(void)
{
    test_lengths();
    test_content();
    test_random_content();
    UNIT_END;
}
