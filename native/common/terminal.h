/*
 * A pty of the container's own devpts.
 */
#pragma once

#include <stdbool.h>

/* Opens a pty inside the container, whose /dev/pts must be a devpts; sets both ends. */
int terminal_open(int *master, int *slave);

/* True if a descriptor that came out of a container really is a pty's master. */
bool is_terminal_master(int fd);
