/*
 * berth-launch files: one look at or change of a container's files, running or stopped. The request comes as a plan
 * frame on stdin, zero-terminated words; what is to be written follows as stdin frames. The answer goes to stdout as
 * stdout frames and an exit, whose code is 0 or the error's number.
 *
 *   list PATH                             what it is ("d" or "e"), then for each entry its attributes, name and target
 *   read PATH OFFSET LENGTH               the file's size, then the bytes
 *   write PATH UPLOAD OFFSET MODE LAST    a part; the file takes its name with the last one
 *   drop PATH UPLOAD                      what there is of an upload that will not be completed
 *   mkdir PATH, delete PATH
 */
#include "../common/files.h"
#include "../common/cleanup.h"
#include "../common/error.h"
#include "cage.h"
#include "commands.h"
#include "fileops.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int read_request(struct request *request)
{
    struct frame frame;
    if (request_next(request, &frame) < 0)
        return -1;
    if (frame.type != FRAME_PLAN || frame.length == 0 || frame.data[frame.length - 1] != '\0')
        return fail("the first frame is not a request");
    request->text = malloc(frame.length);
    if (!request->text)
        return fail("out of memory");
    memcpy(request->text, frame.data, frame.length);
    for (char *word = request->text; word < request->text + frame.length; word += strlen(word) + 1) {
        if (request->count == REQUEST_WORDS)
            return fail("the request is too long");
        request->word[request->count++] = word;
    }
    return 0;
}

int request_next(struct request *request, struct frame *frame)
{
    for (;;) {
        frame_compact(&request->reader, &request->offset);
        int found = frame_next(&request->reader, &request->offset, frame);
        if (found != 0)
            return found < 0 ? -1 : 0;
        int filled = frame_fill(&request->reader, STDIN_FILENO);
        if (filled <= 0)
            return filled < 0 ? -1 : fail("the request is not complete");
    }
}

static int serve(struct request *request)
{
    static const struct {
        const char *name;
        size_t words;
        int (*run)(int root, struct request *request);
    } OPERATIONS[] = {
        {"list", 2, files_list},
        {"read", 4, files_read},
        {"write", 6, files_write},
        {"drop", 3, files_drop},
        {"mkdir", 2, files_make_directory},
        {"delete", 2, files_delete},
    };
    AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail_errno("the root cannot be opened");
    for (size_t i = 0; i < sizeof(OPERATIONS) / sizeof(OPERATIONS[0]); i++)
        if (strcmp(request->word[0], OPERATIONS[i].name) == 0 && request->count == OPERATIONS[i].words)
            return OPERATIONS[i].run(root, request);
    errno = EINVAL;
    return fail("the request is unknown");
}

static int end(int code, const char *error)
{
    struct exit_status status = {.code = code};
    char text[1024];
    snprintf(status.error, sizeof(status.error), "%.255s", error);
    exit_format(&status, text);
    return frame_write(STDOUT_FILENO, FRAME_EXIT, text, strlen(text)) < 0;
}

static int serve_and_end(void *context)
{
    if (serve(context) == 0)
        return end(0, "");
    return end(errno ? errno : EIO, failure());
}

int command_files(const char *path)
{
    struct request request = {0};
    signal(SIGPIPE, SIG_IGN);
    if (read_request(&request) < 0 || cage_run(path, serve_and_end, &request) < 0) {
        fprintf(stderr, "%s\n", failure());
        return 1;
    }
    return 0;
}
