/*
 * Attributes with which a variable frees or closes what it holds when it goes out of scope.
 */
#pragma once

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AUTO_FREE __attribute__((cleanup(cleanup_free)))
#define AUTO_CLOSE __attribute__((cleanup(cleanup_close)))
#define AUTO_FILE __attribute__((cleanup(cleanup_file)))

static inline void cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void cleanup_close(int *fd)
{
    if (*fd >= 0) {
        int code = errno;
        close(*fd);
        errno = code;
    }
    *fd = -1;
}

static inline void cleanup_file(FILE **file)
{
    if (*file)
        fclose(*file);
}

/* Takes a descriptor out of its variable, which then closes nothing. */
static inline int take_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}
