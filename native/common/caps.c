#include "caps.h"

#include "error.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In the order of linux/capability.h. */
static const char *const NAMES[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

static int cap_number(const char *name)
{
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(NAMES[i], name) == 0)
            return (int)i;
    return fail("%.40s is not a capability", name);
}

int caps_of_plan(const struct plan *plan, uint64_t *set)
{
    *set = 0;
    for (each_item(item, plan, "capability")) {
        int number = cap_number(item->value[0]);
        if (number < 0)
            return -1;
        *set |= UINT64_C(1) << number;
    }
    return 0;
}

int caps_bound(uint64_t keep)
{
    for (unsigned long number = 0; number < 64; number++) {
        int bound = prctl(PR_CAPBSET_READ, number, 0, 0, 0);
        if (bound < 0)
            break;
        if (bound > 0 && !(keep & (UINT64_C(1) << number)) && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0)
            return fail_errno("capability %lu cannot be dropped", number);
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return fail_errno("the ambient capabilities cannot be cleared");
    return 0;
}

int caps_set(uint64_t set)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct now[2], data[2] = {0};
    if (syscall(SYS_capget, &header, now) < 0)
        return fail_errno("capabilities cannot be read");
    for (int half = 0; half < 2; half++) {
        data[half].permitted = (uint32_t)(set >> (32 * half)) & now[half].permitted;
        data[half].effective = data[half].permitted;
    }
    if (syscall(SYS_capset, &header, data) < 0)
        return fail_errno("capabilities cannot be set");
    return 0;
}
