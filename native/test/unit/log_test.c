/*
 * The log: records, partial lines, rotation, a full disk.
 */
#include "../../launch/log.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char path[] = "/tmp/berth-log-test.XXXXXX";
static int directory;

/* The records of a file without their timestamps. */
static char *records(const char *name)
{
    static char text[1 << 20];
    char line[1 << 16];
    text[0] = '\0';
    int fd = openat(directory, name, O_RDONLY);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    while (file && fgets(line, sizeof(line), file)) {
        CHECK(strlen(line) > 31 && line[10] == 'T' && line[29] == 'Z' && line[30] == ' ');
        strcat(text, line + 31);
    }
    if (file)
        fclose(file);
    return text;
}

static void clear(void)
{
    unlinkat(directory, "output", 0);
    unlinkat(directory, "output.1", 0);
    unlinkat(directory, "output.2", 0);
    unlinkat(directory, "output.3", 0);
}

static void test_records(void)
{
    struct log log;
    CHECK(log_open(&log, directory, 0, 3) == 0);
    log_add(&log, LOG_STDOUT, "a\n\nb", 4);
    log_add(&log, LOG_STDERR, "e\n", 2);
    CHECK(log_is_pending(&log));
    log_add(&log, LOG_STDOUT, "c\n", 2);
    CHECK(!log_is_pending(&log));
    log_add(&log, LOG_STDOUT, "part", 4);
    log_flush(&log, false);
    log_add(&log, LOG_STDOUT, " end\nlast", 9);
    log_close(&log);
    CHECK(strcmp(records("output"),
              "stdout F a\nstdout F \nstderr F e\nstdout F bc\nstdout P part\nstdout F  end\nstdout F last\n") == 0);
    clear();
}

static void test_long_lines(void)
{
    struct log log;
    static char bytes[2 * LOG_LINE + 1];
    memset(bytes, 'x', sizeof(bytes));
    bytes[2 * LOG_LINE] = '\n';
    CHECK(log_open(&log, directory, 0, 1) == 0);
    log_add(&log, LOG_STDOUT, bytes, sizeof(bytes));
    log_add(&log, LOG_STDOUT, bytes + LOG_LINE, LOG_LINE + 1);
    for (size_t i = LOG_LINE; i < sizeof(bytes); i++)
        log_add(&log, LOG_STDERR, bytes + i, 1);
    log_close(&log);
    char *text = records("output");
    CHECK(strncmp(text, "stdout P xxx", 12) == 0);
    CHECK(strlen(text) == 4 * (LOG_LINE + 10) + 10);
    CHECK(strstr(text, "stderr P xxx") && strstr(text, "\nstderr F \n")); /* that one came byte by byte */
    clear();
}

static void test_rotation(void)
{
    struct log log;
    CHECK(log_open(&log, directory, 100, 3) == 0);
    for (char c = 'a'; c < 'k'; c++)
        log_add(&log, LOG_STDOUT, (const char[]){c, '\n'}, 2);
    log_close(&log);
    CHECK(strcmp(records("output"), "stdout F j\n") == 0 || strcmp(records("output"), "stdout F i\nstdout F j\n") == 0);
    CHECK(*records("output.1") && *records("output.2") && !*records("output.3"));
    CHECK(log_open(&log, directory, 100, 1) == 0);
    for (char c = 'a'; c < 'k'; c++)
        log_add(&log, LOG_STDOUT, (const char[]){c, '\n'}, 2);
    log_close(&log);
    CHECK(strstr(records("output"), "F j\n") && !strstr(records("output"), "F a\n"));
    clear();
}

/* A limit on the file's size stands for a full disk. */
static void test_full_disk(void)
{
    struct log log;
    struct rlimit before, small;
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    small = (struct rlimit){.rlim_cur = 100, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    CHECK(log_open(&log, directory, 0, 1) == 0);
    log_add(&log, LOG_STDOUT, "fits\n", 5);
    CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
    for (int i = 0; i < 5; i++)
        log_add(&log, LOG_STDOUT, "does not fit, for it is a rather long line\n", 43);
    CHECK(log.lost > 0);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    log_add(&log, LOG_STDOUT, "fits again\n", 11);
    log_close(&log);
    char *text = records("output");
    CHECK(strstr(text, "stdout F fits\n") && strstr(text, "bytes were lost") && strstr(text, "stdout F fits again\n"));
    clear();
}

int main(void)
{
    if (!mkdtemp(path) || (directory = open(path, O_RDONLY | O_DIRECTORY)) < 0)
        return 1;
    test_records();
    test_long_lines();
    test_rotation();
    test_full_disk();
    close(directory);
    rmdir(path);
    UNIT_END;
}
