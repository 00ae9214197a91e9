/*
 * liblxc, loaded only by the process that needs it: linking costs each start and each exec milliseconds and memory.
 */
#pragma once

#include "../common/plan.h"

#include <lxc/lxccontainer.h>

/* The library's version, or NULL if it cannot be loaded. */
const char *lxc_library_version(void);

/* A container object with the configuration that a plan asks for; NULL on failure. */
struct lxc_container *lxc_configure(const struct plan *plan, const char *path, const char *log);

/* Fails with the first error that the library wrote to its log. */
int lxc_fail(const char *log);
