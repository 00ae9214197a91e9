/*
 * berth-launch: starts and supervises a container, and executes in it; see native/README.md.
 */
#include "../common/error.h"
#include "commands.h"
#include "lxc.h"
#include "protect.h"

#include <linux/close_range.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TITLE_ROOM 1024

#ifndef BERTH_VERSION
#define BERTH_VERSION "dev"
#endif

static int usage(void)
{
    fputs("usage: berth-launch serve SOCKET | start DIR | exec DIR | files DIR | changes DIR | clean DIR |\n"
          "                    seccomp LIST OUT | version\n",
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

static int refuse(void)
{
    fprintf(stderr, "%s\n", failure());
    return 1;
}

/* For those that enter containers in which foreign processes run. */
static int protected(int (*command)(const char *), char **argv)
{
    return protect_self(argv) < 0 ? refuse() : command(argv[2]);
}

/* Executes itself again with a command line that is long enough for those of its children. */
static int serve(int argc, char **argv)
{
    static char room[TITLE_ROOM];
    memset(room, ' ', sizeof(room) - 1);
    char *again[] = {argv[0], argv[1], argv[2], room, NULL};
    if (protect_self(again) < 0)
        return refuse();
    return command_serve(argv[2], argv[0], (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) - argv[0]));
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (close_range(3, ~0U, 0) < 0) {
        fail_errno("descriptors cannot be closed");
        return refuse();
    }
    if ((argc == 3 || argc == 4) && strcmp(command, "serve") == 0)
        return serve(argc, argv);
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
