#include "container.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "cgroup.h"
#include "monitor.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LOCK_TIMEOUT_MS 15000
#define LOCK_INTERVAL_MS 2

static int open_below(int parent, const char *name)
{
    if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
        return fail_errno("%s cannot be made", name);
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? fail_errno("%s cannot be opened", name) : fd;
}

static int require(const struct plan *plan, const char *directive)
{
    return plan_has(plan, directive) ? 0 : fail("the plan has no %s", directive);
}

/* liblxc enters the directories as the container's root. */
static int check_traversable(const char *path)
{
    struct stat status;
    char part[PATH_MAX];
    for (const char *end = strchr(path, '/'); end; end = strchr(end + 1, '/')) {
        snprintf(part, sizeof(part), "%.*s/", (int)(end - path), path);
        if (stat(part, &status) == 0 && !(status.st_mode & S_IXOTH))
            return fail("the container's root cannot pass %s: chmod o+x is needed", part);
    }
    return 0;
}

static int check_plan(const struct plan *plan)
{
    static const char *const NEEDED[] = {"name", "idmap", "stored", "lower", "mode", "cgroup"};
    for (size_t i = 0; i < sizeof(NEEDED) / sizeof(NEEDED[0]); i++)
        if (require(plan, NEEDED[i]) < 0)
            return -1;
    if (plan_number(plan, "idmap", 0, 0) == 0 || plan_number(plan, "idmap", 1, 0) == 0)
        return fail("a container's ids may not be the host's own: idmap has to begin above 0");
    if (plan_number(plan, "idmap", 0, 0) + plan_number(plan, "idmap", 1, 0) > UINT32_MAX)
        return fail("idmap goes beyond the ids that there are");
    if (strstr(plan_value(plan, "cgroup"), "..") || plan_value(plan, "cgroup")[0] == '/')
        return fail("the plan's cgroup has to be a relative path");
    return 0;
}

int container_open(struct container *container, const char *path)
{
    char real[PATH_MAX];
    container->directory = container->run = container->logs = container->lock = -1;
    if (!realpath(path, real))
        return fail_errno("%s cannot be opened", path);
    container->directory = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (container->directory < 0)
        return fail_errno("%s cannot be opened", path);
    snprintf(container->parent, sizeof(container->parent), "%.*s", (int)(strrchr(real, '/') - real), real);
    container->run = open_below(container->directory, "run");
    container->logs = open_below(container->directory, "log");
    AUTO_CLOSE int plan = openat(container->directory, "plan", O_RDONLY | O_CLOEXEC);
    if (container->run < 0 || container->logs < 0)
        return -1;
    if (plan < 0)
        return fail_errno("%s has no plan", path);
    if (plan_read(&container->plan, plan) < 0 || check_plan(&container->plan) < 0)
        return -1;
    return check_traversable(real);
}

static int is_running(const struct container *container)
{
    pid_t init;
    if (faccessat(container->run, "exit", F_OK, 0) == 0)
        return 0;
    AUTO_CLOSE int fd = status_open_init(container->run, &init);
    return fd >= 0;
}

int container_lock(struct container *container)
{
    container->lock = openat(container->run, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (container->lock < 0)
        return fail_errno("run/lock cannot be opened");
    for (int waited = 0; waited < LOCK_TIMEOUT_MS; waited += LOCK_INTERVAL_MS) {
        if (flock(container->lock, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK)
            return fail_errno("run/lock cannot be locked");
        if (is_running(container))
            return fail("the container is already running");
        usleep(LOCK_INTERVAL_MS * 1000);
    }
    return fail("the container's last run has not been cleaned up within %d s", LOCK_TIMEOUT_MS / 1000);
}

void container_clean(const struct container *container)
{
    char monitor[256];
    monitor_group(&container->plan, monitor);
    cgroup_remove(plan_value(&container->plan, "cgroup"));
    cgroup_remove(monitor);
    unlinkat(container->run, "attach.sock", 0);
}

void container_close(struct container *container)
{
    cleanup_close(&container->directory);
    cleanup_close(&container->run);
    cleanup_close(&container->logs);
    cleanup_close(&container->lock);
    plan_free(&container->plan);
}
