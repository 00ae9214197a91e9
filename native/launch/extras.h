/*
 * What a file of the writable layer has beside its content: attributes that go into an image, and marks of overlay.
 */
#pragma once

#include "tar.h"

#include <stdbool.h>

/* Adds the attributes that images keep to an entry; they are valid until the next call. */
int extras_read(int file, struct tar_entry *entry);

/* Whether a directory hides what lies below it. */
bool extras_is_opaque(int directory);

/* Compares two struct dirent * by name, the same on every host. */
int extras_compare_names(const void *a, const void *b);
