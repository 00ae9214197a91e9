/*
 * What goes between the caller of exec, who speaks in frames on stdin and stdout, and the process that it added.
 */
#pragma once

#include "../common/frames.h"
#include "../common/plan.h"
#include "inlet.h"
#include "status.h"

struct relay {
    struct frame_reader reader;
    size_t offset;
    struct inlet inlet;
    int input;     /* pipe to the process */
    int output[2]; /* pipes from the process */
    int terminal;  /* pty instead of them */
    int control;   /* socket to the process until it executes */
    int process_fd;
    pid_t joiner, process;
    bool caller_ended, reported;
    struct exit_status exit;
};

#define RELAY_NONE                                                                                            \
    {                                                                                                         \
        .inlet = {.fd = -1}, .input = -1, .output = {-1, -1}, .terminal = -1, .control = -1, .process_fd = -1 \
    }

/* Reads the first frame, which must be the plan. */
int relay_read_plan(struct relay *relay, struct plan *plan);

/* Relays until the process has ended. If the caller stops reading, the process is killed. */
int relay_until_end(struct relay *relay, struct exit_status *status);
