/*
 * The subcommands; each gets its own arguments and returns the exit code.
 */
#pragma once

#include <stddef.h>

int command_serve(const char *path, char *title, size_t title_size);
int command_start(const char *directory);
int command_exec(const char *directory);
int command_files(const char *directory);
int command_changes(const char *directory);
int command_clean(const char *directory);
int command_seccomp(const char *list, const char *out);
int command_version(void);
