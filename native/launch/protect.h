/*
 * Programs that a container could reach through /proc run from a read-only mount that has no path (CVE-2019-5736).
 */
#pragma once

/* Opens a program on a read-only mount of its own. */
int protect_program(const char *path);

/* Executes this program again from such a mount, unless it already runs from one. */
int protect_self(char **argv);

/* Opens berth-init, which lies beside this program, so. */
int protect_init(void);

/* Keeps berth-init open for later, so that nobody has to look for it again. */
int protect_open_init(void);

/* Closes all descriptors but the first three and that one. */
int protect_keep_init_only(void);
