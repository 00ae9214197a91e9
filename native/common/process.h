/*
 * The last steps of a container's process before it executes its program; the same for the process that berth-init
 * starts and for those that berth-launch exec adds.
 */
#pragma once

#include "filter.h"
#include "plan.h"

#include <stdbool.h>

#define EXIT_CANNOT_EXECUTE 126
#define EXIT_NOT_FOUND 127

struct process {
    const struct plan *what;   /* arg, env, cwd, user, group, rlimit */
    const struct plan *policy; /* capability, no-new-privileges */
    const struct filter *filter;
    int in, out, err;
    bool terminal; /* in, out and err are the pty's slave */
};

/*
 * Takes stdio, limits, directory, user, privileges and filter, and executes; returns, with the exit code, only on
 * failure. Descriptors from 3 on are closed on exec.
 */
int process_execute(const struct process *process);

/* Default signal dispositions and an empty mask. */
void reset_signals(void);
