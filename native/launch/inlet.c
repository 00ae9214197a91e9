#include "inlet.h"

#include "../common/cleanup.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

/* Control-D, which ends input on a terminal in its usual mode. */
#define TERMINAL_END "\004"

void inlet_close(struct inlet *inlet)
{
    if (!inlet->terminal) /* a terminal's descriptor is used for output, too, and closed there */
        cleanup_close(&inlet->fd);
    inlet->fd = -1;
    free(inlet->unsent);
    inlet->unsent = NULL;
    inlet->unsent_size = 0;
}

static void offer(struct inlet *inlet, const void *bytes, size_t count)
{
    if (inlet->fd < 0 || count == 0)
        return;
    inlet->unsent = malloc(count);
    if (!inlet->unsent)
        return;
    memcpy(inlet->unsent, bytes, count);
    inlet->unsent_size = count;
    inlet_continue(inlet);
}

static void finish(struct inlet *inlet)
{
    if (inlet->terminal)
        offer(inlet, TERMINAL_END, 1);
    else
        inlet_close(inlet);
}

void inlet_continue(struct inlet *inlet)
{
    ssize_t n = write(inlet->fd, inlet->unsent, inlet->unsent_size);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) { /* nobody reads any more */
        inlet_close(inlet);
        return;
    }
    inlet->unsent_size -= (size_t)n;
    if (inlet->unsent_size > 0) {
        memmove(inlet->unsent, inlet->unsent + n, inlet->unsent_size);
        return;
    }
    free(inlet->unsent);
    inlet->unsent = NULL;
}

static void resize(const struct inlet *inlet, const struct frame *frame)
{
    if (!inlet->terminal || inlet->fd < 0 || frame->length != 4)
        return;
    struct winsize size = {
        .ws_row = (unsigned short)(frame->data[0] << 8 | frame->data[1]),
        .ws_col = (unsigned short)(frame->data[2] << 8 | frame->data[3]),
    };
    ioctl(inlet->fd, TIOCSWINSZ, &size);
}

bool inlet_take(struct inlet *inlet, const struct frame *frame)
{
    if (frame->type == FRAME_SIZE)
        resize(inlet, frame);
    if (frame->type != FRAME_STDIN && frame->type != FRAME_STDIN_END)
        return true;
    if (inlet->unsent_size > 0)
        return false;
    if (frame->type == FRAME_STDIN)
        offer(inlet, frame->data, frame->length);
    else if (inlet->fd >= 0)
        finish(inlet);
    return true;
}
