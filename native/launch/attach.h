/*
 * The socket run/attach.sock and its clients, to which the container's output goes as frames and whose input comes from
 * them.
 */
#pragma once

#include "../common/frames.h"
#include "status.h"

#include <poll.h>

#define CLIENT_LIMIT 32

/* What a client gets that it does not read fast enough is skipped beyond this; it never holds up the log or the
 * container. */
#define CLIENT_QUEUE (1u << 20)

struct client {
    int fd;
    struct frame_reader reader;
    size_t offset;
    unsigned char *queue;
    size_t used, capacity;
    unsigned long long skipped;
};

struct clients {
    int listener;
    struct client client[CLIENT_LIMIT];
    size_t count;
};

/* Takes a frame of a client; returns false if it cannot be taken now and has to be offered again. */
typedef bool frame_taker(void *context, const struct frame *frame);

/* Listens on attach.sock in the directory run, for root alone. */
int clients_listen(struct clients *clients, int run);

/* Adds what has to be polled: the listener and each client; returns how many. */
size_t clients_poll(const struct clients *clients, struct pollfd *polled, bool take_input);

/* Serves what poll found, with the entries that clients_poll made. */
void clients_serve(
    struct clients *clients, const struct pollfd *polled, size_t count, frame_taker *take, void *context);

/* Offers frames again that could not be taken. */
void clients_retry(struct clients *clients, frame_taker *take, void *context);

void clients_send(struct clients *clients, enum frame_type type, const char *bytes, size_t count);

/* Sends the exit to all, waits for slow ones for a moment, and closes. */
void clients_end(struct clients *clients, int run, const struct exit_status *status);
