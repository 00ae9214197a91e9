#include "reap.h"

#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEEN_TIMEOUT_MS 2000

static int failed_with = EXIT_CANNOT_EXECUTE;

int exit_code_of_failure(void)
{
    return failed_with;
}

void block_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static void run_child(const struct process *process, int report) __attribute__((noreturn));

static void run_child(const struct process *process, int report)
{
    struct control_message message = {.code = process_execute(process)};
    strncpy(message.reason, failure(), sizeof(message.reason) - 1);
    if (write(report, &message, sizeof(message)) < 0)
        _exit(EXIT_CANNOT_EXECUTE);
    _exit(message.code);
}

pid_t start_child(const struct process *process, int *result)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_errno("a pipe cannot be made");
    AUTO_CLOSE int report = ends[1];
    *result = ends[0];
    pid_t child = fork();
    if (child < 0)
        return fail_errno("the process cannot be started");
    if (child == 0)
        run_child(process, report);
    return child;
}

int await_program(int result)
{
    struct control_message message = {0};
    if (read(result, &message, sizeof(message)) <= 0)
        return 0;
    failed_with = message.code;
    return fail("%.255s", message.reason);
}

static void end(int status) __attribute__((noreturn));

static void end(int status)
{
    struct pollfd answer = {.fd = HANDOVER_CONTROL, .events = POLLIN};
    /* The supervisor reads the cgroup before it goes away with this process. */
    if (control_send(HANDOVER_CONTROL, CONTROL_ENDED, status, NULL, -1) == 0)
        poll(&answer, 1, SEEN_TIMEOUT_MS);
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void reap_all(pid_t child)
{
    int status;
    for (;;) {
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid <= 0)
            return;
        if (pid == child)
            end(status);
    }
}

void reap_until_end(pid_t child)
{
    sigset_t all;
    sigfillset(&all);
    for (;;) {
        reap_all(child);
        int number = sigwaitinfo(&all, NULL);
        if (number == SIGNAL_END)
            _exit(128 + SIGKILL);
        if (number > 0 && number != SIGCHLD)
            kill(child, number);
    }
}
