/*
 * The archive as it comes in. libarchive compares each entry of an access list with all before it, so that one header
 * of a megabyte keeps it busy for minutes: headers that describe an entry, and are longer than any honest one, are
 * refused before libarchive sees them. Headers stand at multiples of 512 bytes; a block of a file's content may look
 * like one, which matters for archives within archives only.
 */
#include "unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TAR_BLOCK 512
#define READ_SIZE (256u << 10)
#define SIZE_AT 124
#define SIZE_LENGTH 12
#define SUM_AT 148
#define SUM_LENGTH 8
#define KIND_AT 156

/* A number of a header: octal digits, or big-endian bytes where the first bit is set. */
static uint64_t number(const unsigned char *field, size_t length)
{
    uint64_t value = field[0] & 0x80 ? field[0] & 0x7f : 0;
    size_t i = 0;
    if (field[0] & 0x80) {
        for (i = 1; i < length; i++)
            value = value >> 56 ? UINT64_MAX : value << 8 | field[i];
        return value;
    }
    while (i < length && (field[i] == ' ' || field[i] == '\t'))
        i++;
    for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(field[i] - '0');
    return value;
}

/*
 * As libarchive knows one: the field of the sum holds nothing but octal digits, spaces and zeros, and the sum is that
 * of the bytes, or of signed characters. Without the first, content that is random would be taken for a header once in
 * some million blocks.
 */
static bool is_header(const unsigned char *block)
{
    int64_t sum = 0, of_signed = 0;
    for (size_t i = SUM_AT; i < SUM_AT + SUM_LENGTH; i++) {
        if (block[i] && block[i] != ' ' && (block[i] < '0' || block[i] > '7'))
            return false;
    }
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        unsigned char byte = i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? ' ' : block[i];
        sum += byte;
        of_signed += (signed char)byte;
    }
    int64_t wanted = (int64_t)number(block + SUM_AT, SUM_LENGTH);
    return wanted == sum || wanted == of_signed;
}

/* The kinds of pax, of Sun's tar, and of Solaris' access lists. */
static bool is_too_long(const unsigned char *block)
{
    return block[KIND_AT] && strchr("xXA", block[KIND_AT]) && number(block + SIZE_AT, SIZE_LENGTH) > MOST_HEADER &&
           is_header(block);
}

ssize_t read_input(struct archive *archive, void *data, const void **bytes)
{
    static unsigned char buffer[READ_SIZE];
    size_t used = 0;
    ssize_t count = 1;
    (void)data;
    while (used < sizeof(buffer) && count) {
        count = read(STDIN_FILENO, buffer + used, sizeof(buffer) - used);
        if (count < 0 && errno != EINTR) {
            archive_set_error(archive, errno, "it cannot be read");
            return -1;
        }
        used += count > 0 ? (size_t)count : 0;
    }
    for (size_t at = 0; at + TAR_BLOCK <= used; at += TAR_BLOCK) {
        if (is_too_long(buffer + at)) {
            archive_set_error(archive, EFBIG, "an entry is described by more than %u bytes", MOST_HEADER);
            return -1;
        }
    }
    *bytes = buffer;
    return (ssize_t)used;
}
