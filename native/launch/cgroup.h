/*
 * Control groups, version 1, 2 and both.
 */
#pragma once

#include "../common/plan.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whether memory and pids are limited by version 2. */
bool cgroup_is_unified(void);

/* The words in which liblxc has to set one of a plan's limits. Returns 1, 0 if there is nothing to set on this host, or
 * -1. */
int cgroup_words(const struct plan *plan, const struct plan_item *limit, char key[64], char value[64]);

/* What a control group counts. */
enum cgroup_counter {
    CGROUP_OOM_KILLS,     /* processes killed for want of memory */
    CGROUP_REFUSED_FORKS, /* for the limit of processes */
    CGROUP_COUNTERS
};

/* Opens the files that count in the groups of a process, where they are not open yet. */
void cgroup_open_counters(pid_t process, int files[CGROUP_COUNTERS]);

/* Whether a count is above zero. */
bool cgroup_counted(const int files[CGROUP_COUNTERS], enum cgroup_counter counter);

/* Moves this process to all control groups of another. */
int cgroup_join(pid_t process);

/* Removes what is left of a control group in every hierarchy, after killing what is in it. */
void cgroup_remove(const char *path);
