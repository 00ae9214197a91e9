#include "lxc.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "cgroup.h"
#include "monitor.h"
#include "rootfs.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct lxc_container *new_container(const char *name, const char *path);
typedef const char *get_version(void);
typedef int set_log(struct lxc_log *log);

/* A function of the library. ISO C has no cast from an object's pointer to a function's, so it goes through memory. */
static int find(const char *name, void *function)
{
    static void *library;
    if (!library)
        library = dlopen("liblxc.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return fail("liblxc cannot be loaded: %s", dlerror());
    void *symbol = dlsym(library, name);
    if (!symbol)
        return fail("liblxc has no %s", name);
    memcpy(function, &symbol, sizeof(symbol));
    return 0;
}

const char *lxc_library_version(void)
{
    get_version *version;
    return find("lxc_get_version", &version) < 0 ? NULL : version();
}

static int set(struct lxc_container *container, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int set(struct lxc_container *container, const char *key, const char *format, ...)
{
    char value[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(value, sizeof(value), format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof(value) || strpbrk(value, "\r\n"))
        return fail("the value of %s is not allowed", key);
    if (!container->set_config_item(container, key, value))
        return fail("liblxc does not accept %s = %s", key, value);
    return 0;
}

static int set_basics(struct lxc_container *container, const struct plan *plan)
{
    const char *hostname = plan_value(plan, "hostname");
    const char *base = plan_next(plan, "idmap", NULL)->value[0];
    const char *count = plan_next(plan, "idmap", NULL)->value[1];
    if (set(container, "lxc.rootfs.path", "dir:%s", STAGE_ROOT) < 0)
        return -1;
    if (plan_has(plan, "read-only") && set(container, "lxc.rootfs.options", "ro") < 0)
        return -1;
    if (hostname && set(container, "lxc.uts.name", "%s", hostname) < 0)
        return -1;
    if (set(container, "lxc.idmap", "u 0 %s %s", base, count) < 0 ||
        set(container, "lxc.idmap", "g 0 %s %s", base, count) < 0)
        return -1;
    if (set(container, "lxc.tty.max", "0") < 0 || set(container, "lxc.pty.max", "1024") < 0 ||
        set(container, "lxc.console.path", "none") < 0 || set(container, "lxc.autodev", "1") < 0)
        return -1;
    if (plan_has(plan, "stop-signal"))
        return set(container, "lxc.signal.halt", "%s", plan_value(plan, "stop-signal"));
    return 0;
}

static uint64_t shm_size(const struct plan *plan)
{
    uint64_t size = 64u << 20;
    for (each_item(item, plan, "tmpfs"))
        if (strcmp(item->value[0], "/dev/shm") == 0 && parse_number(item->value[1], &size) < 0)
            return 0;
    return size;
}

static int set_mounts(struct lxc_container *container, const struct plan *plan)
{
    const char *mode = plan_value(plan, "mode");
    bool system = mode && strcmp(mode, "system") == 0;
    const char *network = plan_value(plan, "network");
    bool host = network && strcmp(network, "host") == 0;
    /* In the host's network rootfs has bound the host's sysfs. */
    if (set(container, "lxc.mount.auto", "%s %s", system ? "proc:mixed cgroup:rw:force" : "proc:rw cgroup:ro:force",
            host     ? ""
            : system ? "sys:mixed"
                     : "sys:ro") < 0)
        return -1;
    if (set(container, "lxc.mount.entry", "tmpfs dev/shm tmpfs nosuid,nodev,create=dir,mode=1777,size=%llu 0 0",
            (unsigned long long)shm_size(plan)) < 0)
        return -1;
    /* The kernel lets a nested container mount procfs and sysfs only where whole ones can be seen. */
    if (plan_has(plan, "nesting") &&
        (set(container, "lxc.mount.entry", "proc dev/.lxc/proc proc create=dir,optional 0 0") < 0 ||
            set(container, "lxc.mount.entry", "sys dev/.lxc/sys sysfs create=dir,optional 0 0") < 0))
        return -1;
    return set(container, "lxc.mount.entry", "mqueue dev/mqueue mqueue nosuid,nodev,noexec,create=dir,optional 0 0");
}

static int set_devices(struct lxc_container *container)
{
    static const char *const ALLOWED[] = {"c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm",
        "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm"};
    const char *prefix = cgroup_is_unified() ? "lxc.cgroup2.devices" : "lxc.cgroup.devices";
    char deny[64], allow[64];
    snprintf(deny, sizeof(deny), "%s.deny", prefix);
    snprintf(allow, sizeof(allow), "%s.allow", prefix);
    if (set(container, deny, "a") < 0)
        return -1;
    for (size_t i = 0; i < sizeof(ALLOWED) / sizeof(ALLOWED[0]); i++)
        if (set(container, allow, "%s", ALLOWED[i]) < 0)
            return -1;
    return 0;
}

static int set_cgroups(struct lxc_container *container, const struct plan *plan)
{
    const char *group = plan_value(plan, "cgroup");
    char key[64], value[64], monitor[256];
    monitor_group(plan, monitor);
    if (group &&
        (set(container, "lxc.cgroup.dir.container", "%s", group) < 0 ||
            set(container, "lxc.cgroup.dir.monitor", "%s", monitor) < 0 ||
            set(container, "lxc.cgroup.dir.monitor.pivot", "%.*s.monitor", (int)strcspn(group, "/"), group) < 0))
        return -1;
    for (each_item(item, plan, "limit")) {
        int found = cgroup_words(plan, item, key, value);
        if (found < 0 || (found > 0 && set(container, key, "%s", value) < 0))
            return -1;
    }
    return set_devices(container);
}

static int set_nic(struct lxc_container *container, const struct plan_item *nic)
{
    static const char *const KEYS[] = {"link", "veth.pair", "hwaddr", "ipv4.address", "ipv4.gateway", "mtu"};
    char key[64];
    const char *index = nic->value[0];
    snprintf(key, sizeof(key), "lxc.net.%s.type", index);
    if (set(container, key, "veth") < 0)
        return -1;
    snprintf(key, sizeof(key), "lxc.net.%s.name", index);
    if (set(container, key, "eth%s", index) < 0)
        return -1;
    snprintf(key, sizeof(key), "lxc.net.%s.flags", index);
    if (set(container, key, "up") < 0)
        return -1;
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
        const char *value = nic->value[i + 1];
        if (!*value || strcmp(value, "dhcp") == 0 || (i == 5 && strcmp(value, "0") == 0))
            continue;
        snprintf(key, sizeof(key), "lxc.net.%s.%s", index, KEYS[i]);
        if (set(container, key, "%s", value) < 0)
            return -1;
    }
    return 0;
}

static int set_network(struct lxc_container *container, const struct plan *plan)
{
    const char *mode = plan_value(plan, "network");
    if (mode && strcmp(mode, "host") == 0)
        return set(container, "lxc.net.0.type", "none");
    if (!mode || strcmp(mode, "none") == 0)
        return set(container, "lxc.net.0.type", "empty");
    if (strcmp(mode, "bridge") != 0)
        return fail("%.40s is not a network mode", mode);
    for (each_item(nic, plan, "nic"))
        if (set_nic(container, nic) < 0)
            return -1;
    return plan_has(plan, "nic") ? 0 : set(container, "lxc.net.0.type", "empty");
}

/* The plan's own items; none that runs a program on the host, reads another file, or undoes what this program
 * guarantees. */
static int set_others(struct lxc_container *container, const struct plan *plan)
{
    static const char *const REFUSED[] = {"lxc.hook", "lxc.include", "lxc.idmap", "lxc.rootfs", "lxc.init",
        "lxc.execute", "lxc.namespace", "lxc.console", "lxc.log"};
    for (each_item(item, plan, "lxc")) {
        for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++)
            if (strncmp(item->value[0], REFUSED[i], strlen(REFUSED[i])) == 0)
                return fail("%s is not allowed in a plan", item->value[0]);
        if (set(container, item->value[0], "%s", item->value[1]) < 0)
            return -1;
    }
    return 0;
}

struct lxc_container *lxc_configure(const struct plan *plan, const char *path, const char *log)
{
    new_container *make;
    set_log *start_log;
    const char *name = plan_value(plan, "name");
    /* Root writes id maps itself; liblxc would rather run newuidmap if it found it, which knows only /etc/subuid. */
    if (setenv("PATH", "/nonexistent", 1) < 0)
        return NULL;
    if (find("lxc_container_new", &make) < 0 || find("lxc_log_init", &start_log) < 0)
        return NULL;
    struct lxc_log settings = {.name = name, .lxcpath = path, .file = log, .level = "ERROR", .quiet = true};
    if (start_log(&settings) < 0) {
        fail("liblxc's log %s cannot be opened", log);
        return NULL;
    }
    struct lxc_container *container = make(name, path);
    if (!container) {
        fail("liblxc makes no container %s in %s", name, path);
        return NULL;
    }
    container->clear_config(container);
    if (set_basics(container, plan) < 0 || set_mounts(container, plan) < 0 || set_cgroups(container, plan) < 0 ||
        set_network(container, plan) < 0)
        return NULL;
    if (set_others(container, plan) < 0)
        return NULL;
    /* Only now, because it needs a configuration. */
    if (!container->want_daemonize(container, false)) {
        fail("liblxc cannot run in the foreground");
        return NULL;
    }
    return container;
}

/* A line of the log: lxc NAME TIME LEVEL COMPONENT - FILE:FUNCTION:LINE - TEXT */
int lxc_fail(const char *log)
{
    AUTO_FREE char *text = read_text_at(AT_FDCWD, log);
    char *line = text ? strstr(text, " ERROR ") : NULL;
    const char *place = line ? strstr(line, " - ") : NULL;
    const char *reason = place ? strstr(place + 3, " - ") : NULL;
    if (!reason)
        return fail("liblxc could not start the container; see log/lxc");
    return fail("liblxc could not start the container: %.*s", (int)strcspn(reason + 3, "\n"), reason + 3);
}
