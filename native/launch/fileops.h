/*
 * What can be asked of a container's files. Each operation resolves its path inside the root, answers on stdout, and
 * fails with errno set.
 */
#pragma once

#include "../common/frames.h"

#define REQUEST_WORDS 6

struct request {
    struct frame_reader reader;
    size_t offset;
    char *text;
    const char *word[REQUEST_WORDS];
    size_t count;
};

/* The next frame; its data is valid until the next call. */
int request_next(struct request *request, struct frame *frame);

int files_list(int root, struct request *request);
int files_read(int root, struct request *request);
int files_write(int root, struct request *request);
int files_drop(int root, struct request *request);
int files_make_directory(int root, struct request *request);
int files_delete(int root, struct request *request);
