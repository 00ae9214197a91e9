/*
 * The cage in which an archive is unpacked: own user, mount, network and IPC namespaces, a root directory that is
 * nothing but the layer, and only the capabilities that owners and modes need. Whatever an archive makes libarchive do,
 * it is done to that layer.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "unpack.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define MOST_MEMORY (1ul << 30)
#define MOST_DESCRIPTORS 64

static int write_map(int child, const char *name, const struct options *options)
{
    char path[64], line[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", child, name);
    int length = snprintf(
        line, sizeof(line), "0 %llu %llu", (unsigned long long)options->base, (unsigned long long)options->count);
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, line, (size_t)length) != length)
        return fail_errno("ids cannot be mapped");
    return 0;
}

int map_ids(int child, const struct options *options)
{
    return write_map(child, "uid_map", options) || write_map(child, "gid_map", options) ? -1 : 0;
}

static int limit(void)
{
    const struct rlimit none = {0, 0}, memory = {MOST_MEMORY, MOST_MEMORY};
    const struct rlimit descriptors = {MOST_DESCRIPTORS, MOST_DESCRIPTORS};
    if (setrlimit(RLIMIT_CORE, &none) || setrlimit(RLIMIT_NPROC, &none) || setrlimit(RLIMIT_AS, &memory) ||
        setrlimit(RLIMIT_NOFILE, &descriptors))
        return fail_errno("limits cannot be set");
    return 0;
}

static int drop_capabilities(void)
{
    const uint32_t keep =
        1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE | 1u << CAP_FOWNER | 1u << CAP_FSETID | 1u << CAP_SETFCAP;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = keep, .permitted = keep}};
    if (syscall(SYS_capset, &header, data) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return fail_errno("privileges cannot be dropped");
    return 0;
}

int enter_cage(int root, int ready, int go)
{
    char token = 0;
    pid_t parent = getppid();
    if (setgroups(0, NULL))
        return fail_errno("groups cannot be dropped");
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS))
        return fail_errno("namespaces cannot be made");
    if (write(ready, &token, 1) != 1 || read(go, &token, 1) != 1)
        return fail("the parent has ended");
    if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
        return fail_errno("the namespace's root cannot be taken");
    if (fchdir(root) || chroot(".") || chdir("/"))
        return fail_errno("the root directory cannot be changed");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != parent)
        return fail("the parent has ended");
    return limit() || drop_capabilities() ? -1 : 0;
}
