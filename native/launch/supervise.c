#include "supervise.h"

#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/terminal.h"
#include "cgroup.h"
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define READ_AT_ONCE 16384
#define PARTIAL_AFTER_MS 1000
#define DRAIN_LIMIT (4u << 20)

enum polled {
    POLL_CONTROL,
    POLL_MONITOR,
    POLL_INIT,
    POLL_STDOUT,
    POLL_STDERR,
    POLL_TERMINAL,
    POLL_INPUT,
    POLL_CLIENTS
};

static void tell_starter(struct supervisor *supervisor, const char *line)
{
    if (supervisor->starter < 0)
        return;
    write_all(supervisor->starter, line, strlen(line)); /* if the caller has gone, the container goes on */
    cleanup_close(&supervisor->starter);
}

/* Reads once; returns whether there may be more. */
static bool pump(struct supervisor *supervisor, int *from, enum log_stream stream)
{
    char bytes[READ_AT_ONCE];
    ssize_t n = *from < 0 ? 0 : read(*from, bytes, sizeof(bytes));
    if (n > 0) {
        log_add(&supervisor->log, stream, bytes, (size_t)n);
        clients_send(&supervisor->clients, stream == LOG_STDOUT ? FRAME_STDOUT : FRAME_STDERR, bytes, (size_t)n);
        return true;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    cleanup_close(from);
    return false;
}

/* What was written before the end; bounded, for a process of another container might hold the pipe. */
static void drain_output(struct supervisor *supervisor)
{
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(supervisor, &supervisor->output[0], LOG_STDOUT);)
        total += READ_AT_ONCE;
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(supervisor, &supervisor->output[1], LOG_STDERR);)
        total += READ_AT_ONCE;
    for (unsigned total = 0; total < DRAIN_LIMIT && pump(supervisor, &supervisor->terminal, LOG_STDOUT);)
        total += READ_AT_ONCE;
}

void supervisor_tell_failure(struct supervisor *supervisor)
{
    char line[300];
    snprintf(line, sizeof(line), "%s", *supervisor->exit.error ? supervisor->exit.error : "it ended at once");
    tell_starter(supervisor, line);
}

/* The limits that it came up against before it failed; after that its control group may be gone at any time. */
static void note_limits(struct supervisor *supervisor)
{
    bool failed = supervisor->exit.code != 0;
    supervisor->exit.oom |= failed && cgroup_counted(supervisor->counters, CGROUP_OOM_KILLS);
    supervisor->exit.pids |= failed && cgroup_counted(supervisor->counters, CGROUP_REFUSED_FORKS);
}

void supervisor_end(struct supervisor *supervisor)
{
    if (supervisor->ended)
        return;
    drain_output(supervisor);
    supervisor->ended = true;
    log_close(&supervisor->log);
    note_limits(supervisor);
    if (exit_write(supervisor->run, &supervisor->exit) < 0)
        tell_starter(supervisor, failure());
    clients_end(&supervisor->clients, supervisor->run, &supervisor->exit);
    inlet_close(&supervisor->inlet);
    cleanup_close(&supervisor->terminal);
    cleanup_close(&supervisor->terminal_peer);
}

static void note_running(struct supervisor *supervisor, pid_t init)
{
    char line[256];
    cleanup_close(&supervisor->init_fd);
    for (size_t i = 0; i < CGROUP_COUNTERS; i++)
        cleanup_close(&supervisor->counters[i]);
    supervisor->init = init;
    supervisor->init_fd = pidfd_open(init, 0);
    cgroup_open_counters(init, supervisor->counters);
    supervisor->running = true;
    if (status_write(supervisor->run, getpid(), init, line) < 0)
        snprintf(line, sizeof(line), "%.200s\n", failure());
    tell_starter(supervisor, line);
}

