#include "filter.h"

#include "error.h"
#include "files.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>

int filter_read(struct filter *filter, int fd)
{
    if (read_all(fd, BPF_MAXINSNS * sizeof(struct sock_filter), &filter->bytes, &filter->size) < 0)
        return -1;
    if (filter->size == 0 || filter->size % sizeof(struct sock_filter) != 0)
        return fail("the system call filter is not a BPF program");
    return 0;
}

int filter_load(const struct filter *filter)
{
    if (!filter->bytes)
        return 0;
    struct sock_fprog program = {
        .len = (unsigned short)(filter->size / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)(void *)filter->bytes,
    };
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0)
        return fail_errno("the system call filter cannot be loaded");
    return 0;
}
