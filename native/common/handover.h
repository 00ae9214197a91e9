/*
 * What the supervisor hands over to berth-init: descriptors at fixed numbers, above those that liblxc opens, and the
 * messages on the control socket, one datagram each.
 */
#pragma once

enum handover_fd {
    HANDOVER_PROGRAM = 200, /* berth-init itself, on a read-only mount */
    HANDOVER_PLAN,          /* sealed memory: the plan */
    HANDOVER_FILTER,        /* sealed memory: the system call filter; /dev/null if there is none */
    HANDOVER_CONTROL,
    HANDOVER_STDIN,
    HANDOVER_STDOUT,
    HANDOVER_STDERR,
    HANDOVER_END,
};

enum control_type {
    CONTROL_TERMINAL = 'T', /* to the supervisor, with the pty's master */
    CONTROL_RUNNING = 'R',  /* the program has been executed */
    CONTROL_FAILED = 'F',   /* it has not: code and reason */
    CONTROL_ENDED = 'E',    /* it has ended: code is its wait status */
    CONTROL_SEEN = 'S',     /* to berth-init: the end has been noted */
};

struct control_message {
    char type;
    int code;
    char reason[256];
};

/* Ends the container at once: berth-init and systemd (power off immediately) both take SIGRTMIN+14 so. */
#define SIGNAL_END 48
