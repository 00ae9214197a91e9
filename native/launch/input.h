/*
 * What clients send to the container.
 */
#pragma once

#include "supervise.h"

/* Takes a frame for the container; false if earlier input still waits. */
bool input_take(void *supervisor, const struct frame *frame);

/* Writes input that waits. */
void input_continue(struct supervisor *supervisor);

/* The descriptor that input goes to, or -1. */
int input_target(const struct supervisor *supervisor);
