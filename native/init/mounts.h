/*
 * What berth-init mounts before anything of the image runs: masks, read-only paths and the console.
 */
#pragma once

#include "../common/plan.h"

/* Nothing but the kernel's own may be behind /proc and /sys before anything is written there (CVE-2025-31133,
 * CVE-2025-52881). */
int check_kernel_filesystems(void);

/* Hides the plan's mask paths and makes its readonly paths read-only; missing ones are passed over. */
int restrict_paths(const struct plan *plan);

/* Hides one path. */
int mask_path(const char *path);

/* Puts a terminal on /dev/console. */
int mount_console(int slave);
