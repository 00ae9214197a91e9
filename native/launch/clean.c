/*
 * berth-launch clean: ends what is left of a container whose supervisor and monitor were killed, and writes the exit
 * that they could not write.
 */
#include "../common/error.h"
#include "commands.h"
#include "container.h"
#include "status.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int clean(const char *path)
{
    AUTO_CONTAINER struct container container = {0};
    struct exit_status status = exit_of_wait(SIGKILL);
    if (container_open(&container, path) < 0)
        return -1;
    /* Without its supervisor a paused container could not end by itself, and its monitor would hold the lock. */
    if (!status_is_supervised(container.run))
        container_clean(&container);
    if (container_lock(&container) < 0)
        return -1;
    container_clean(&container);
    if (faccessat(container.run, "status", F_OK, 0) < 0 || faccessat(container.run, "exit", F_OK, 0) == 0)
        return 0;
    snprintf(status.error, sizeof(status.error), "the container's supervisor was killed");
    return exit_write(container.run, &status);
}

int command_clean(const char *path)
{
    if (clean(path) == 0)
        return 0;
    fprintf(stderr, "%s\n", failure());
    return 1;
}
