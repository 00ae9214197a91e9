/*
 * Id maps of mounts.
 */
#pragma once

#include <stdint.h>

/* A user namespace in which count ids from first are the host's ids from base; as mount_setattr wants it. */
int idmap_namespace(uint32_t first, uint32_t base, uint32_t count);
