/*
 * The child of process 1 and all orphans of the container.
 */
#pragma once

#include "../common/process.h"

#include <sys/types.h>

/* Blocks all signals: process 1 takes them one by one. */
void block_signals(void);

/* Starts the process; returns its id or -1, and in result a descriptor for await_program. */
pid_t start_child(const struct process *process, int *result);

/* Waits until the process has executed its program; -1 when it could not. */
int await_program(int result);

/* What the container exits with when it could not start. */
int exit_code_of_failure(void);

/* Passes signals on and reaps; when the child ends, tells the supervisor and exits as the child did. */
void reap_until_end(pid_t child) __attribute__((noreturn));
