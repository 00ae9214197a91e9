/*
 * A program that tries one thing from inside a container: probe CALL tries a system call by number with harmless arguments and prints its
 * error number; probe mem MB allocates and touches memory; probe fork N makes processes; probe nice pauses.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int take_memory(size_t megabytes)
{
    for (size_t i = 0; i < megabytes; i++) {
        char *block = malloc(1u << 20);
        if (!block)
            return 1;
        memset(block, 1, 1u << 20);
    }
    printf("took %zu MB\n", megabytes);
    return 0;
}

static int make_processes(int count)
{
    int made = 0;
    for (; made < count; made++) {
        pid_t child = fork();
        if (child < 0)
            break;
        if (child == 0) {
            pause();
            _exit(0);
        }
    }
    printf("made %d: %s\n", made, made < count ? strerror(errno) : "all");
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "mem") == 0)
        return take_memory((size_t)atoi(argv[2]));
    if (argc > 2 && strcmp(argv[1], "fork") == 0)
        return make_processes(atoi(argv[2]));
    for (int i = 1; i < argc; i++) {
        errno = 0;
        long result = syscall(atol(argv[i]), -1L, 0L, 0L, 0L, 0L, 0L);
        printf("%s %s\n", argv[i], result >= 0 ? "allowed" : strerror(errno));
    }
    return 0;
}
