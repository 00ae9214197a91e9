/*
 * A container's directory: its plan, its subdirectories and the lock that is held while anything of it is left.
 */
#pragma once

#include "../common/plan.h"

#include <limits.h>

struct container {
    int directory, run, logs, lock;
    char parent[PATH_MAX]; /* of the directory: liblxc's path */
    struct plan plan;
};

#define AUTO_CONTAINER __attribute__((cleanup(container_close)))

/* Opens the directory, makes run and log, and reads and checks the plan. */
int container_open(struct container *container, const char *path);

/* Takes the lock; waits for an earlier run that is being cleaned up, but not for one that still runs. */
int container_lock(struct container *container);

/* Removes what an earlier run left that could not clean up. */
void container_clean(const struct container *container);

void container_close(struct container *container);
