/*
 * A program that tries one thing from inside a container: probe CALL tries a system call by number with harmless
 * arguments and prints its error number; probe mem MB allocates and touches memory; probe fork N makes processes; probe
 * ping ADDRESS pings without a raw socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
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

static int ping(const char *address)
{
    struct sockaddr_in peer = {.sin_family = AF_INET};
    struct icmphdr echo = {.type = ICMP_ECHO};
    struct timeval patience = {.tv_sec = 2};
    char answer[256];
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    int ready = fd >= 0 && inet_pton(AF_INET, address, &peer.sin_addr) == 1 &&
                setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
                sendto(fd, &echo, sizeof(echo), 0, (struct sockaddr *)&peer, sizeof(peer)) > 0;
    printf("ping: %s\n", ready && recv(fd, answer, sizeof(answer), 0) > 0 ? "answered" : strerror(errno));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "mem") == 0)
        return take_memory((size_t)atoi(argv[2]));
    if (argc > 2 && strcmp(argv[1], "fork") == 0)
        return make_processes(atoi(argv[2]));
    if (argc > 2 && strcmp(argv[1], "ping") == 0)
        return ping(argv[2]);
    for (int i = 1; i < argc; i++) {
        errno = 0;
        long result = syscall(atol(argv[i]), -1L, 0L, 0L, 0L, 0L, 0L);
        printf("%s %s\n", argv[i], result >= 0 ? "allowed" : strerror(errno));
    }
    return 0;
}
