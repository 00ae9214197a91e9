/*
 * berth-unpack: unpacks one layer of an OCI image.
 *
 *   berth-unpack --ids BASE COUNT --root DIR --limits BYTES ENTRIES [--skip-devices]
 *
 * An uncompressed tar comes on standard input; DIR is an empty directory of root. A child unpacks it in a user
 * namespace in which ids 0…COUNT−1 are the host's BASE…, with DIR as its root directory; so no entry reaches anything
 * else, and no file is ever owned by a user of the host. Overlay's whiteouts (device 0:0) are made there too. Marking a
 * directory as opaque takes an attribute that only the host's root may set: the child names those directories, and the
 * parent marks them when the child has ended, following no link.
 *
 * On success one line of JSON on standard output, and the directory's file system is synced. Otherwise one line on
 * standard error, and the exit status says whose fault it is: 1 the archive's, 2 this host's, 3 its disk is full. The
 * caller removes DIR.
 * --skip-devices leaves out device nodes below dev/; all others are refused, with or without.
 */
#include "unpack.h"
#include "../common/cleanup.h"
#include "../common/error.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

/* Counters that the child leaves for the parent. */
struct result {
    uint64_t bytes, entries;
};

static bool refused;

int refuse(const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    refused = true;
    return fail("%s", text);
}

enum outcome failure_outcome(void)
{
    if (refused)
        return OUTCOME_REFUSED;
    return errno == ENOSPC || errno == EDQUOT ? OUTCOME_FULL : OUTCOME_FAILED;
}

static int parse(struct options *options, int count, char **words)
{
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "--ids") && i + 2 < count) {
            options->base = strtoull(words[++i], NULL, 10);
            options->count = strtoull(words[++i], NULL, 10);
        } else if (!strcmp(words[i], "--limits") && i + 2 < count) {
            options->bytes = strtoull(words[++i], NULL, 10);
            options->entries = strtoull(words[++i], NULL, 10);
        } else if (!strcmp(words[i], "--root") && i + 1 < count) {
            options->root = words[++i];
        } else if (!strcmp(words[i], "--skip-devices")) {
            options->skip_devices = true;
        } else {
            return fail("unknown argument %s", words[i]);
        }
    }
    if (!options->base || !options->count || !options->root || !options->bytes || !options->entries)
        return fail("usage: berth-unpack --ids BASE COUNT --root DIR --limits BYTES ENTRIES [--skip-devices]");
    return 0;
}

static int open_root(const struct options *options)
{
    int root = open(options->root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (root < 0)
        return fail_errno("%s cannot be opened", options->root);
    if (fchown(root, (uid_t)options->base, (gid_t)options->base) || fchmod(root, 0755)) {
        close(root);
        return fail_errno("%s cannot be given away", options->root);
    }
    return root;
}

/* Returns the exit status of the child. */
static int unpack_here(struct run *run, struct result *result, int ready, int go)
{
    if (enter_cage(run->root, ready, go) || unpack_archive(run)) {
        enum outcome outcome = failure_outcome();
        dprintf(STDERR_FILENO, "%s\n", failure());
        return outcome;
    }
    *result = (struct result){.bytes = run->bytes, .entries = run->entries};
    return OUTCOME_DONE;
}

/* Reads paths that the child reports, while it works, so that it never waits for us. */
static char *read_report(int fd, size_t *size)
{
    char *text = NULL;
    size_t used = 0, room = 0;
    while (true) {
        if (used + 1 >= room) {
            room = room ? room * 2 : 65536;
            char *grown = room > MOST_REPORT ? NULL : realloc(text, room);
            if (!grown) {
                free(text);
                return NULL;
            }
            text = grown;
        }
        ssize_t count = read(fd, text + used, room - used - 1);
        if (count <= 0 && !(count < 0 && errno == EINTR))
            break;
        used += count > 0 ? (size_t)count : 0;
    }
    text[used] = '\0';
    *size = used;
    return text;
}

/* Marks the reported directories; overlay never looks at the mark of a layer's own root, so that one is only told. */
static int mark_opaque(int root, const char *report, size_t size, bool *opaque_root)
{
    for (size_t at = 0; at < size; at += strnlen(report + at, size - at) + 1) {
        if (!report[at]) {
            *opaque_root = true;
            continue;
        }
        AUTO_CLOSE int fd = open_beneath(root, report + at, O_RDONLY | O_DIRECTORY);
        if (fd < 0 || fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0))
            return fail_errno("a directory cannot be marked as opaque");
    }
    return 0;
}

static int collect(struct run *run, struct result *result, int child, int report)
{
    size_t size = 0;
    bool opaque_root = false;
    AUTO_FREE char *paths = read_report(report, &size);
    int status;
    if (!paths)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        return WEXITSTATUS(status);
    if (!paths || !WIFEXITED(status)) {
        fprintf(stderr, "the archive needed more than it may have\n");
        return OUTCOME_REFUSED;
    }
    if (mark_opaque(run->root, paths, size, &opaque_root) || syncfs(run->root)) {
        fprintf(stderr, "%s\n", failure());
        return OUTCOME_FAILED;
    }
    printf("{\"bytes\":%llu,\"entries\":%llu,\"opaqueRoot\":%s}\n", (unsigned long long)result->bytes,
        (unsigned long long)result->entries, opaque_root ? "true" : "false");
    return OUTCOME_DONE;
}

static int work(const struct options *options)
{
    int ready[2], go[2], report[2];
    struct result *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    AUTO_CLOSE int root = open_root(options);
    if (root < 0)
        return -1;
    if (result == MAP_FAILED || pipe2(ready, O_CLOEXEC) || pipe2(go, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
        return fail_errno("pipes cannot be made");
    struct run run = {.options = options, .root = root, .report = report[1]};
    pid_t child = fork();
    if (child < 0)
        return fail_errno("a process cannot be made");
    if (!child) {
        close(ready[0]);
        close(go[1]);
        close(report[0]);
        _exit(unpack_here(&run, result, ready[1], go[0]));
    }
    close(ready[1]);
    close(go[0]);
    close(report[1]);
    close(STDIN_FILENO);
    char token;
    if (read(ready[0], &token, 1) == 1 && !map_ids(child, options) && write(go[1], &token, 1) != 1)
        kill(child, SIGKILL);
    close(go[1]);
    return collect(&run, result, child, report[0]);
}

int main(int count, char **words)
{
    struct options options = {0};
    setlocale(LC_ALL, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    int outcome = parse(&options, count, words) ? -1 : work(&options);
    if (outcome < 0) {
        fprintf(stderr, "%s\n", failure());
        return failure_outcome() == OUTCOME_DONE ? OUTCOME_FAILED : (int)failure_outcome();
    }
    return outcome;
}
