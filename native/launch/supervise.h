/*
 * The supervisor of one container: its output, its clients and its end.
 *
 *   starting ──running message──► running ──init has gone──► ended ──monitor has gone──► (exits)
 *      └──────────────────monitor has gone──────────────────────────────────────────────────┘
 */
#pragma once

#include "../common/plan.h"
#include "attach.h"
#include "cgroup.h"
#include "inlet.h"
#include "log.h"
#include "status.h"

struct supervisor {
    const struct plan *plan;
    int run, logs; /* directories */
    int starter;   /* pipe to the program that waits for the start, or -1 */
    pid_t monitor;
    int monitor_fd; /* pidfd */
    int result;     /* pipe from the monitor */
    int control;    /* socket to berth-init */
    int output[2];  /* pipes from the process, or -1 */
    int terminal;   /* pty, or -1 */
    int terminal_peer;
    pid_t init;
    int init_fd;                   /* pidfd */
    int counters[CGROUP_COUNTERS]; /* the control group's files */
    struct inlet inlet;
    bool system, running, reported, ended;
    struct exit_status exit;
    struct log log;
    struct clients clients;
};

/* Serves until nothing of the container is left. */
void supervise(struct supervisor *supervisor);

/* Notes the end, once: log, run/exit and clients. */
void supervisor_end(struct supervisor *supervisor);

/* Tells the starter why there is no container. */
void supervisor_tell_failure(struct supervisor *supervisor);
