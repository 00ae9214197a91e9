#include "relay.h"

#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"
#include "../common/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define READ_AT_ONCE 16384
#define DRAIN_LIMIT (4u << 20)

enum polled {
    POLL_CALLER,
    POLL_READER,
    POLL_CONTROL,
    POLL_PROCESS,
    POLL_STDOUT,
    POLL_STDERR,
    POLL_TERMINAL,
    POLL_INPUT,
    POLL_COUNT
};

int relay_read_plan(struct relay *relay, struct plan *plan)
{
    struct frame frame;
    for (;;) {
        int found = frame_next(&relay->reader, &relay->offset, &frame);
        if (found < 0)
            return -1;
        if (found > 0)
            break;
        int filled = frame_fill(&relay->reader, STDIN_FILENO);
        if (filled <= 0)
            return filled < 0 ? -1 : fail("there was no plan");
    }
    if (frame.type != FRAME_PLAN)
        return fail("the first frame is not a plan");
    return plan_parse(plan, (const char *)frame.data, frame.length);
}

static void send_signal(const struct relay *relay, int number)
{
    if (relay->process_fd >= 0)
        syscall(SYS_pidfd_send_signal, relay->process_fd, number, NULL, 0);
}

/* Passes once what the process wrote; returns whether there may be more. */
static bool pump(struct relay *relay, int *from, enum frame_type type)
{
    char bytes[READ_AT_ONCE];
    ssize_t n = *from < 0 ? 0 : read(*from, bytes, sizeof(bytes));
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n <= 0) {
        cleanup_close(from);
        return false;
    }
    if (frame_write(STDOUT_FILENO, type, bytes, (size_t)n) < 0) {
        send_signal(relay, SIGKILL);
        cleanup_close(from);
        return false;
    }
    return true;
}

static void take_frames(struct relay *relay)
{
    struct frame frame;
    int found;
    for (;;) {
        size_t before = relay->offset;
        found = frame_next(&relay->reader, &relay->offset, &frame);
        if (found <= 0)
            break;
        if (frame.type == FRAME_SIGNAL && frame.length == 1)
            send_signal(relay, frame.data[0]);
        if (!inlet_take(&relay->inlet, &frame)) {
            relay->offset = before;
            break;
        }
    }
    if (found < 0)
        relay->caller_ended = true;
    frame_compact(&relay->reader, &relay->offset);
}

static void read_caller(struct relay *relay)
{
    if (frame_fill(&relay->reader, STDIN_FILENO) <= 0)
        relay->caller_ended = true;
    take_frames(relay);
    struct frame end = {.type = FRAME_STDIN_END};
    if (relay->caller_ended && !relay->inlet.terminal && relay->inlet.unsent_size == 0)
        inlet_take(&relay->inlet, &end);
}

static void continue_input(struct relay *relay)
{
    inlet_continue(&relay->inlet);
    take_frames(relay);
    if (relay->caller_ended && !relay->inlet.terminal && relay->inlet.unsent_size == 0)
        inlet_close(&relay->inlet);
}

static void take_control(struct relay *relay)
{
    struct control_message message;
    int fd;
    pid_t sender;
    int received = control_receive(relay->control, &message, &fd, &sender);
    AUTO_CLOSE int terminal = fd;
    if (received <= 0) {
        cleanup_close(&relay->control);
    } else if (message.type == CONTROL_RUNNING && relay->process_fd < 0) {
        relay->process = sender;
        relay->process_fd = pidfd_open(sender, 0);
        take_frames(relay); /* input that was sent along with the plan */
    } else if (message.type == CONTROL_TERMINAL && is_terminal_master(terminal)) {
        fcntl(terminal, F_SETFL, O_RDWR | O_NONBLOCK);
        relay->terminal = take_fd(&terminal);
        relay->inlet = (struct inlet){.fd = relay->terminal, .terminal = true};
        take_frames(relay); /* a size that was sent along with the plan */
    } else if (message.type == CONTROL_FAILED) {
        relay->reported = true;
        relay->exit = (struct exit_status){.code = message.code};
        snprintf(relay->exit.error, sizeof(relay->exit.error), "%.255s", message.reason);
    }
}

