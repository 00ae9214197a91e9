/*
 * A compiled system call filter: a BPF program as it lies in a file.
 */
#pragma once

#include <stddef.h>

struct filter {
    char *bytes;
    size_t size;
};

/* Reads and checks a program; an empty one is an error. */
int filter_read(struct filter *filter, int fd);

/* Loads it for this process and all it executes. A filter without bytes does nothing. */
int filter_load(const struct filter *filter);
