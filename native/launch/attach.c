#include "attach.h"

#include "../common/cleanup.h"
#include "../common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define END_TIMEOUT_MS 200

int clients_listen(struct clients *clients, int run)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    /* Through the descriptor, because the path may be longer than an address can be. */
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/attach.sock", run);
    if (unlinkat(run, "attach.sock", 0) < 0 && errno != ENOENT)
        return fail_errno("attach.sock cannot be replaced");
    AUTO_CLOSE int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return fail_errno("a socket cannot be made");
    mode_t mask = umask(0177);
    int bound = bind(listener, (struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (bound < 0 || listen(listener, CLIENT_LIMIT) < 0)
        return fail_errno("attach.sock cannot be opened");
    clients->listener = take_fd(&listener);
    return 0;
}

size_t clients_poll(const struct clients *clients, struct pollfd *polled, bool take_input)
{
    polled[0] = (struct pollfd){.fd = clients->listener, .events = POLLIN};
    for (size_t i = 0; i < clients->count; i++) {
        const struct client *client = &clients->client[i];
        short events = (short)((take_input ? POLLIN : 0) | (client->used > 0 ? POLLOUT : 0));
        polled[i + 1] = (struct pollfd){.fd = client->fd, .events = events};
    }
    return clients->count + 1;
}

static void close_client(struct client *client)
{
    cleanup_close(&client->fd);
    frame_reader_free(&client->reader);
    free(client->queue);
    *client = (struct client){.fd = -1};
}

static void drop_closed(struct clients *clients)
{
    size_t kept = 0;
    for (size_t i = 0; i < clients->count; i++)
        if (clients->client[i].fd >= 0)
            clients->client[kept++] = clients->client[i];
    clients->count = kept;
}

static void accept_client(struct clients *clients)
{
    int fd = accept4(clients->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (clients->count == CLIENT_LIMIT)
        close(fd);
    else
        clients->client[clients->count++] = (struct client){.fd = fd};
}

static bool enqueue(struct client *client, enum frame_type type, const char *bytes, size_t count)
{
    size_t needed = client->used + FRAME_HEADER + count;
    if (needed > CLIENT_QUEUE)
        return false;
    if (needed > client->capacity) {
        unsigned char *larger = realloc(client->queue, needed + needed / 2);
        if (!larger)
            return false;
        client->queue = larger;
        client->capacity = needed + needed / 2;
    }
    frame_header(client->queue + client->used, type, (uint32_t)count);
    memcpy(client->queue + client->used + FRAME_HEADER, bytes, count);
    client->used = needed;
    return true;
}

/* Writes what the socket takes; an empty queue holds no memory. */
static void drain(struct client *client)
{
    if (client->used == 0)
        return;
    ssize_t n = send(client->fd, client->queue, client->used, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        close_client(client);
        return;
    }
    client->used -= (size_t)n;
    memmove(client->queue, client->queue + n, client->used);
    if (client->used == 0) {
        free(client->queue);
        client->queue = NULL;
        client->capacity = 0;
    }
}

static void send_to(struct client *client, enum frame_type type, const char *bytes, size_t count)
{
    if (client->skipped > 0 && client->used < CLIENT_QUEUE / 2) {
        char notice[96];
        int length = snprintf(notice, sizeof(notice), "\r\n[berth: %llu bytes were skipped]\r\n", client->skipped);
        client->skipped = 0;
        enqueue(client, FRAME_STDERR, notice, (size_t)length);
    }
    if (client->skipped > 0 || !enqueue(client, type, bytes, count))
        client->skipped += count;
}

void clients_send(struct clients *clients, enum frame_type type, const char *bytes, size_t count)
{
    for (size_t i = 0; i < clients->count; i++) {
        send_to(&clients->client[i], type, bytes, count);
        drain(&clients->client[i]);
    }
    drop_closed(clients);
}

static void take_frames(struct client *client, frame_taker *take, void *context)
{
    struct frame frame;
    int found;
    for (;;) {
        size_t before = client->offset;
        found = frame_next(&client->reader, &client->offset, &frame);
        if (found <= 0)
            break;
        if (!take(context, &frame)) {
            client->offset = before;
            break;
        }
    }
    if (found < 0)
        close_client(client);
    else
        frame_compact(&client->reader, &client->offset);
}

static void serve_client(struct client *client, short events, frame_taker *take, void *context)
{
    if (events & POLLOUT)
        drain(client);
    if (client->fd < 0 || !(events & (POLLIN | POLLHUP | POLLERR)))
        return;
    if (frame_fill(&client->reader, client->fd) <= 0)
        close_client(client);
    else
        take_frames(client, take, context);
}

void clients_serve(struct clients *clients, const struct pollfd *polled, size_t count, frame_taker *take, void *context)
{
    for (size_t i = 1; i < count; i++)
        if (polled[i].revents)
            serve_client(&clients->client[i - 1], polled[i].revents, take, context);
    drop_closed(clients);
    if (polled[0].revents & POLLIN)
        accept_client(clients);
}

void clients_retry(struct clients *clients, frame_taker *take, void *context)
{
    for (size_t i = 0; i < clients->count; i++)
        if (clients->client[i].reader.used > 0)
            take_frames(&clients->client[i], take, context);
    drop_closed(clients);
}

void clients_end(struct clients *clients, int run, const struct exit_status *status)
{
    char text[1024];
    exit_format(status, text);
    if (clients->listener >= 0)
        unlinkat(run, "attach.sock", 0);
    cleanup_close(&clients->listener);
    for (size_t i = 0; i < clients->count; i++) {
        struct client *client = &clients->client[i];
        struct pollfd writable = {.fd = client->fd, .events = POLLOUT};
        enqueue(client, FRAME_EXIT, text, strlen(text));
        while (client->fd >= 0 && client->used > 0 && poll(&writable, 1, END_TIMEOUT_MS) > 0)
            drain(client);
        close_client(client);
    }
    clients->count = 0;
}
