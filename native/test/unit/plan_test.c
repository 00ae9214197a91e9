/*
 * Plans: what is accepted, what is refused, and how items are found.
 */
#include "../../common/caps.h"
#include "../../common/error.h"
#include "../../common/plan.h"
#include "unit.h"

#include <stdlib.h>

#define PARSE(plan, text) plan_parse(plan, text, sizeof(text) - 1)

static void test_items(void)
{
    AUTO_PLAN struct plan plan = {0};
    CHECK(PARSE(&plan, "name\0c1\0idmap\0001000\00065536\0arg\0sh\0arg\0-c\0arg\0\0tty\0dns\0a\nb\0") == 0);
    CHECK(strcmp(plan_value(&plan, "name"), "c1") == 0);
    CHECK(plan_number(&plan, "idmap", 0, 7) == 1000 && plan_number(&plan, "idmap", 1, 7) == 65536);
    CHECK(plan_number(&plan, "stored", 0, 7) == 7);
    CHECK(plan_has(&plan, "tty") && !plan_has(&plan, "stdin"));
    char **arguments = plan_values(&plan, "arg");
    CHECK(arguments && strcmp(arguments[1], "-c") == 0 && !*arguments[2] && !arguments[3]);
    free(arguments);
    CHECK(strcmp(plan_value(&plan, "dns"), "a\nb") == 0);
}

static void refuse(const char *bytes, size_t size, const char *reason)
{
    AUTO_PLAN struct plan plan = {0};
    CHECK(plan_parse(&plan, bytes, size) < 0);
    CHECK(strstr(failure(), reason));
}

#define REFUSE(text, reason) refuse(text, sizeof(text) - 1, reason)

static void test_refusals(void)
{
    REFUSE("name\0c1", "does not end");
    REFUSE("nonsense\0x\0", "unknown directive nonsense");
    REFUSE("idmap\0001\0", "ends within idmap");
    REFUSE("idmap\0001\0x2\0", "not a number");
    REFUSE("stored\0-1\0", "not a number");
    REFUSE("stored\00099999999999999999999\0", "not a number");
    REFUSE("lower\0relative\0", "not an absolute path");
    REFUSE("hostname\0a\nb\0", "line break");
    REFUSE("lower\0/a\rb\0", "line break");
    REFUSE("name\0\0", "empty value");
    REFUSE("\0", "unknown directive");
}

static void test_empty(void)
{
    AUTO_PLAN struct plan plan = {0};
    CHECK(plan_parse(&plan, "", 0) == 0);
    CHECK(!plan_value(&plan, "name"));
}

static void test_capabilities(void)
{
    AUTO_PLAN struct plan plan = {0};
    AUTO_PLAN struct plan wrong = {0};
    uint64_t set;
    CHECK(PARSE(&plan, "capability\0CAP_CHOWN\0capability\0CAP_CHECKPOINT_RESTORE\0capability\0CAP_SYS_ADMIN\0") == 0);
    CHECK(caps_of_plan(&plan, &set) == 0 && set == (1u | UINT64_C(1) << 40 | 1u << 21));
    CHECK(PARSE(&wrong, "capability\0cap_chown\0") == 0 && caps_of_plan(&wrong, &set) < 0);
}

int main(void)
{
    test_items();
    test_refusals();
    test_empty();
    test_capabilities();
    UNIT_END;
}
