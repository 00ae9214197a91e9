#include "rlimits.h"

#include "error.h"

#include <string.h>
#include <sys/resource.h>

static const struct {
    const char *name;
    __rlimit_resource_t resource;
} LIMITS[] = {
    {"as", RLIMIT_AS},
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"locks", RLIMIT_LOCKS},
    {"memlock", RLIMIT_MEMLOCK},
    {"msgqueue", RLIMIT_MSGQUEUE},
    {"nice", RLIMIT_NICE},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},
    {"rttime", RLIMIT_RTTIME},
    {"sigpending", RLIMIT_SIGPENDING},
    {"stack", RLIMIT_STACK},
};

static int limit_of(const char *text, rlim_t *limit)
{
    uint64_t number;
    if (strcmp(text, "unlimited") == 0) {
        *limit = RLIM_INFINITY;
        return 0;
    }
    if (parse_number(text, &number) < 0)
        return -1;
    *limit = number;
    return 0;
}

static int set_one(const struct plan_item *item)
{
    for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++) {
        struct rlimit now, wanted;
        if (strcmp(LIMITS[i].name, item->value[0]) != 0)
            continue;
        if (limit_of(item->value[1], &wanted.rlim_cur) < 0 || limit_of(item->value[2], &wanted.rlim_max) < 0)
            return -1;
        if (getrlimit(LIMITS[i].resource, &now) < 0)
            return fail_errno("the limit %s cannot be read", item->value[0]);
        if (wanted.rlim_max > now.rlim_max && setrlimit(LIMITS[i].resource, &wanted) < 0)
            wanted.rlim_max = now.rlim_max;
        if (wanted.rlim_cur > wanted.rlim_max)
            wanted.rlim_cur = wanted.rlim_max;
        if (setrlimit(LIMITS[i].resource, &wanted) < 0)
            return fail_errno("the limit %s cannot be set", item->value[0]);
        return 0;
    }
    return fail("%.40s is not a resource limit", item->value[0]);
}

int rlimits_set(const struct plan *plan)
{
    for (each_item(item, plan, "rlimit"))
        if (set_one(item) < 0)
            return -1;
    return 0;
}
