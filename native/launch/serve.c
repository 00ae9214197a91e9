/*
 * berth-launch serve SOCKET: starts, execs and requests about files for the process that started it, each by way of a
 * connection and served by a process that is forked from this one. That saves what executing, loading and protecting
 * this program costs, and what a large process pays for starting another.
 *
 *   agent ──connects──► this process ──fork──► the command; its stdin and stdout are the connection
 *
 * The first frame of a connection has the command and DIR, zero-terminated; what follows is as the command says. start
 * answers with what it printed as stdout and stderr frames, and an exit. A command that could not do its work leaves
 * the reason as a stderr frame. Whoever closes the connection gives up: the command is killed if it does not end soon.
 * The connection ends when the command has. When stdin ends, so does this process; commands go on.
 */
#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"
#include "../common/frames.h"
#include "commands.h"
#include "lxc.h"
#include "protect.h"
#include "status.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#define GRACE_MS 2000
#define REQUEST_LIMIT 8192
#define TEXT_LIMIT 8192

/* A command that runs. */
struct job {
    struct job *next;
    pid_t pid;
    int process; /* pidfd */
    int caller;  /* the connection, kept so that it is open as long as the command runs */
    int64_t kill_at;
};

struct server {
    pid_t agent;
    int listener;
    struct job *jobs;
    size_t count;
    char *title; /* the memory of this process's command line */
    size_t title_size;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return fail("%s is too long for a socket", path);
    strcpy(address.sun_path, path);
    AUTO_CLOSE int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    umask(077);
    unlink(path);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 256) < 0)
        return fail_errno("%s cannot be listened at", path);
    return take_fd(&listener);
}

static int read_exactly(int fd, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, (char *)bytes + done, size - done);
        if (n == 0)
            return fail("the request is not complete");
        if (n < 0 && errno != EINTR)
            return fail_errno("the request cannot be read");
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Reads the first frame and nothing behind it, which is the command's. */
static int read_command(int caller, char words[REQUEST_LIMIT], const char **directory)
{
    unsigned char header[FRAME_HEADER];
    uint32_t length;
    if (read_exactly(caller, header, sizeof(header)) < 0)
        return -1;
    memcpy(&length, header + 4, sizeof(length));
    length = ntohl(length);
    if (header[0] != FRAME_PLAN || length < 2 || length >= REQUEST_LIMIT)
        return fail("the first frame is not a request");
    if (read_exactly(caller, words, length) < 0)
        return -1;
    words[length] = '\0';
    *directory = words + strlen(words) + 1;
    return *directory < words + length ? 0 : fail("the request has no directory");
}

/* So that it can be seen what a process is for. */
static void take_title(const struct server *server, const char *command, const char *directory)
{
    char title[REQUEST_LIMIT + 16];
    size_t length = (size_t)snprintf(title, sizeof(title), "berth-launch%c%s%c%s", '\0', command, '\0', directory);
    if (length >= server->title_size)
        length = server->title_size - 1;
    memset(server->title, 0, server->title_size);
    memcpy(server->title, title, length);
}

/* A file for what a command prints; it takes the place of a descriptor. */
static int capture(int fd)
{
    AUTO_CLOSE int file = memfd_create("berth-output", MFD_CLOEXEC);
    return file < 0 || dup2(file, fd) < 0 ? fail_errno("output cannot be kept") : 0;
}

static int send_captured(int caller, int fd, enum frame_type type)
{
    char text[TEXT_LIMIT];
    ssize_t length = pread(fd, text, sizeof(text), 0);
    return length <= 0 ? 0 : frame_write(caller, type, text, (size_t)length);
}

/* The connection is at 0, where the supervisor does not keep it. */
static int run_start(const char *directory)
{
    char text[1024];
    if (capture(STDOUT_FILENO) < 0 || capture(STDERR_FILENO) < 0)
        return 1;
    struct exit_status status = {.code = command_start(directory)};
    exit_format(&status, text);
    if (send_captured(STDIN_FILENO, STDOUT_FILENO, FRAME_STDOUT) < 0 ||
        send_captured(STDIN_FILENO, STDERR_FILENO, FRAME_STDERR) < 0 ||
        frame_write(STDIN_FILENO, FRAME_EXIT, text, strlen(text)) < 0)
        return 1;
    return status.code;
}

static int run_talking(int (*command)(const char *), const char *directory)
{
    if (dup2(STDIN_FILENO, STDOUT_FILENO) < 0 || capture(STDERR_FILENO) < 0)
        return 1;
    int code = command(directory);
    return code == 0 ? 0 : send_captured(STDOUT_FILENO, STDERR_FILENO, FRAME_STDERR) < 0 ? 1 : code;
}

