/*
 * The process in which liblxc starts and watches a container.
 */
#pragma once

#include "../common/handover.h"
#include "../common/plan.h"

#include <sys/types.h>

struct monitor {
    const struct plan *plan;
    const char *path; /* the parent of the container's directory */
    const char *log;  /* liblxc's log file */
    int run;          /* the directory run */
    int lock;         /* held until the monitor has cleaned up, too */
    pid_t supervisor;
    int handover[HANDOVER_END - HANDOVER_PROGRAM];
    int go;     /* pipe from the supervisor, which says so when the root is assembled */
    int result; /* where the wait status goes */
};

/* What the monitor tells when liblxc has cleaned up. */
struct monitor_result {
    int started;
    int wait_status;
};

/*
 * Runs the container until it ends. The calling process has no threads and was made for this. While the supervisor
 * assembles the root, it loads liblxc and configures the container.
 */
void monitor_run(const struct monitor *monitor) __attribute__((noreturn));

/* The control group of a plan's monitor. */
void monitor_group(const struct plan *plan, char group[256]);
