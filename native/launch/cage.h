/*
 * Work on a container's files, as its root and with nothing else in reach.
 */
#pragma once

/* Returns an exit code. */
typedef int cage_work(void *context);

/*
 * Runs work in a process of its own, inside the container's root file system and user namespace: in the mount namespace
 * of a container that runs, or in one in which the root is assembled as a start does it. Returns the exit code, or -1
 * if the work could not begin; while a container does not run, its lock is held.
 */
int cage_run(const char *directory, cage_work *work, void *context);
