/*
 * Random bytes for what reads other people's: plans and frames. The sanitizers watch.
 */
#include "../../common/frames.h"
#include "../../common/plan.h"
#include "unit.h"

#include <stdlib.h>

#define ROUNDS 50000

static unsigned state = 12345;

static unsigned next_random(void)
{
    state = state * 1103515245u + 12345u;
    return state >> 8;
}

static size_t make_bytes(char *bytes, size_t limit)
{
    static const char *const WORDS[] = {
        "name", "idmap", "lower", "arg", "tty", "nic", "limit", "/x", "12", "", "\n", "mount"};
    size_t used = 0;
    for (unsigned n = next_random() % 12; n > 0; n--) {
        const char *word = WORDS[next_random() % (sizeof(WORDS) / sizeof(WORDS[0]))];
        size_t length = strlen(word) + next_random() % 2;
        if (used + length >= limit)
            break;
        memcpy(bytes + used, word, length);
        used += length;
    }
    if (used > 0 && next_random() % 4 == 0)
        bytes[next_random() % used] = (char)next_random();
    return used;
}

static void try_plan(void)
{
    char bytes[256];
    AUTO_PLAN struct plan plan = {0};
    size_t size = make_bytes(bytes, sizeof(bytes));
    if (plan_parse(&plan, bytes, size) == 0) {
        char **values = plan_values(&plan, "arg");
        CHECK(values);
        free(values);
        for (each_item(item, &plan, "idmap"))
            CHECK(item->value[0] && item->value[1] && !item->value[2]);
    }
}

static void try_frames(void)
{
    size_t size = next_random() % 64, offset = 0;
    struct frame_reader reader = {.bytes = malloc(size + 1), .used = size, .capacity = size};
    struct frame frame;
    CHECK(reader.bytes);
    for (size_t i = 0; i < size; i++)
        reader.bytes[i] = (unsigned char)(next_random() % 3 == 0 ? next_random() % 12 : 0);
    while (frame_next(&reader, &offset, &frame) > 0)
        CHECK(offset <= reader.used && frame.data + frame.length == reader.bytes + offset);
    frame_compact(&reader, &offset);
    frame_reader_free(&reader);
}

int main(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        try_plan();
        try_frames();
    }
    UNIT_END;
}
