#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/filter.h"
#include "commands.h"
#include "container.h"
#include "monitor.h"
#include "protect.h"
#include "rootfs.h"
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_LOG_SIZE (10u << 20)
#define DEFAULT_LOG_FILES 3

static int make_pipe(int *theirs, int *ours, bool they_write)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_errno("a pipe cannot be made");
    *theirs = ends[they_write];
    *ours = ends[!they_write];
    return 0;
}

/* A pipe for the process, whose user may open it again by way of /dev/stdout; our end does not block. */
static int make_stdio(int *theirs, int *ours, bool they_write, uid_t owner)
{
    if (make_pipe(theirs, ours, they_write) < 0)
        return -1;
    if (fchown(*theirs, owner, owner) < 0 || fcntl(*ours, F_SETFL, O_NONBLOCK) < 0)
        return fail_errno("a pipe cannot be prepared");
    return 0;
}

static int open_stdio(struct supervisor *supervisor, int handover[])
{
    const struct plan *plan = supervisor->plan;
    uid_t owner = (uid_t)(plan_number(plan, "idmap", 0, 0) + plan_number(plan, "user", 0, 0));
    if (supervisor->system || plan_has(plan, "tty"))
        return 0;
    if (plan_has(plan, "stdin") &&
        make_stdio(&handover[HANDOVER_STDIN - HANDOVER_PROGRAM], &supervisor->inlet.fd, false, owner) < 0)
        return -1;
    if (make_stdio(&handover[HANDOVER_STDOUT - HANDOVER_PROGRAM], &supervisor->output[0], true, owner) < 0)
        return -1;
    return make_stdio(&handover[HANDOVER_STDERR - HANDOVER_PROGRAM], &supervisor->output[1], true, owner);
}

static int copy_filter(const char *path)
{
    struct filter filter = {0};
    AUTO_CLOSE int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail_errno("the filter %s cannot be opened", path);
    if (filter_read(&filter, file) < 0)
        return -1;
    int copy = sealed_memory("filter", filter.bytes, filter.size);
    free(filter.bytes);
    return copy;
}

