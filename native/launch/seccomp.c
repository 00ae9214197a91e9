/*
 * berth-launch seccomp: compiles a list of allowed system calls to a BPF program. A line is a name, or a name and
 * conditions on its arguments, all of which must hold:
 *
 *   clone 0&0x7e020000=0      argument 0, masked, equals 0
 *   personality 0=0xffffffff  argument 0 equals; 0<8 and 0>8 compare
 *   clone3 errno=38           is answered with an error number instead
 *
 * Several lines for one name allow any of them. Names that this machine's kernel or libseccomp does not know are passed
 * over. All other calls fail with EPERM.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "commands.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CONDITIONS 6

/* libseccomp, loaded only here: its tables would cost every start and every container memory. */
struct library {
    scmp_filter_ctx (*init)(uint32_t);
    int (*arch_add)(scmp_filter_ctx, uint32_t);
    int (*attr_set)(scmp_filter_ctx, enum scmp_filter_attr, uint32_t);
    int (*resolve)(const char *);
    int (*rule_add)(scmp_filter_ctx, uint32_t, int, unsigned, const struct scmp_arg_cmp *);
    int (*export)(const scmp_filter_ctx, int);
};

static int load(struct library *library)
{
    void *handle = dlopen("libseccomp.so.2", RTLD_NOW | RTLD_LOCAL);
    const struct {
        const char *name;
        void *function;
    } wanted[] = {
        {"seccomp_init", &library->init},
        {"seccomp_arch_add", &library->arch_add},
        {"seccomp_attr_set", &library->attr_set},
        {"seccomp_syscall_resolve_name", &library->resolve},
        {"seccomp_rule_add_array", &library->rule_add},
        {"seccomp_export_bpf", &library->export},
    };
    if (!handle)
        return fail("libseccomp cannot be loaded: %s", dlerror());
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        void *symbol = dlsym(handle, wanted[i].name);
        if (!symbol)
            return fail("libseccomp has no %s", wanted[i].name);
        memcpy(wanted[i].function, &symbol, sizeof(symbol));
    }
    return 0;
}

/* ARGUMENT[&MASK]=VALUE, ARGUMENT<VALUE or ARGUMENT>VALUE */
static int parse_condition(const char *text, struct scmp_arg_cmp *condition)
{
    char *end;
    unsigned long argument = strtoul(text, &end, 10);
    *condition = (struct scmp_arg_cmp){.arg = (unsigned)argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = UINT64_MAX};
    if (end == text || argument > 5)
        return fail("%.60s is not a condition", text);
    if (*end == '&')
        condition->datum_a = strtoull(end + 1, &end, 0);
    if (*end == '=') {
        condition->datum_b = strtoull(end + 1, &end, 0);
    } else if ((*end == '<' || *end == '>') && condition->datum_a == UINT64_MAX) {
        condition->op = *end == '<' ? SCMP_CMP_LT : SCMP_CMP_GT;
        condition->datum_a = strtoull(end + 1, &end, 0);
    } else {
        return fail("%.60s is not a condition", text);
    }
    return *end ? fail("%.60s is not a condition", text) : 0;
}

static int add_line(const struct library *library, scmp_filter_ctx filter, char *line)
{
    struct scmp_arg_cmp conditions[CONDITIONS];
    unsigned count = 0;
    uint32_t action = SCMP_ACT_ALLOW;
    char *rest, *word;
    line[strcspn(line, "#\n")] = '\0';
    char *name = strtok_r(line, " \t", &rest);
    if (!name)
        return 0;
    while ((word = strtok_r(NULL, " \t", &rest))) {
        if (strncmp(word, "errno=", 6) == 0)
            action = SCMP_ACT_ERRNO((uint32_t)strtoul(word + 6, NULL, 10));
        else if (count == CONDITIONS || parse_condition(word, &conditions[count++]) < 0)
            return -1;
    }
    int number = library->resolve(name);
    if (number == __NR_SCMP_ERROR)
        return 0;
    int result = library->rule_add(filter, action, number, count, conditions);
    if (result < 0 && result != -EDOM) /* EDOM: another architecture has no such call */
        return fail("the rule for %s cannot be added: %s", name, strerror(-result));
    return 0;
}

static int read_list(const struct library *library, scmp_filter_ctx filter, const char *path)
{
    AUTO_FILE FILE *list = fopen(path, "re");
    AUTO_FREE char *line = NULL;
    size_t size = 0;
    if (!list)
        return fail_errno("%s cannot be opened", path);
    while (getline(&line, &size, list) >= 0)
        if (add_line(library, filter, line) < 0)
            return -1;
    return ferror(list) ? fail_errno("%s cannot be read", path) : 0;
}

static int write_program(const struct library *library, scmp_filter_ctx filter, const char *path)
{
    char temporary[4096];
    snprintf(temporary, sizeof(temporary), "%s.new", path);
    AUTO_CLOSE int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno("%s cannot be made", temporary);
    int result = library->export(filter, fd);
    if (result < 0)
        return fail("the filter cannot be compiled: %s", strerror(-result));
    return rename(temporary, path) < 0 ? fail_errno("%s cannot be replaced", path) : 0;
}

static int compile(const char *list, const char *out)
{
    struct library library;
    if (load(&library) < 0)
        return -1;
    scmp_filter_ctx filter = library.init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return fail("a filter cannot be made");
#ifdef __x86_64__
    if (library.arch_add(filter, SCMP_ARCH_X86) < 0)
        return fail("32-bit programs cannot be allowed");
#endif
    if (library.attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)) < 0 ||
        library.attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) < 0)
        return fail("the filter cannot be optimized");
    return read_list(&library, filter, list) < 0 ? -1 : write_program(&library, filter, out);
}

int command_seccomp(const char *list, const char *out)
{
    if (compile(list, out) == 0)
        return 0;
    fprintf(stderr, "%s\n", failure());
    return 1;
}
