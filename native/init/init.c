/*
 * berth-init: process 1 of a container. It finishes the mounts, then runs the plan's process and reaps; in system mode
 * it becomes the root's own init. What it needs it got through descriptors, so that it reads nothing of the image
 * before it is confined.
 */
#include "../common/caps.h"
#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/filter.h"
#include "../common/paths.h"
#include "../common/plan.h"
#include "../common/process.h"
#include "../common/terminal.h"
#include "mounts.h"
#include "reap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_system(const struct plan *plan)
{
    const char *mode = plan_value(plan, "mode");
    return mode && strcmp(mode, "system") == 0;
}

static int take_handover(struct plan *plan, struct filter *filter)
{
    for (int fd = HANDOVER_PROGRAM; fd < HANDOVER_END; fd++)
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
            return fail_errno("descriptor %d was not handed over", fd);
    if (lseek(HANDOVER_PLAN, 0, SEEK_SET) < 0 || plan_read(plan, HANDOVER_PLAN) < 0)
        return -1;
    if (plan_has(plan, "seccomp") &&
        (lseek(HANDOVER_FILTER, 0, SEEK_SET) < 0 || filter_read(filter, HANDOVER_FILTER) < 0))
        return -1;
    close(HANDOVER_PROGRAM);
    close(HANDOVER_PLAN);
    close(HANDOVER_FILTER);
    return 0;
}

/* Unprivileged ping and low ports instead of CAP_NET_RAW; a container in the host's network may not change them. */
static void open_network_settings(const struct plan *plan)
{
    char range[64];
    snprintf(range, sizeof(range), "0 %llu", (unsigned long long)plan_number(plan, "idmap", 1, 1) - 1);
    if (write_text_at(AT_FDCWD, "/proc/sys/net/ipv4/ping_group_range", range) < 0 ||
        write_text_at(AT_FDCWD, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0") < 0)
        return;
}

static int take_terminal(const struct plan *plan, int *slave)
{
    AUTO_CLOSE int master = -1;
    if (terminal_open(&master, slave) < 0 || mount_console(*slave) < 0)
        return -1;
    uid_t user = is_system(plan) ? 0 : (uid_t)plan_number(plan, "user", 0, 0);
    if (fchown(*slave, user, (gid_t)-1) < 0)
        return fail_errno("the terminal cannot be given to the user");
    return control_send(HANDOVER_CONTROL, CONTROL_TERMINAL, 0, NULL, master);
}

static int make_directory(const struct plan *plan)
{
    const char *path = plan_value(plan, "cwd");
    if (!path || access(path, F_OK) == 0)
        return 0;
    AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    AUTO_CLOSE int made = make_in_root(root, path, false, 0);
    return made < 0 ? -1 : 0;
}

/* Becomes the root's init; returns only on failure. */
static int become_system(const struct plan *plan, const struct filter *filter, int terminal)
{
    uint64_t keep;
    AUTO_FREE char **arguments = plan_values(plan, "arg");
    char *standard[] = {(char[]){"/sbin/init"}, NULL};
    char **chosen = arguments && arguments[0] ? arguments : standard;
    if (mask_path("/usr/lib/systemd/system/sys-kernel-debug.mount") < 0 || caps_of_plan(plan, &keep) < 0)
        return -1;
    for (each_item(item, plan, "env"))
        if (putenv((char *)(uintptr_t)item->value[0]) != 0)
            return fail("out of memory");
    if (access(chosen[0], X_OK) < 0)
        return fail_errno("%s cannot be executed", chosen[0]);
    if (dup2(terminal, 0) < 0 || dup2(terminal, 1) < 0 || dup2(terminal, 2) < 0)
        return fail_errno("the terminal cannot be taken");
    reset_signals();
    if (filter_load(filter) < 0 || caps_bound(keep) < 0 || caps_set(keep) < 0)
        return -1;
    if (control_send(HANDOVER_CONTROL, CONTROL_RUNNING, 0, NULL, -1) < 0)
        return -1;
    execv(chosen[0], chosen);
    return fail_errno("%s cannot be executed", chosen[0]);
}

/* What process 1 keeps: the right to pass signals on to its child, whatever user that is. */
static int confine(const struct filter *filter)
{
    uint64_t keep = UINT64_C(1) << CAP_KILL;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail_errno("process 1 cannot be confined");
    if (caps_bound(keep) < 0 || caps_set(keep) < 0)
        return -1;
    return filter_load(filter);
}

static void name_process(char *argument)
{
    memset(argument, 0, strlen(argument));
    memcpy(argument, "berth-init", sizeof("berth-init"));
    prctl(PR_SET_NAME, "berth-init", 0, 0, 0);
}

static int prepare(struct plan *plan, struct filter *filter, int *terminal)
{
    if (take_handover(plan, filter) < 0 || check_kernel_filesystems() < 0)
        return -1;
    /* The supervisor is spared when memory runs out; what it watches is not. */
    write_text_at(AT_FDCWD, "/proc/self/oom_score_adj", "0");
    open_network_settings(plan);
    if (restrict_paths(plan) < 0)
        return -1;
    if ((plan_has(plan, "tty") || is_system(plan)) && take_terminal(plan, terminal) < 0)
        return -1;
    return is_system(plan) ? 0 : make_directory(plan);
}

static int run_application(const struct plan *plan, const struct filter *filter, int terminal)
{
    struct process process = {
        .what = plan,
        .policy = plan,
        .filter = filter,
        .in = terminal >= 0 ? terminal : HANDOVER_STDIN,
        .out = terminal >= 0 ? terminal : HANDOVER_STDOUT,
        .err = terminal >= 0 ? terminal : HANDOVER_STDERR,
        .terminal = terminal >= 0,
    };
    block_signals();
    AUTO_CLOSE int result = -1;
    pid_t child = start_child(&process, &result);
    if (child < 0)
        return -1;
    /* Meanwhile the process does the same; loading a filter takes each of them 0.3 ms. */
    int confined = confine(filter);
    if (await_program(result) < 0 || confined < 0)
        return -1;
    cleanup_close(&terminal);
    close(HANDOVER_STDIN);
    close(HANDOVER_STDOUT);
    close(HANDOVER_STDERR);
    if (control_send(HANDOVER_CONTROL, CONTROL_RUNNING, 0, NULL, -1) < 0)
        return -1;
    reap_until_end(child);
}

int main(int argc, char **argv)
{
    AUTO_PLAN struct plan plan = {0};
    struct filter filter = {0};
    int terminal = -1;
    if (argc != 1 || getpid() != 1)
        return EXIT_CANNOT_EXECUTE;
    if (prepare(&plan, &filter, &terminal) == 0) {
        name_process(argv[0]);
        if (is_system(&plan))
            become_system(&plan, &filter, terminal);
        else
            run_application(&plan, &filter, terminal);
    }
    control_send(HANDOVER_CONTROL, CONTROL_FAILED, exit_code_of_failure(), failure(), -1);
    return exit_code_of_failure();
}
