/*
 * Resource limits of a process.
 */
#pragma once

#include "plan.h"

/*
 * Sets the plan's rlimit items. A hard limit above the present one is lowered to it: only a process with
 * CAP_SYS_RESOURCE on the host could raise it.
 */
int rlimits_set(const struct plan *plan);
