#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char reason[512] = "unknown";

static void keep(const char *format, va_list arguments)
{
    vsnprintf(reason, sizeof(reason), format, arguments);
    for (char *c = reason; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
}

int fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    keep(format, arguments);
    va_end(arguments);
    return -1;
}

int fail_errno(const char *format, ...)
{
    int code = errno;
    va_list arguments;
    va_start(arguments, format);
    keep(format, arguments);
    va_end(arguments);
    size_t used = strlen(reason);
    snprintf(reason + used, sizeof(reason) - used, ": %s", strerror(code));
    errno = code;
    return -1;
}

const char *failure(void)
{
    return reason;
}