static size_t prepare_poll(const struct relay *relay, struct pollfd polled[POLL_COUNT])
{
    bool waiting = relay->inlet.unsent_size > 0;
    bool listen = !waiting && !relay->caller_ended && relay->process_fd >= 0;
    polled[POLL_CALLER] = (struct pollfd){listen ? STDIN_FILENO : -1, POLLIN, 0};
    polled[POLL_READER] = (struct pollfd){STDOUT_FILENO, 0, 0};
    polled[POLL_CONTROL] = (struct pollfd){relay->control, POLLIN, 0};
    polled[POLL_PROCESS] = (struct pollfd){relay->process_fd, POLLIN, 0};
    polled[POLL_STDOUT] = (struct pollfd){relay->output[0], POLLIN, 0};
    polled[POLL_STDERR] = (struct pollfd){relay->output[1], POLLIN, 0};
    polled[POLL_TERMINAL] = (struct pollfd){relay->terminal, POLLIN, 0};
    polled[POLL_INPUT] = (struct pollfd){waiting ? relay->inlet.fd : -1, POLLOUT, 0};
    return POLL_COUNT;
}

static void serve(struct relay *relay, const struct pollfd polled[POLL_COUNT])
{
    if (polled[POLL_READER].revents & (POLLERR | POLLHUP | POLLNVAL))
        send_signal(relay, SIGKILL);
    if (polled[POLL_CONTROL].revents)
        take_control(relay);
    if (polled[POLL_CALLER].revents)
        read_caller(relay);
    if (polled[POLL_INPUT].revents)
        continue_input(relay);
    if (polled[POLL_STDOUT].revents)
        pump(relay, &relay->output[0], FRAME_STDOUT);
    if (polled[POLL_STDERR].revents)
        pump(relay, &relay->output[1], FRAME_STDERR);
    if (polled[POLL_TERMINAL].revents)
        pump(relay, &relay->terminal, FRAME_STDOUT);
}

/* The rest of the output; what a process that it left behind writes later is not waited for. */
static void drain(struct relay *relay)
{
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(relay, &relay->terminal, FRAME_STDOUT);)
        total += READ_AT_ONCE;
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(relay, &relay->output[0], FRAME_STDOUT);)
        total += READ_AT_ONCE;
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(relay, &relay->output[1], FRAME_STDERR);)
        total += READ_AT_ONCE;
}

static int unblock(struct relay *relay)
{
    relay->inlet.fd = take_fd(&relay->input);
    int ours[] = {relay->inlet.fd, relay->output[0], relay->output[1]};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (ours[i] >= 0 && fcntl(ours[i], F_SETFL, O_NONBLOCK) < 0)
            return fail_errno("a pipe cannot be prepared");
    return 0;
}

/* Whether the process has ended, or never was. */
static bool has_ended(const struct relay *relay, const struct pollfd polled[POLL_COUNT])
{
    return polled[POLL_PROCESS].revents || (relay->control < 0 && relay->process_fd < 0);
}

int relay_until_end(struct relay *relay, struct exit_status *status)
{
    struct pollfd polled[POLL_COUNT] = {0};
    int wait_status = 0;
    if (unblock(relay) < 0)
        return -1;
    while (!has_ended(relay, polled)) {
        size_t count = prepare_poll(relay, polled);
        if (poll(polled, count, -1) > 0)
            serve(relay, polled);
        else
            polled[POLL_PROCESS].revents = 0;
    }
    while (relay->control >= 0 && poll(&(struct pollfd){relay->control, POLLIN, 0}, 1, 0) > 0)
        take_control(relay);
    waitpid(relay->joiner, NULL, 0);
    if (relay->process > 0 && waitpid(relay->process, &wait_status, 0) != relay->process)
        return fail_errno("the process cannot be waited for");
    drain(relay);
    if (relay->process <= 0 && !relay->reported)
        return fail("the process was killed before it began");
    *status = relay->reported ? relay->exit : exit_of_wait(wait_status);
    return 0;
}
