/*
 * The way in to a process: its stdin's pipe or its terminal, with what it has not yet taken.
 */
#pragma once

#include "../common/frames.h"

#include <stdbool.h>

struct inlet {
    int fd; /* does not block; -1 if there is no way in */
    bool terminal;
    char *unsent;
    size_t unsent_size;
};

/* Takes a frame with input, its end or the terminal's size; others do nothing. False if earlier input still waits. */
bool inlet_take(struct inlet *inlet, const struct frame *frame);

/* Writes input that waits, when poll says that the descriptor can be written. */
void inlet_continue(struct inlet *inlet);

void inlet_close(struct inlet *inlet);
