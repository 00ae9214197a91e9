#include "monitor.h"

#include "../common/cleanup.h"
#include "../common/control.h"
#include "../common/error.h"
#include "lxc.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

void monitor_group(const struct plan *plan, char group[256])
{
    const char *path = plan_value(plan, "cgroup");
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (slash)
        snprintf(group, 256, "%.*s.monitor/%s", (int)(slash - path), path, slash + 1);
    else
        snprintf(group, 256, "monitor/%s", path ? path : "container");
}

static int take_descriptors(const struct monitor *monitor)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        return fail_errno("/dev/null cannot be opened");
    int result = dup3(monitor->result, HANDOVER_END, O_CLOEXEC);
    int run = dup3(monitor->run, HANDOVER_END + 1, O_CLOEXEC);
    int lock = dup3(monitor->lock, HANDOVER_END + 2, O_CLOEXEC);
    int go = dup3(monitor->go, HANDOVER_END + 3, O_CLOEXEC);
    if (result < 0 || run < 0 || lock < 0 || go < 0)
        return fail_errno("descriptors cannot be moved");
    for (int i = 0; i < HANDOVER_END - HANDOVER_PROGRAM; i++) {
        int fd = monitor->handover[i] >= 0 ? monitor->handover[i] : null;
        if (dup2(fd, HANDOVER_PROGRAM + i) < 0)
            return fail_errno("descriptors cannot be handed over");
    }
    close_range(3, HANDOVER_PROGRAM - 1, 0);
    close_range(HANDOVER_END + 4, ~0U, 0);
    return 0;
}

/* If the supervisor dies, the container is told to end; liblxc passes the signal on and cleans up. */
static int follow_supervisor(const struct monitor *monitor)
{
    if (prctl(PR_SET_PDEATHSIG, SIGNAL_END, 0, 0, 0) < 0)
        return fail_errno("the monitor cannot follow its supervisor");
    return getppid() == monitor->supervisor ? 0 : fail("the supervisor has gone");
}

/* Waits until the root is assembled, and goes where it is mounted. If it is not to be, the supervisor tells why. */
static int enter_root(const struct monitor *monitor)
{
    char word, path[64];
    if (read(HANDOVER_END + 3, &word, 1) != 1)
        _exit(1);
    snprintf(path, sizeof(path), "/proc/%d/ns/mnt", monitor->supervisor);
    AUTO_CLOSE int namespace = open(path, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, CLONE_NEWNS) < 0)
        return fail_errno("the supervisor's mounts cannot be entered");
    return 0;
}

/* liblxc puts a signal in the upper byte and 0x7f in the lower. */
static int wait_status_of(int error_num)
{
    return (error_num & 0x7f) == 0x7f ? (error_num >> 8) & 0x7f : error_num;
}

static void leave_exit(int wait_status)
{
    struct exit_status status = exit_of_wait(wait_status);
    snprintf(status.error, sizeof(status.error), "the container's supervisor was killed");
    exit_write(HANDOVER_END + 1, &status);
}

void monitor_run(const struct monitor *monitor)
{
    char *arguments[] = {(char[]){"/proc/self/fd/200"}, NULL};
    struct monitor_result result = {0};
    prctl(PR_SET_NAME, "berth-monitor", 0, 0, 0);
    if (take_descriptors(monitor) == 0 && follow_supervisor(monitor) == 0) {
        struct lxc_container *container = lxc_configure(monitor->plan, monitor->path, monitor->log);
        if (container && enter_root(monitor) == 0) {
            result.started = container->start(container, 0, arguments);
            result.wait_status = wait_status_of(container->error_num);
            if (!result.started)
                lxc_fail(monitor->log);
        }
    }
    if (!result.started)
        control_send(HANDOVER_CONTROL, CONTROL_FAILED, 126, failure(), -1);
    if (getppid() != monitor->supervisor)
        leave_exit(result.wait_status);
    if (write(HANDOVER_END, &result, sizeof(result)) < 0)
        _exit(1);
    _exit(0);
}
