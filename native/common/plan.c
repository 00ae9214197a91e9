#include "plan.h"

#include "cleanup.h"
#include "error.h"
#include "files.h"

#include <stdlib.h>
#include <string.h>

/*
 * The directives with the form of each value: s text of one line, t any text, n number, p absolute path, e may be
 * empty.
 */
static const struct form {
    const char *directive;
    const char *values;
} FORMS[] = {
    {"name", "s"},
    {"hostname", "s"},
    {"lxc", "ss"},
    {"idmap", "nn"},
    {"stored", "n"},
    {"lower", "p"},
    {"disk", "p"},
    {"mount", "pps"},
    {"tmpfs", "pns"},
    {"mask", "p"},
    {"readonly", "p"},
    {"nic", "nssssen"},
    {"network", "s"},
    {"dns", "t"},
    {"hosts", "t"},
    {"cgroup", "s"},
    {"limit", "ss"},
    {"mode", "s"},
    {"arg", "t"},
    {"env", "t"},
    {"cwd", "p"},
    {"user", "nn"},
    {"group", "n"},
    {"capability", "s"},
    {"seccomp", "p"},
    {"no-new-privileges", ""},
    {"read-only", ""},
    {"rlimit", "sss"},
    {"tty", ""},
    {"stdin", ""},
    {"nesting", ""},
    {"stop-signal", "n"},
    {"log-size", "n"},
    {"log-files", "n"},
};

static const struct form *form_of(const char *directive)
{
    for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++)
        if (strcmp(FORMS[i].directive, directive) == 0)
            return &FORMS[i];
    return NULL;
}

int parse_number(const char *text, uint64_t *number)
{
    uint64_t value = 0;
    if (!*text)
        return fail("a number is missing");
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9')
            return fail("%.40s is not a number", text);
        if (__builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, (unsigned)(*c - '0'), &value))
            return fail("%.40s is too large", text);
    }
    *number = value;
    return 0;
}

static int check_value(const char *directive, char form, const char *value)
{
    uint64_t number;
    if (form != 't' && strpbrk(value, "\r\n"))
        return fail("the plan's %s has a line break", directive);
    if (form == 's' && !*value)
        return fail("the plan's %s has an empty value", directive);
    if (form == 'n' && parse_number(value, &number) < 0)
        return fail("the plan's %s has the value %.40s, which is not a number", directive, value);
    if (form == 'p' && value[0] != '/')
        return fail("the plan's %s has the value %.100s, which is not an absolute path", directive, value);
    return 0;
}

/* Reads one string at an offset and moves the offset behind it. */
static const char *next_string(const struct plan *plan, size_t *offset)
{
    if (*offset >= plan->size)
        return NULL;
    const char *string = plan->text + *offset;
    *offset += strlen(string) + 1;
    return string;
}

static int parse_item(struct plan *plan, size_t *offset)
{
    struct plan_item *item = &plan->items[plan->count];
    const char *name = next_string(plan, offset);
    const struct form *form = form_of(name);
    if (!form)
        return fail("the plan has an unknown directive %.40s", name);
    item->directive = form->directive;
    for (size_t i = 0; form->values[i]; i++) {
        item->value[i] = next_string(plan, offset);
        if (!item->value[i])
            return fail("the plan ends within %s", name);
        if (check_value(name, form->values[i], item->value[i]) < 0)
            return -1;
    }
    plan->count++;
    return 0;
}

int plan_parse(struct plan *plan, const char *bytes, size_t size)
{
    *plan = (struct plan){.size = size};
    if (size > PLAN_LIMIT || (size > 0 && bytes[size - 1] != '\0'))
        return fail(size > PLAN_LIMIT ? "the plan is too large" : "the plan does not end with a NUL byte");
    size_t strings = 0;
    for (size_t i = 0; i < size; i++)
        strings += bytes[i] == '\0';
    plan->text = malloc(size + 1);
    plan->items = calloc(strings + 1, sizeof(*plan->items));
    if (!plan->text || !plan->items)
        return fail("out of memory");
    memcpy(plan->text, bytes, size);
    for (size_t offset = 0; offset < size;)
        if (parse_item(plan, &offset) < 0)
            return -1;
    return 0;
}

int plan_read(struct plan *plan, int fd)
{
    AUTO_FREE char *bytes = NULL;
    size_t size = 0;
    *plan = (struct plan){0};
    if (read_all(fd, PLAN_LIMIT, &bytes, &size) < 0)
        return -1;
    return plan_parse(plan, bytes, size);
}

void plan_free(struct plan *plan)
{
    free(plan->text);
    free(plan->items);
    *plan = (struct plan){0};
}

const struct plan_item *plan_next(const struct plan *plan, const char *directive, const struct plan_item *after)
{
    size_t first = after ? (size_t)(after - plan->items) + 1 : 0;
    for (size_t i = first; i < plan->count; i++)
        if (strcmp(plan->items[i].directive, directive) == 0)
            return &plan->items[i];
    return NULL;
}

const char *plan_value(const struct plan *plan, const char *directive)
{
    const struct plan_item *item = plan_next(plan, directive, NULL);
    return item ? item->value[0] : NULL;
}

bool plan_has(const struct plan *plan, const char *directive)
{
    return plan_next(plan, directive, NULL) != NULL;
}

uint64_t plan_number(const struct plan *plan, const char *directive, int index, uint64_t otherwise)
{
    const struct plan_item *item = plan_next(plan, directive, NULL);
    uint64_t number = otherwise;
    if (item && parse_number(item->value[index], &number) < 0)
        return otherwise;
    return number;
}

char **plan_values(const struct plan *plan, const char *directive)
{
    char **values = calloc(plan->count + 1, sizeof(*values));
    size_t n = 0;
    if (!values)
        return NULL;
    for (each_item(item, plan, directive))
        values[n++] = (char *)(uintptr_t)item->value[0];
    return values;
}
