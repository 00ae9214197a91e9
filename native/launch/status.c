#include "status.h"

#include "../common/cleanup.h"
#include "../common/error.h"
#include "../common/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>

struct exit_status exit_of_wait(int wait_status)
{
    struct exit_status status = {0};
    if (WIFSIGNALED(wait_status)) {
        status.signal = WTERMSIG(wait_status);
        status.code = 128 + status.signal;
    } else {
        status.code = WEXITSTATUS(wait_status);
    }
    return status;
}

unsigned long long start_ticks(pid_t pid, const char *name)
{
    char path[64];
    unsigned long long ticks = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    AUTO_FREE char *text = read_text_at(AT_FDCWD, path);
    char *end = text ? strrchr(text, ')') : NULL; /* the name before it may hold anything */
    if (!end || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X')
        return 0;
    *end = '\0';
    if (name && strcmp(strchr(text, '(') + 1, name) != 0)
        return 0;
    const char *field = end + 1;
    for (int number = 3; field && number < 22; number++)
        field = strchr(field + 1, ' ');
    if (!field || sscanf(field, "%llu", &ticks) != 1)
        return 0;
    return ticks;
}

static void format_time(char text[40])
{
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    size_t used = strftime(text, 40, "%Y-%m-%dT%H:%M:%S", &day);
    snprintf(text + used, 40 - used, ".%06ldZ", now.tv_nsec / 1000);
}

int status_write(int run, pid_t supervisor, pid_t init, char line[256])
{
    char time[40];
    format_time(time);
    snprintf(line, 256, "{\"supervisor\":%d,\"init\":%d,\"startTicks\":%llu,\"startedAt\":\"%s\"}\n", supervisor, init,
        start_ticks(init, NULL), time);
    return replace_file_at(run, "status", line);
}

int status_open_init(int run, pid_t *init)
{
    unsigned long long ticks;
    int supervisor;
    AUTO_FREE char *text = read_text_at(run, "status");
    if (!text)
        return fail("the container is not running");
    if (sscanf(text, "{\"supervisor\":%d,\"init\":%d,\"startTicks\":%llu,", &supervisor, init, &ticks) != 3)
        return fail("run/status is damaged");
    AUTO_CLOSE int fd = pidfd_open(*init, 0);
    if (fd < 0 || start_ticks(*init, NULL) != ticks)
        return fail("the container is not running");
    return take_fd(&fd);
}

bool status_is_supervised(int run)
{
    int supervisor;
    AUTO_FREE char *text = read_text_at(run, "status");
    if (!text || sscanf(text, "{\"supervisor\":%d,", &supervisor) != 1)
        return false;
    return start_ticks(supervisor, SUPERVISOR_NAME) > 0;
}

/* Text for a JSON string. It may quote names of an image, which are not always UTF-8: what is not ASCII becomes a
 * question mark. */
static void escape(const char *text, char *out, size_t size)
{
    size_t used = 0;
    for (; *text && used + 3 < size; text++) {
        if (*text == '"' || *text == '\\')
            out[used++] = '\\';
        out[used++] = *text < ' ' || *text > '~' ? '?' : *text;
    }
    out[used] = '\0';
}

void exit_format(const struct exit_status *status, char text[1024])
{
    char time[40], error[2 * sizeof(status->error) + 8];
    format_time(time);
    escape(status->error, error, sizeof(error));
    snprintf(text, 1024, "{\"exitCode\":%d,\"signal\":%d,\"oom\":%s,\"pids\":%s,\"error\":\"%s\",\"endedAt\":\"%s\"}\n",
        status->code, status->signal, status->oom ? "true" : "false", status->pids ? "true" : "false", error, time);
}

int exit_write(int run, const struct exit_status *status)
{
    char text[1024];
    exit_format(status, text);
    return replace_file_at(run, "exit", text);
}
