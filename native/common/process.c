#include "process.h"

#include "caps.h"
#include "cleanup.h"
#include "error.h"
#include "rlimits.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

void reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int take_stdio(const struct process *process)
{
    if (setsid() < 0)
        return fail_errno("a session cannot be made");
    if (process->terminal && ioctl(process->in, TIOCSCTTY, 0) < 0)
        return fail_errno("the terminal cannot be taken");
    if (dup2(process->in, 0) < 0 || dup2(process->out, 1) < 0 || dup2(process->err, 2) < 0)
        return fail_errno("stdin, stdout and stderr cannot be taken");
    if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        return fail_errno("other descriptors cannot be closed");
    return 0;
}

/* The directory must lie inside the root: one reached through a leaked descriptor has no path here (CVE-2024-21626). */
static int enter_directory(const char *path)
{
    char real[PATH_MAX];
    if (chdir(path) < 0)
        return fail_errno("the working directory %s cannot be entered", path);
    long length = syscall(SYS_getcwd, real, sizeof(real));
    if (length < 1 || real[0] != '/')
        return fail("the working directory %s lies outside the root", path);
    return 0;
}

static int take_groups(const struct plan *what)
{
    gid_t groups[64];
    size_t count = 0;
    for (each_item(item, what, "group")) {
        uint64_t number;
        if (count == sizeof(groups) / sizeof(groups[0]))
            return fail("there are more than %zu supplementary groups", count);
        if (parse_number(item->value[0], &number) < 0)
            return -1;
        groups[count++] = (gid_t)number;
    }
    return setgroups(count, groups) < 0 ? fail_errno("the groups cannot be set") : 0;
}

static int take_user(const struct process *process)
{
    uint64_t keep;
    uid_t user = (uid_t)plan_number(process->what, "user", 0, 0);
    gid_t group = (gid_t)plan_number(process->what, "user", 1, 0);
    if (caps_of_plan(process->policy, &keep) < 0 || caps_bound(keep) < 0 || take_groups(process->what) < 0)
        return -1;
    if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 || setresgid(group, group, group) < 0 || setresuid(user, user, user) < 0)
        return fail_errno("user %u and group %u cannot be taken", user, group);
    return caps_set(user == 0 ? keep : 0);
}

static const char *environment_path(char *const *environment)
{
    for (; *environment; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0)
            return *environment + 5;
    return DEFAULT_PATH;
}

/* Executes a name as a shell would find it: returns the exit code that says why not. */
static int search_and_execute(char *const *arguments, char *const *environment)
{
    const char *name = arguments[0];
    int code = EXIT_NOT_FOUND;
    errno = ENOENT;
    if (!*name || strchr(name, '/')) {
        execve(name, arguments, environment);
        code = errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
        fail_errno("%s cannot be executed", name);
        return code;
    }
    int reason = ENOENT;
    for (const char *path = environment_path(environment); path; path = strchr(path, ':')) {
        char file[PATH_MAX];
        path += *path == ':';
        int length = (int)strcspn(path, ":");
        snprintf(file, sizeof(file), "%.*s%s%s", length, path, length ? "/" : "", name);
        execve(file, arguments, environment);
        if (errno != ENOENT && errno != ENOTDIR)
            reason = errno;
    }
    errno = reason;
    code = reason == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
    fail_errno("%s cannot be executed", name);
    return code;
}

int process_execute(const struct process *process)
{
    bool no_new_privileges = plan_has(process->policy, "no-new-privileges");
    const char *directory = plan_value(process->what, "cwd");
    AUTO_FREE char **arguments = plan_values(process->what, "arg");
    AUTO_FREE char **environment = plan_values(process->what, "env");
    if (!arguments || !environment || !arguments[0]) {
        fail("the plan names no program");
        return EXIT_CANNOT_EXECUTE;
    }
    reset_signals();
    umask(022);
    if (take_stdio(process) < 0 || rlimits_set(process->what) < 0 || enter_directory(directory ? directory : "/") < 0)
        return EXIT_CANNOT_EXECUTE;
    if (no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        fail_errno("no_new_privs cannot be set");
        return EXIT_CANNOT_EXECUTE;
    }
    /* Without no_new_privs only a privileged process may load a filter, so it comes before the user. */
    if (!no_new_privileges && filter_load(process->filter) < 0)
        return EXIT_CANNOT_EXECUTE;
    if (take_user(process) < 0)
        return EXIT_CANNOT_EXECUTE;
    if (no_new_privileges && filter_load(process->filter) < 0)
        return EXIT_CANNOT_EXECUTE;
    return search_and_execute(arguments, environment);
}
