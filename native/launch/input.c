#include "input.h"

#include "../common/cleanup.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

int input_target(const struct supervisor *supervisor)
{
    return supervisor->terminal >= 0 ? supervisor->terminal : supervisor->input;
}

static void finish_input(struct supervisor *supervisor)
{
    supervisor->end_input = false;
    cleanup_close(&supervisor->input);
}

void input_continue(struct supervisor *supervisor)
{
    int target = input_target(supervisor);
    ssize_t n = target < 0 ? -1 : write(target, supervisor->unsent, supervisor->unsent_size);
    if (n < 0 && target >= 0 && (errno == EAGAIN || errno == EINTR))
        return;
    supervisor->unsent_size = n < 0 ? 0 : supervisor->unsent_size - (size_t)n; /* nobody reads any more: dropped */
    if (supervisor->unsent_size > 0) {
        memmove(supervisor->unsent, supervisor->unsent + n, supervisor->unsent_size);
        return;
    }
    free(supervisor->unsent);
    supervisor->unsent = NULL;
    if (supervisor->end_input)
        finish_input(supervisor);
}

static void take_input(struct supervisor *supervisor, const unsigned char *bytes, size_t count)
{
    if (input_target(supervisor) < 0 || count == 0)
        return;
    supervisor->unsent = malloc(count);
    if (!supervisor->unsent)
        return;
    memcpy(supervisor->unsent, bytes, count);
    supervisor->unsent_size = count;
    input_continue(supervisor);
}

static void resize(const struct supervisor *supervisor, const struct frame *frame)
{
    if (supervisor->terminal < 0 || frame->length != 4)
        return;
    struct winsize size = {
        .ws_row = (unsigned short)(frame->data[0] << 8 | frame->data[1]),
        .ws_col = (unsigned short)(frame->data[2] << 8 | frame->data[3]),
    };
    ioctl(supervisor->terminal, TIOCSWINSZ, &size);
}

bool input_take(void *context, const struct frame *frame)
{
    struct supervisor *supervisor = context;
    if (frame->type == FRAME_SIZE) {
        resize(supervisor, frame);
    } else if (frame->type == FRAME_SIGNAL && frame->length == 1 && supervisor->init_fd >= 0) {
        syscall(SYS_pidfd_send_signal, supervisor->init_fd, frame->data[0], NULL, 0);
    } else if (frame->type == FRAME_STDIN) {
        if (supervisor->unsent_size > 0)
            return false;
        take_input(supervisor, frame->data, frame->length);
    } else if (frame->type == FRAME_STDIN_END) {
        supervisor->end_input = supervisor->unsent_size > 0;
        if (!supervisor->end_input)
            finish_input(supervisor);
    }
    return true;
}
