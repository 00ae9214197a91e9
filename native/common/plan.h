/*
 * A plan: what a container is to be, as a sequence of NUL-terminated strings; see native/README.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_VALUES 7
#define PLAN_LIMIT (4u << 20)

struct plan_item {
    const char *directive;
    const char *value[PLAN_VALUES];
};

struct plan {
    char *text;
    size_t size;
    struct plan_item *items;
    size_t count;
};

#define AUTO_PLAN __attribute__((cleanup(plan_free)))

/* Parses a copy of the given bytes; unknown directives, missing values and values of the wrong form are errors. */
int plan_parse(struct plan *plan, const char *bytes, size_t size);

/* Parses what a descriptor gives until its end. */
int plan_read(struct plan *plan, int fd);

void plan_free(struct plan *plan);

/* The next item with a directive after the given one, or the first if that is NULL; NULL if there is no further one. */
const struct plan_item *plan_next(const struct plan *plan, const char *directive, const struct plan_item *after);

/* The first value of a directive, or NULL. */
const char *plan_value(const struct plan *plan, const char *directive);

bool plan_has(const struct plan *plan, const char *directive);

/* A numeric value of the first item with a directive, or a default. */
uint64_t plan_number(const struct plan *plan, const char *directive, int index, uint64_t otherwise);

/* Values of a repeated directive as a NULL-terminated array, which the caller frees; the strings are the plan's. */
char **plan_values(const struct plan *plan, const char *directive);

/* A decimal number without sign. */
int parse_number(const char *text, uint64_t *number);

#define each_item(item, plan, name)                             \
    const struct plan_item *item = plan_next(plan, name, NULL); \
    item;                                                       \
    item = plan_next(plan, name, item)
