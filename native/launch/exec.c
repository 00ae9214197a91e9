#include "commands.h"
int command_exec(const char *directory)
{
    (void)directory;
    return 1;
}
int command_clean(const char *directory)
{
    (void)directory;
    return 1;
}
int command_seccomp(const char *list, const char *out)
{
    (void)list;
    (void)out;
    return 1;
}
