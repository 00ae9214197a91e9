/*
 * What a file of the writable layer has beside its content: attributes and access lists that go into an image, and
 * marks of overlay.
 */
#pragma once

#include "tar.h"

#include <stdbool.h>

/*
 * Adds the attributes that images keep to an entry; they are valid until the next call. Ids in access lists become
 * those inside, where 0…count−1 are the host's base….
 */
int extras_read(int file, uint32_t base, uint32_t count, struct tar_entry *entry);

/* Whether a directory hides what lies below it. */
bool extras_is_opaque(int directory);

/* Compares two struct dirent * by name, the same on every host. */
int extras_compare_names(const void *a, const void *b);
