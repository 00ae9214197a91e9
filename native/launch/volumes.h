/*
 * Volumes, tmpfs and generated files of a container's root.
 */
#pragma once

#include "../common/plan.h"

#define VOLUME_LIMIT 128

/* Detached mounts of the plan's mount items, in their order. */
struct volumes {
    int mount[VOLUME_LIMIT];
    size_t count;
};

/* A detached mount of a directory or file, idmapped unless the namespace is negative; with MOUNT_ATTR_ flags. */
int volume_open(const char *path, int namespace, unsigned long long attributes);

/* Opens all sources; must run before the sources could be covered by other mounts. */
int volumes_open(struct volumes *volumes, const struct plan *plan, int namespace);

/* Mounts them, the tmpfs items and the files for dns and hosts; closes the volumes. */
int volumes_mount(struct volumes *volumes, const struct plan *plan, int root);
