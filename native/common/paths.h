/*
 * Paths inside a container's root, resolved so that no symbolic link leads out of it.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Opens a path as if the root were /; flags as in open, an O_PATH descriptor by default. */
int open_in_root(int root, const char *path, int flags);

/* As open_in_root for a mount's target: a missing directory (or empty file) is made, with its parents, and given to an
 * owner. */
int make_in_root(int root, const char *path, bool file, uid_t owner);

/* True for /proc, /sys, /dev, what lies below, and anything with a "." or ".." component. */
bool is_reserved(const char *path);