static void take_terminal(struct supervisor *supervisor, int fd)
{
    AUTO_CLOSE int terminal = fd;
    if (!is_terminal_master(terminal) || fcntl(terminal, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
        return;
    cleanup_close(&supervisor->terminal);
    cleanup_close(&supervisor->terminal_peer);
    supervisor->terminal = take_fd(&terminal);
    inlet_close(&supervisor->inlet);
    supervisor->inlet = (struct inlet){.fd = supervisor->terminal, .terminal = true};
    /* While somebody has the other side open, reading never fails between two processes that use the terminal. */
    supervisor->terminal_peer = ioctl(supervisor->terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void note_end(struct supervisor *supervisor, int wait_status)
{
    supervisor->reported = true;
    supervisor->exit = exit_of_wait(wait_status);
    note_limits(supervisor);
    control_send(supervisor->control, CONTROL_SEEN, 0, NULL, -1);
}

static void take_control(struct supervisor *supervisor)
{
    struct control_message message;
    int fd;
    pid_t sender;
    int received = control_receive(supervisor->control, &message, &fd, &sender);
    if (received <= 0) {
        cleanup_close(&supervisor->control);
        return;
    }
    if (message.type == CONTROL_TERMINAL && fd >= 0)
        take_terminal(supervisor, take_fd(&fd));
    else if (message.type == CONTROL_RUNNING && sender > 0)
        note_running(supervisor, sender);
    else if (message.type == CONTROL_ENDED)
        note_end(supervisor, message.code);
    else if (message.type == CONTROL_FAILED && !supervisor->reported) {
        supervisor->reported = true;
        supervisor->exit = (struct exit_status){.code = message.code};
        snprintf(supervisor->exit.error, sizeof(supervisor->exit.error), "%.255s", message.reason);
    }
    cleanup_close(&fd);
}

/* Init has gone, and all processes with it. In system mode only the monitor knows whether it is a reboot. */
static void init_gone(struct supervisor *supervisor)
{
    cleanup_close(&supervisor->init_fd);
    if (supervisor->system)
        return;
    if (!supervisor->reported)
        supervisor->exit = exit_of_wait(SIGKILL); /* berth-init tells every other end */
    supervisor_end(supervisor);
}

static void remove_groups(const struct supervisor *supervisor)
{
    char monitor[256];
    const char *group = plan_value(supervisor->plan, "cgroup");
    if (!group)
        return;
    monitor_group(supervisor->plan, monitor);
    cgroup_remove(group);
    cgroup_remove(monitor);
}

static void monitor_gone(struct supervisor *supervisor)
{
    struct monitor_result result = {0};
    int status = 0;
    waitpid(supervisor->monitor, &status, 0);
    bool told = read(supervisor->result, &result, sizeof(result)) == sizeof(result);
    while (supervisor->control >= 0 && poll(&(struct pollfd){supervisor->control, POLLIN, 0}, 1, 0) > 0)
        take_control(supervisor);
    if (!supervisor->reported && told && result.started) {
        supervisor->exit = exit_of_wait(result.wait_status);
        if (supervisor->system &&
            supervisor->exit.signal == SIGINT) /* so does the kernel tell that a namespace was halted */
            supervisor->exit = (struct exit_status){0};
    } else if (!supervisor->reported) {
        supervisor->exit = (struct exit_status){.code = 128 + SIGKILL, .signal = SIGKILL};
        snprintf(supervisor->exit.error, sizeof(supervisor->exit.error), "the container's monitor was killed");
    }
    supervisor_end(supervisor);
    remove_groups(supervisor);
    cleanup_close(&supervisor->monitor_fd);
    if (!supervisor->running)
        supervisor_tell_failure(supervisor);
}

static bool take_frame(void *context, const struct frame *frame)
{
    struct supervisor *supervisor = context;
    if (frame->type == FRAME_SIGNAL && frame->length == 1 && supervisor->init_fd >= 0)
        syscall(SYS_pidfd_send_signal, supervisor->init_fd, frame->data[0], NULL, 0);
    return inlet_take(&supervisor->inlet, frame);
}

static size_t prepare_poll(const struct supervisor *supervisor, struct pollfd polled[])
{
    bool waiting = supervisor->inlet.unsent_size > 0;
    polled[POLL_CONTROL] = (struct pollfd){supervisor->control, POLLIN, 0};
    polled[POLL_MONITOR] = (struct pollfd){supervisor->monitor_fd, POLLIN, 0};
    polled[POLL_INIT] = (struct pollfd){supervisor->init_fd, POLLIN, 0};
    polled[POLL_STDOUT] = (struct pollfd){supervisor->output[0], POLLIN, 0};
    polled[POLL_STDERR] = (struct pollfd){supervisor->output[1], POLLIN, 0};
    polled[POLL_TERMINAL] = (struct pollfd){supervisor->terminal, POLLIN, 0};
    polled[POLL_INPUT] = (struct pollfd){waiting ? supervisor->inlet.fd : -1, POLLOUT, 0};
    return POLL_CLIENTS + clients_poll(&supervisor->clients, polled + POLL_CLIENTS, !waiting);
}

static void serve(struct supervisor *supervisor, const struct pollfd polled[], size_t count)
{
    clients_serve(&supervisor->clients, polled + POLL_CLIENTS, count - POLL_CLIENTS, take_frame, supervisor);
    if (polled[POLL_INPUT].revents) {
        inlet_continue(&supervisor->inlet);
        clients_retry(&supervisor->clients, take_frame, supervisor);
    }
    if (polled[POLL_STDOUT].revents)
        pump(supervisor, &supervisor->output[0], LOG_STDOUT);
    if (polled[POLL_STDERR].revents)
        pump(supervisor, &supervisor->output[1], LOG_STDERR);
    if (polled[POLL_TERMINAL].revents)
        pump(supervisor, &supervisor->terminal, LOG_STDOUT);
    if (polled[POLL_CONTROL].revents)
        take_control(supervisor);
    else if (polled[POLL_INIT].revents)
        init_gone(supervisor);
    else if (polled[POLL_MONITOR].revents)
        monitor_gone(supervisor);
}

void supervise(struct supervisor *supervisor)
{
    struct pollfd polled[POLL_CLIENTS + CLIENT_LIMIT + 1];
    while (supervisor->monitor_fd >= 0) {
        size_t count = prepare_poll(supervisor, polled);
        int found = poll(polled, count, log_is_pending(&supervisor->log) ? PARTIAL_AFTER_MS : -1);
        if (found == 0)
            log_flush(&supervisor->log, false);
        else if (found > 0)
            serve(supervisor, polled, count);
    }
}
