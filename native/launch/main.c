/*
 * berth-launch: starts and supervises a container, and executes in it; see native/README.md.
 */
#include "../common/error.h"
#include "commands.h"
#include "lxc.h"
#include "protect.h"

#include <stdio.h>
#include <string.h>

#ifndef BERTH_VERSION
#define BERTH_VERSION "dev"
#endif

static int usage(void)
{
    fputs(
        "usage: berth-launch start DIR | exec DIR | files DIR | changes DIR | clean DIR | seccomp LIST OUT | version\n",
        stderr);
    return 2;
}

int command_version(void)
{
    const char *library = lxc_library_version();
    if (!library) {
        fprintf(stderr, "%s\n", failure());
        return 1;
    }
    printf("berth-launch " BERTH_VERSION " liblxc %s\n", library);
    return 0;
}

/* For those that enter containers in which foreign processes run; start is never in one together with them. */
static int protected(int (*command)(const char *), char **argv)
{
    if (protect_self(argv) < 0) {
        fprintf(stderr, "%s\n", failure());
        return 1;
    }
    return command(argv[2]);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (argc == 3 && strcmp(command, "start") == 0)
        return command_start(argv[2]);
    if (argc == 3 && strcmp(command, "exec") == 0)
        return protected(command_exec, argv);
    if (argc == 3 && strcmp(command, "files") == 0)
        return protected(command_files, argv);
    if (argc == 3 && strcmp(command, "changes") == 0)
        return protected(command_changes, argv);
    if (argc == 3 && strcmp(command, "clean") == 0)
        return command_clean(argv[2]);
    if (argc == 4 && strcmp(command, "seccomp") == 0)
        return command_seccomp(argv[2], argv[3]);
    if (argc == 2 && strcmp(command, "version") == 0)
        return command_version();
    return usage();
}
