/*
 * A container's root: idmapped layers, the writable layer, overlay and volumes, mounted in the supervisor's private
 * mount namespace.
 */
#pragma once

#include "../common/plan.h"

/* Where the root is mounted; the same path for all containers, each of which has a mount of its own there. */
#define STAGE "/run/berth-stage"
#define STAGE_ROOT STAGE "/root"

/* Leaves the host's mount namespace and assembles the root of a plan; directory is the container's. */
int rootfs_assemble(const struct plan *plan, int directory);
