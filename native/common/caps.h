/*
 * Capability sets of the calling process, by the kernel's own calls.
 */
#pragma once

#include "plan.h"

#include <stdint.h>

/* The set of a plan's capability items; an unknown name is an error. */
int caps_of_plan(const struct plan *plan, uint64_t *set);

/* Takes everything else out of the bounding set, and empties the ambient set. */
int caps_bound(uint64_t keep);

/* Sets permitted and effective; inheritable is empty. */
int caps_set(uint64_t set);
