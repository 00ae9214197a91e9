#include "cgroup.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define TOP "/sys/fs/cgroup"
#define PERIOD_US "100000"
#define KILL_ATTEMPTS 50
#define DEPTH_LIMIT 16

bool cgroup_is_unified(void)
{
    struct statfs fs;
    return statfs(TOP, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* The weight 100 of version 2 is the 1024 shares of version 1. */
static void shares_of_weight(const char *weight, char value[64])
{
    uint64_t number = 100;
    if (parse_number(weight, &number) < 0)
        number = 100;
    uint64_t shares = number * 1024 / 100;
    snprintf(value, 64, "%llu", (unsigned long long)(shares < 2 ? 2 : shares));
}

static const struct words {
    const char *limit, *unified, *legacy;
    const char *legacy_file; /* of the root group, which is there if the kernel has this limit; NULL if it always has */
} WORDS[] = {
    {"cpu.weight", "cpu.weight", "cpu.shares", NULL},
    {"cpu.quota-us", "cpu.max", "cpu.cfs_quota_us", TOP "/cpu/cpu.cfs_quota_us"},
    {"memory", "memory.max", "memory.limit_in_bytes", NULL},
    {"swap", "memory.swap.max", "memory.memsw.limit_in_bytes", TOP "/memory/memory.memsw.limit_in_bytes"},
    {"pids", "pids.max", "pids.max", NULL},
    {"io.weight", "io.weight", "blkio.bfq.weight", TOP "/blkio/blkio.bfq.weight"},
};

static const struct words *words_of(const char *limit)
{
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (strcmp(WORDS[i].limit, limit) == 0)
            return &WORDS[i];
    fail("%.40s is not a limit", limit);
    return NULL;
}

static int unified_words(const struct words *words, const char *wanted, char key[64], char value[64])
{
    snprintf(key, 64, "lxc.cgroup2.%s", words->unified);
    snprintf(value, 64, "%s%s", wanted, strcmp(words->limit, "cpu.quota-us") == 0 ? " " PERIOD_US : "");
    return 1;
}

static int legacy_words(
    const struct plan *plan, const struct words *words, const char *wanted, char key[64], char value[64])
{
    if (strcmp(wanted, "max") == 0 || (words->legacy_file && access(words->legacy_file, F_OK) < 0))
        return 0;
    snprintf(key, 64, "lxc.cgroup.%s", words->legacy);
    snprintf(value, 64, "%s", wanted);
    if (strcmp(words->limit, "cpu.weight") == 0)
        shares_of_weight(wanted, value);
    if (strcmp(words->limit, "swap") != 0)
        return 1;
    /* Version 1 limits memory and swap together, and has no limit on swap alone. */
    uint64_t swap, memory;
    for (each_item(item, plan, "limit")) {
        if (strcmp(item->value[0], "memory") != 0 || strcmp(item->value[1], "max") == 0)
            continue;
        if (parse_number(wanted, &swap) < 0 || parse_number(item->value[1], &memory) < 0)
            return -1;
        snprintf(value, 64, "%llu", (unsigned long long)(memory + swap));
        return 1;
    }
    return 0;
}

int cgroup_words(const struct plan *plan, const struct plan_item *limit, char key[64], char value[64])
{
    uint64_t number;
    const struct words *words = words_of(limit->value[0]);
    if (!words)
        return -1;
    if (strcmp(limit->value[1], "max") != 0 && parse_number(limit->value[1], &number) < 0)
        return -1;
    return cgroup_is_unified() ? unified_words(words, limit->value[1], key, value)
                               : legacy_words(plan, words, limit->value[1], key, value);
}

/* A mounted hierarchy: visit gets its directory and options; a negative result ends the walk. */
typedef int visit(const char *directory, const char *options, bool unified, const void *argument);

static int each_hierarchy(visit *visitor, const void *argument)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    struct mntent *entry;
    int result = 0;
    if (!mounts)
        return fail_errno("the mounts cannot be read");
    while (result >= 0 && (entry = getmntent(mounts))) {
        bool unified = strcmp(entry->mnt_type, "cgroup2") == 0;
        if (unified || strcmp(entry->mnt_type, "cgroup") == 0)
            result = visitor(entry->mnt_dir, entry->mnt_opts, unified, argument);
    }
    endmntent(mounts);
    return result;
}

/* Whether all controllers of a line of /proc/PID/cgroup are options of a mount. */
static bool is_of_mount(const char *controllers, size_t length, const char *options)
{
    const char *end = controllers + length;
    while (controllers < end) {
        size_t part = strcspn(controllers, ",:");
        bool matches = false;
        for (const char *c = options; c; c = strchr(c, ',')) {
            c += *c == ',';
            matches |= strncmp(c, controllers, part) == 0 && (c[part] == ',' || c[part] == '\0');
        }
        if (!matches)
            return false;
        controllers += part + 1;
    }
    return length > 0;
}

/* Finds the group of a process in a mounted hierarchy, from the text of /proc/PID/cgroup. */
static int group_in(const char *groups, const char *options, bool unified, char path[PATH_MAX])
{
    for (const char *line = groups; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *controllers = strchr(line, ':');
        const char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group)
            return 0;
        size_t length = (size_t)(group - controllers - 1);
        bool matches = unified ? length == 0 : is_of_mount(controllers + 1, length, options);
        if (!matches)
            continue;
        snprintf(path, PATH_MAX, "%.*s", (int)strcspn(group + 1, "\n"), group + 1);
        return 1;
    }
    return 0;
}

