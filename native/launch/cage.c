#include "cage.h"

#include "../common/caps.h"
#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "container.h"
#include "rootfs.h"
#include "status.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIT(capability) (UINT64_C(1) << (capability))
#define KEPT (BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID))
#define COULD_NOT_BEGIN 255

static int take_root_ids(void)
{
    /* Nothing of the container may look into this process once it is in there. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 ||
        setresuid(0, 0, 0) < 0)
        return fail_errno("the container's root cannot be taken");
    return 0;
}

static int drop_privileges(void)
{
    if (caps_bound(KEPT) < 0 || caps_set(KEPT) < 0)
        return -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return fail_errno("privileges cannot be dropped");
    umask(022);
    return chdir("/") < 0 ? fail_errno("/ cannot be entered") : 0;
}

static int join(int init)
{
    if (setns(init, CLONE_NEWUSER | CLONE_NEWNS) < 0)
        return fail_errno("the container's namespaces cannot be joined");
    return take_root_ids();
}

/* Makes the assembled root the only file system of this mount namespace. */
static int enter_assembled(void)
{
    if (take_root_ids() < 0)
        return -1;
    /* Mounts that came from a more privileged namespace are locked; the bind is this one's own. */
    if (mount(STAGE_ROOT, STAGE_ROOT, NULL, MS_BIND | MS_REC, NULL) < 0 || chdir(STAGE_ROOT) < 0 ||
        syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
        return fail_errno("the assembled root cannot be entered");
    return 0;
}

static void work_and_exit(cage_work *work, void *context) __attribute__((noreturn));

static void work_and_exit(cage_work *work, void *context)
{
    if (drop_privileges() == 0)
        _exit(work(context));
    fprintf(stderr, "%s\n", failure());
    _exit(COULD_NOT_BEGIN);
}

static int wait_for(pid_t child)
{
    int status;
    if (waitpid(child, &status, 0) < 0)
        return fail_errno("the process cannot be waited for");
    if (!WIFEXITED(status) || WEXITSTATUS(status) == COULD_NOT_BEGIN)
        return fail("the container's files cannot be entered");
    return WEXITSTATUS(status);
}

static int run_in_running(int init, cage_work *work, void *context)
{
    pid_t child = fork();
    if (child < 0)
        return fail_errno("a process cannot be started");
    if (child == 0) {
        if (join(init) == 0)
            work_and_exit(work, context);
        fprintf(stderr, "%s\n", failure());
        _exit(COULD_NOT_BEGIN);
    }
    return wait_for(child);
}

static int write_maps(const struct plan *plan, pid_t child)
{
    char map[64], path[64];
    snprintf(map, sizeof(map), "0 %u %u", (unsigned)plan_number(plan, "idmap", 0, 0),
        (unsigned)plan_number(plan, "idmap", 1, 0));
    snprintf(path, sizeof(path), "/proc/%d/uid_map", child);
    if (write_text_at(AT_FDCWD, path, map) < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/%d/gid_map", child);
    return write_text_at(AT_FDCWD, path, map);
}

static int run_in_assembled(const struct plan *plan, cage_work *work, void *context)
{
    struct clone_args arguments = {.flags = CLONE_NEWUSER | CLONE_NEWNS, .exit_signal = SIGCHLD};
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) < 0)
        return fail_errno("a pipe cannot be made");
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (child == 0) {
        char go;
        close(ready[1]);
        if (read(ready[0], &go, 1) == 1 && enter_assembled() == 0)
            work_and_exit(work, context);
        fprintf(stderr, "%s\n", failure());
        _exit(COULD_NOT_BEGIN);
    }
    AUTO_CLOSE int theirs = ready[0];
    AUTO_CLOSE int ours = ready[1];
    if (child < 0)
        return fail_errno("a user namespace cannot be made");
    if (write_maps(plan, child) < 0 || write_all(ours, "g", 1) < 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        return -1;
    }
    return wait_for(child);
}

int cage_run(const char *directory, cage_work *work, void *context)
{
    AUTO_CONTAINER struct container container = {0};
    pid_t init;
    if (container_open(&container, directory) < 0)
        return -1;
    AUTO_CLOSE int running =
        faccessat(container.run, "exit", F_OK, 0) == 0 ? -1 : status_open_init(container.run, &init);
    if (running >= 0)
        return run_in_running(running, work, context);
    if (container_lock(&container) < 0)
        return -1;
    int result = rootfs_assemble(&container.plan, container.directory);
    if (result == 0)
        result = run_in_assembled(&container.plan, work, context);
    rootfs_release();
    return result;
}
