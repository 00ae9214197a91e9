/*
 * berth-launch exec: adds a process to a running container. Plan and input come as frames on stdin, output and exit go
 * as frames to stdout.
 *
 *   this process ──fork──► joiner: control groups, namespaces ──clone, as this process's child──► the process
 */
#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"
#include "../common/filter.h"
#include "../common/frames.h"
#include "../common/process.h"
#include "../common/terminal.h"
#include "cgroup.h"
#include "commands.h"
#include "relay.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAMESPACES \
    (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)

struct added {
    struct plan policy; /* of the container */
    struct plan what;   /* of the process */
    struct filter filter;
    pid_t init;
    int init_fd;
    int control; /* the joiner's and the process's end */
    int stdio[3];
};

static int open_filter(struct added *added)
{
    const char *path = plan_value(&added->policy, "seccomp");
    if (!path)
        return 0;
    AUTO_CLOSE int file = open(path, O_RDONLY | O_CLOEXEC);
    return file < 0 ? fail_errno("the filter %s cannot be opened", path) : filter_read(&added->filter, file);
}

static int open_container(struct added *added, const char *path)
{
    AUTO_CLOSE int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    AUTO_CLOSE int plan = directory < 0 ? -1 : openat(directory, "plan", O_RDONLY | O_CLOEXEC);
    AUTO_CLOSE int run = directory < 0 ? -1 : openat(directory, "run", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (plan < 0 || run < 0)
        return fail_errno("%s is not a container's directory", path);
    if (plan_read(&added->policy, plan) < 0 || open_filter(added) < 0)
        return -1;
    added->init_fd = status_open_init(run, &added->init);
    return added->init_fd < 0 ? -1 : 0;
}

/* In the container: takes a terminal if one is wanted, and executes. Returns the exit code of a failure. */
static int become_process(const struct added *added)
{
    struct process process = {
        .what = &added->what,
        .policy = &added->policy,
        .filter = &added->filter,
        .in = added->stdio[0],
        .out = added->stdio[1],
        .err = added->stdio[2],
        .terminal = plan_has(&added->what, "tty"),
    };
    if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) {
        fail_errno("the container's root cannot be taken");
        return EXIT_CANNOT_EXECUTE;
    }
    if (process.terminal) {
        AUTO_CLOSE int master = -1;
        int slave = -1;
        uid_t user = (uid_t)plan_number(&added->what, "user", 0, 0);
        if (terminal_open(&master, &slave) < 0 || fchown(slave, user, (gid_t)-1) < 0 ||
            control_send(added->control, CONTROL_TERMINAL, 0, NULL, master) < 0)
            return EXIT_CANNOT_EXECUTE;
        process.in = process.out = process.err = slave;
    }
    if (control_send(added->control, CONTROL_RUNNING, 0, NULL, -1) < 0)
        return EXIT_CANNOT_EXECUTE;
    return process_execute(&process);
}

/* Clones the process as a child of this process's parent, which waits for it. */
static void run_joiner(const struct added *added) __attribute__((noreturn));

static void run_joiner(const struct added *added)
{
    struct clone_args arguments = {.flags = CLONE_PARENT};
    /* Nothing of the container may look into this process once it is in there. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || cgroup_join(added->init) < 0)
        goto failed;
    if (setns(added->init_fd, NAMESPACES) < 0) {
        fail_errno("the container's namespaces cannot be joined");
        goto failed;
    }
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (child > 0)
        _exit(0);
    if (child == 0) {
        int code = become_process(added);
        control_send(added->control, CONTROL_FAILED, code, failure(), -1);
        _exit(code);
    }
    fail_errno("the process cannot be started");
failed:
    control_send(added->control, CONTROL_FAILED, EXIT_CANNOT_EXECUTE, failure(), -1);
    _exit(EXIT_CANNOT_EXECUTE);
}

static int make_pipe(int *theirs, int *ours, bool they_write, uid_t owner)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_errno("a pipe cannot be made");
    *theirs = ends[they_write];
    *ours = ends[!they_write];
    if (fchown(*theirs, owner, owner) < 0)
        return fail_errno("a pipe cannot be given to the container");
    return 0;
}

static int open_stdio(struct added *added, struct relay *relay)
{
    uid_t owner = (uid_t)(plan_number(&added->policy, "idmap", 0, 0) + plan_number(&added->what, "user", 0, 0));
    if (plan_has(&added->what, "tty"))
        return 0;
    if (make_pipe(&added->stdio[0], &relay->input, false, owner) < 0 ||
        make_pipe(&added->stdio[1], &relay->output[0], true, owner) < 0)
        return -1;
    return make_pipe(&added->stdio[2], &relay->output[1], true, owner);
}

static int start(struct added *added, struct relay *relay)
{
    int sockets[2], on = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0 ||
        setsockopt(sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
        return fail_errno("a control socket cannot be made");
    relay->control = sockets[0];
    added->control = sockets[1];
    if (open_stdio(added, relay) < 0)
        return -1;
    pid_t joiner = fork();
    if (joiner < 0)
        return fail_errno("the process cannot be started");
    if (joiner == 0)
        run_joiner(added);
    relay->joiner = joiner;
    cleanup_close(&added->control);
    for (int i = 0; i < 3; i++)
        cleanup_close(&added->stdio[i]);
    return 0;
}

static int execute(const char *path, struct exit_status *status)
{
    struct added added = {.init_fd = -1, .control = -1, .stdio = {-1, -1, -1}};
    struct relay relay = RELAY_NONE;
    signal(SIGPIPE, SIG_IGN);
    umask(022);
    if (relay_read_plan(&relay, &added.what) < 0 || open_container(&added, path) < 0)
        return -1;
    if (start(&added, &relay) < 0)
        return -1;
    return relay_until_end(&relay, status);
}

int command_exec(const char *path)
{
    struct exit_status status = {0};
    char text[1024];
    if (execute(path, &status) < 0) {
        status = (struct exit_status){.code = EXIT_CANNOT_EXECUTE};
        snprintf(status.error, sizeof(status.error), "%.255s", failure());
    }
    exit_format(&status, text);
    return frame_write(STDOUT_FILENO, FRAME_EXIT, text, strlen(text)) < 0 ? 1 : 0;
}
