/*
 * The control socket between the supervisor and berth-init, and between exec and the process that it adds.
 */
#pragma once

#include "handover.h"

#include <sys/types.h>

/* Sends a message, with a descriptor unless that is negative. */
int control_send(int socket, enum control_type type, int code, const char *reason, int fd);

/*
 * Receives a message, the descriptor that came with it (or -1), and the sender's process id if the socket passes
 * credentials (or 0). Returns 1, 0 at the end, or -1.
 */
int control_receive(int socket, struct control_message *message, int *fd, pid_t *sender);
