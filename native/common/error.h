/*
 * The one error convention: a function that can fail returns -1 (or NULL) after it has called fail or fail_errno, which
 * keep the reason; its callers pass -1 on, and main prints the reason once.
 */
#pragma once

int fail(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* As fail, with the text of errno behind it. */
int fail_errno(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* The reason of the last failure, one line. */
const char *failure(void);
