/*
 * What the unit tests share: a check that counts and names what failed.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int unit_failures;

#define CHECK(what)                                                 \
    do {                                                            \
        if (!(what)) {                                              \
            printf("FAIL  %s:%d: %s\n", __FILE__, __LINE__, #what); \
            unit_failures++;                                        \
        }                                                           \
    } while (0)

#define UNIT_END                                                       \
    do {                                                               \
        printf("%s    %s\n", unit_failures ? "FAIL" : "ok", __FILE__); \
        return unit_failures > 0;                                      \
    } while (0)