static char *groups_of(pid_t process)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/cgroup", process);
    return read_text_at(AT_FDCWD, path);
}

static int join_one(const char *directory, const char *options, bool unified, const void *groups)
{
    char group[PATH_MAX], path[2 * PATH_MAX];
    if (!group_in(groups, options, unified, group) || strcmp(group, "/") == 0)
        return 0;
    snprintf(path, sizeof(path), "%s%s/cgroup.procs", directory, group);
    return write_text_at(AT_FDCWD, path, "0");
}

int cgroup_join(pid_t process)
{
    AUTO_FREE char *groups = groups_of(process);
    return groups ? each_hierarchy(join_one, groups) : -1;
}

static const struct {
    const char *controller, *unified, *legacy, *word;
} COUNTED[CGROUP_COUNTERS] = {
    [CGROUP_OOM_KILLS] = {"memory", "memory.events", "memory.oom_control", "oom_kill "},
    [CGROUP_REFUSED_FORKS] = {"pids", "pids.events", "pids.events", "max "},
};

struct search {
    const char *groups;
    int *files;
};

static int open_counters_in(const char *directory, const char *options, bool unified, const void *argument)
{
    const struct search *search = argument;
    struct mntent entry = {.mnt_opts = (char *)(uintptr_t)options};
    char group[PATH_MAX], path[2 * PATH_MAX];
    for (size_t i = 0; i < CGROUP_COUNTERS; i++) {
        if (search->files[i] >= 0 || (!unified && !hasmntopt(&entry, COUNTED[i].controller)))
            continue;
        if (!group_in(search->groups, options, unified, group))
            return 0;
        const char *file = unified ? COUNTED[i].unified : COUNTED[i].legacy;
        snprintf(path, sizeof(path), "%s%s/%s", directory, group, file);
        search->files[i] = open(path, O_RDONLY | O_CLOEXEC);
    }
    return 0;
}

void cgroup_open_counters(pid_t process, int files[CGROUP_COUNTERS])
{
    AUTO_FREE char *groups = groups_of(process);
    if (groups && each_hierarchy(open_counters_in, &(struct search){groups, files}) < 0)
        return; /* what was opened counts */
}

bool cgroup_counted(const int files[CGROUP_COUNTERS], enum cgroup_counter counter)
{
    char text[1024];
    ssize_t n = files[counter] < 0 ? -1 : pread(files[counter], text, sizeof(text) - 1, 0);
    if (n <= 0)
        return false;
    text[n] = '\0';
    const char *count = strstr(text, COUNTED[counter].word);
    return count && strtoul(count + strlen(COUNTED[counter].word), NULL, 10) > 0;
}

/* Frozen processes do not die before they are thawed. */
static void thaw(int group)
{
    static const char *const WORDS_OF_THAW[][2] = {{"freezer.state", "THAWED"}, {"cgroup.freeze", "0"}};
    for (size_t i = 0; i < 2; i++)
        if (faccessat(group, WORDS_OF_THAW[i][0], F_OK, 0) == 0)
            write_text_at(group, WORDS_OF_THAW[i][0], WORDS_OF_THAW[i][1]);
}

static void kill_members(int group)
{
    for (int attempt = 0; attempt < KILL_ATTEMPTS; attempt++) {
        AUTO_FREE char *members = read_text_at(group, "cgroup.procs");
        if (!members || !*members)
            return;
        for (char *end, *next = members; *next; next = end + (*end == '\n')) {
            long pid = strtol(next, &end, 10);
            if (end == next || pid <= 1)
                break;
            kill((pid_t)pid, SIGKILL);
        }
        usleep(2000);
    }
}

static void remove_below(int parent, const char *name, int depth)
{
    int group = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = group < 0 ? NULL : fdopendir(group);
    if (!entries)
        return;
    thaw(group);
    for (struct dirent *entry; depth < DEPTH_LIMIT && (entry = readdir(entries));)
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            remove_below(group, entry->d_name, depth + 1);
    kill_members(group);
    closedir(entries);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static int remove_one(const char *directory, const char *options, bool unified, const void *path)
{
    (void)options;
    (void)unified;
    AUTO_CLOSE int top = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top >= 0)
        remove_below(top, path, 0);
    return 0;
}

void cgroup_remove(const char *path)
{
    if (each_hierarchy(remove_one, path) < 0)
        return;
}