static int open_handover(struct supervisor *supervisor, int handover[])
{
    int sockets[2], on = 1;
    const struct plan *plan = supervisor->plan;
    const char *filter = plan_value(plan, "seccomp");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0 ||
        setsockopt(sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
        return fail_errno("a control socket cannot be made");
    supervisor->control = sockets[0];
    handover[HANDOVER_CONTROL - HANDOVER_PROGRAM] = sockets[1];
    handover[HANDOVER_PROGRAM - HANDOVER_PROGRAM] = protect_init();
    handover[HANDOVER_PLAN - HANDOVER_PROGRAM] = sealed_memory("plan", plan->text, plan->size);
    if (filter)
        handover[HANDOVER_FILTER - HANDOVER_PROGRAM] = copy_filter(filter);
    if (handover[0] < 0 || handover[1] < 0 || (filter && handover[2] < 0))
        return -1;
    return open_stdio(supervisor, handover);
}

static int start_monitor(struct supervisor *supervisor, const struct container *container, int *go)
{
    char log[64];
    struct monitor monitor = {
        .plan = supervisor->plan,
        .path = container->parent,
        .log = log,
        .run = supervisor->run,
        .lock = container->lock,
        .supervisor = getpid(),
        .handover = {-1, -1, -1, -1, -1, -1, -1},
    };
    snprintf(log, sizeof(log), "/proc/%d/fd/%d/lxc", getpid(), supervisor->logs);
    if (open_handover(supervisor, monitor.handover) < 0)
        return -1;
    if (make_pipe(&monitor.result, &supervisor->result, true) < 0 || make_pipe(&monitor.go, go, false) < 0)
        return -1;
    supervisor->monitor = fork();
    if (supervisor->monitor < 0)
        return fail_errno("the monitor cannot be started");
    if (supervisor->monitor == 0)
        monitor_run(&monitor);
    supervisor->monitor_fd = pidfd_open(supervisor->monitor, 0);
    for (int i = 0; i < HANDOVER_END - HANDOVER_PROGRAM; i++)
        cleanup_close(&monitor.handover[i]);
    cleanup_close(&monitor.result);
    cleanup_close(&monitor.go);
    return supervisor->monitor_fd < 0 ? fail_errno("the monitor cannot be watched") : 0;
}

static int detach(void)
{
    if (setsid() < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 || chdir("/") < 0)
        return fail_errno("the supervisor cannot detach itself");
    prctl(PR_SET_NAME, SUPERVISOR_NAME, 0, 0, 0);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    write_text_at(AT_FDCWD, "/proc/self/oom_score_adj", "-500"); /* if this host lets root do so */
    umask(022);
    AUTO_CLOSE int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        return fail_errno("/dev/null cannot be opened");
    return 0;
}

static int begin(struct supervisor *supervisor, const struct container *container)
{
    const struct plan *plan = supervisor->plan;
    if (log_open(&supervisor->log, supervisor->logs, plan_number(plan, "log-size", 0, DEFAULT_LOG_SIZE),
            (unsigned)plan_number(plan, "log-files", 0, DEFAULT_LOG_FILES)) < 0)
        return -1;
    AUTO_CLOSE int go = -1;
    if (start_monitor(supervisor, container, &go) < 0 || rootfs_assemble(plan, container->directory) < 0 ||
        clients_listen(&supervisor->clients, supervisor->run) < 0)
        return -1;
    if (write(go, "g", 1) != 1 && errno != EPIPE) /* a monitor that has already failed tells so itself */
        return fail_errno("the monitor cannot be told to go on");
    return 0;
}

/* The supervisor's life; it tells the starter by a pipe how the start went. */
static void run_supervisor(const struct container *container, int starter) __attribute__((noreturn));

static void run_supervisor(const struct container *container, int starter)
{
    const struct plan *plan = &container->plan;
    struct supervisor supervisor = {
        .plan = plan,
        .run = container->run,
        .logs = container->logs,
        .starter = starter,
        .monitor_fd = -1,
        .result = -1,
        .control = -1,
        .output = {-1, -1},
        .terminal = -1,
        .terminal_peer = -1,
        .inlet = {.fd = -1},
        .init_fd = -1,
        .counters = {-1, -1},
        .system = strcmp(plan_value(plan, "mode"), "system") == 0,
        .log = {.directory = -1, .file = -1},
        .clients = {.listener = -1},
    };
    if (detach() < 0 || begin(&supervisor, container) < 0) {
        supervisor.exit.code = EXIT_FAILURE;
        snprintf(supervisor.exit.error, sizeof(supervisor.exit.error), "%.255s", failure());
        supervisor_end(&supervisor);
        supervisor_tell_failure(&supervisor);
        _exit(1);
    }
    supervise(&supervisor);
    rootfs_release();
    _exit(0);
}

/* Passes on what the supervisor said: the status line, or the reason. */
static int report(int answer)
{
    AUTO_FREE char *line = NULL;
    size_t size = 0;
    if (read_all(answer, 4096, &line, &size) < 0)
        return fail("the supervisor's answer cannot be read");
    if (size == 0)
        return fail("the supervisor was killed");
    if (line[0] != '{')
        return fail("%.500s", line);
    return fputs(line, stdout) < 0 || fflush(stdout) < 0 ? fail_errno("the status cannot be printed") : 0;
}

static int start(const char *path)
{
    AUTO_CONTAINER struct container container = {0};
    int answer = -1, starter = -1;
    if (container_open(&container, path) < 0 || container_lock(&container) < 0)
        return -1;
    container_clean(&container);
    unlinkat(container.logs, "lxc", 0);
    unlinkat(container.run, "exit", 0);
    unlinkat(container.run, "status", 0);
    if (make_pipe(&starter, &answer, true) < 0)
        return -1;
    pid_t supervisor = fork();
    if (supervisor < 0)
        return fail_errno("the supervisor cannot be started");
    if (supervisor == 0) {
        close(answer);
        run_supervisor(&container, starter);
    }
    close(starter);
    return report(answer);
}

int command_start(const char *path)
{
    if (start(path) == 0)
        return 0;
    fprintf(stderr, "%s\n", failure());
    return 1;
}