static int run_command(const char *command, const char *directory)
{
    if (strcmp(command, "start") == 0)
        return run_start(directory);
    if (strcmp(command, "exec") == 0)
        return run_talking(command_exec, directory);
    if (strcmp(command, "files") == 0)
        return run_talking(command_files, directory);
    return fail("the command is unknown");
}

static void serve_caller(const struct server *server, int caller) __attribute__((noreturn));

static void serve_caller(const struct server *server, int caller)
{
    static char words[REQUEST_LIMIT];
    const char *directory = "";
    int code = -1;
    signal(SIGPIPE, SIG_DFL);
    umask(022);
    if (dup2(caller, STDIN_FILENO) >= 0 && protect_keep_init_only() == 0 &&
        read_command(STDIN_FILENO, words, &directory) == 0) {
        take_title(server, words, directory);
        code = run_command(words, directory);
    }
    if (code < 0)
        frame_write(STDIN_FILENO, FRAME_STDERR, failure(), strlen(failure()));
    _exit(code < 0 ? 1 : code);
}

static bool is_agent(const struct server *server, int caller)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);
    return getsockopt(caller, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == server->agent;
}

static void take_caller(struct server *server)
{
    AUTO_CLOSE int caller = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
    if (caller < 0 && errno != EAGAIN)
        usleep(10000); /* too many descriptors are open; it goes on waiting */
    struct job *job = caller < 0 || !is_agent(server, caller) ? NULL : calloc(1, sizeof(*job));
    if (!job)
        return;
    pid_t pid = fork();
    if (pid == 0)
        serve_caller(server, caller);
    int process = pid < 0 ? -1 : pidfd_open(pid, 0);
    if (process < 0) {
        fail_errno("a process cannot be started");
        frame_write(caller, FRAME_STDERR, failure(), strlen(failure()));
        free(job);
        return;
    }
    *job = (struct job){.next = server->jobs, .pid = pid, .process = process, .caller = take_fd(&caller)};
    server->jobs = job;
    server->count++;
}

static void remove_ended(struct server *server)
{
    for (struct job **place = &server->jobs; *place;) {
        struct job *job = *place;
        if (waitpid(job->pid, NULL, WNOHANG) == 0) {
            place = &job->next;
            continue;
        }
        *place = job->next;
        server->count--;
        close(job->process);
        close(job->caller);
        free(job);
    }
}

/* Kills what went on for too long after its caller had gone; returns how long to wait for the next one, or -1. */
static int kill_late(const struct server *server)
{
    int64_t now = now_ms(), wait = -1;
    for (struct job *job = server->jobs; job; job = job->next) {
        if (job->kill_at == 0)
            continue;
        if (job->kill_at <= now) {
            syscall(SYS_pidfd_send_signal, job->process, SIGKILL, NULL, 0);
            job->kill_at = now + GRACE_MS;
        }
        if (wait < 0 || job->kill_at - now < wait)
            wait = job->kill_at - now;
    }
    return (int)wait;
}

/* Waits once. Returns whether the agent is still there. */
static bool serve_once(struct server *server)
{
    size_t count = 2;
    AUTO_FREE struct pollfd *polled = calloc(2 + 2 * server->count, sizeof(*polled));
    if (!polled)
        return false;
    polled[0] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    polled[1] = (struct pollfd){server->listener, POLLIN, 0};
    for (struct job *job = server->jobs; job; job = job->next) {
        polled[count++] = (struct pollfd){job->process, POLLIN, 0};
        polled[count++] = (struct pollfd){job->kill_at ? -1 : job->caller, POLLRDHUP, 0};
    }
    if (poll(polled, count, kill_late(server)) <= 0)
        return true;
    count = 2;
    for (struct job *job = server->jobs; job; job = job->next, count += 2)
        if (polled[count + 1].revents)
            job->kill_at = now_ms() + GRACE_MS;
    remove_ended(server);
    if (polled[1].revents)
        take_caller(server);
    return polled[0].revents == 0;
}

/* The command line's memory is as long as the caller made it; see main. */
int command_serve(const char *path, char *title, size_t title_size)
{
    struct server server = {.agent = getppid(), .title = title, .title_size = title_size};
    signal(SIGPIPE, SIG_IGN);
    server.listener = listen_at(path);
    if (server.listener < 0 || protect_open_init() < 0 || !lxc_library_version() || chdir("/") < 0 ||
        write_all(STDOUT_FILENO, "ready\n", 6) < 0) {
        fprintf(stderr, "%s\n", failure());
        return 1;
    }
    while (serve_once(&server))
        continue;
    unlink(path);
    return 0;
}
