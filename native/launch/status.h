/*
 * The files run/status and run/exit, and where they lie.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The supervisor's name in /proc/PID/comm. */
#define SUPERVISOR_NAME "berth-supervise"

/* How a container or an added process ended. */
struct exit_status {
    int code, signal;
    bool oom, pids; /* whether it came up against its limit of memory, of processes */
    char error[256];
};

struct exit_status exit_of_wait(int wait_status);

/* Field 22 of /proc/PID/stat: when a process started, so that its id is not mistaken for that of a later one; 0 if it
 * has ended, though perhaps nobody has reaped it yet. The name, unless NULL, must match, too. */
unsigned long long start_ticks(pid_t pid, const char *name);

/* Writes run/status and returns its line in a buffer of 256 bytes. */
int status_write(int run, pid_t supervisor, pid_t init, char line[256]);

/* Reads the process id of the container's init, and checks that it still is that process; returns a pidfd. */
int status_open_init(int run, pid_t *init);

/* Whether the supervisor that run/status names is alive. */
bool status_is_supervised(int run);

/* The exit as JSON, one line. */
void exit_format(const struct exit_status *status, char text[1024]);

int exit_write(int run, const struct exit_status *status);
