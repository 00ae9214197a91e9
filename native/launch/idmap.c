#include "idmap.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that lives only to keep a new user namespace until it is opened. */
static pid_t start_keeper(void)
{
    struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (child == 0)
        for (;;)
            pause();
    return child;
}

static int map_and_open(pid_t keeper, const char *map)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/uid_map", keeper);
    if (write_text_at(AT_FDCWD, path, map) < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/%d/gid_map", keeper);
    if (write_text_at(AT_FDCWD, path, map) < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/%d/ns/user", keeper);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? fail_errno("the user namespace cannot be opened") : fd;
}

int idmap_namespace(uint32_t first, uint32_t base, uint32_t count)
{
    char map[64];
    snprintf(map, sizeof(map), "%u %u %u", first, base, count);
    pid_t keeper = start_keeper();
    if (keeper < 0)
        return fail_errno("a user namespace cannot be made");
    int fd = map_and_open(keeper, map);
    kill(keeper, SIGKILL);
    waitpid(keeper, NULL, 0);
    return fd;
}
