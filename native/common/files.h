/*
 * Whole files: read with a limit, written so that a reader sees the old content or the new.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Reads to the end; the result is NUL-terminated and the caller's. More than the limit is an error. */
int read_all(int fd, size_t limit, char **bytes, size_t *size);

/* A small file as text, for example one of procfs; NULL if it cannot be read. */
char *read_text_at(int dir, const char *path);

int write_all(int fd, const void *bytes, size_t size);

/* Writes text with one write call into an existing file, as cgroup and procfs want it. */
int write_text_at(int dir, const char *path, const char *text);

/* Replaces a file by way of a temporary one beside it. */
int replace_file_at(int dir, const char *name, const char *text);

/* Waits for a whole file's lock (flock). errno is EWOULDBLOCK when somebody else has it for longer; the caller says
 * what. */
int lock_file(int fd, int timeout_ms);

/* A sealed copy in memory; the descriptor is closed on exec. */
int sealed_memory(const char *name, const void *bytes, size_t size);
