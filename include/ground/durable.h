/* durable.h: files that are there as a whole or not at all, also after the power went:
 * written under a temporary name in the same folder, flushed, renamed, and the folder flushed
 * too. */
#ifndef PILCROW_GROUND_DURABLE_H
#define PILCROW_GROUND_DURABLE_H

#include <limits.h>
#include <sys/types.h>

#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

/* Puts `content` into `path`, which it replaces when there is one. */
MUST_CHECK enum problem durable_write(const char *path, struct span content, mode_t mode,
                                      struct fault *fault);

/* Flushes a file that somebody else wrote. */
MUST_CHECK enum problem durable_flush(const char *path, struct fault *fault);

/* Renames within one folder, replacing what has the name, and flushes the folder. */
MUST_CHECK enum problem durable_rename(const char *from, const char *to, struct fault *fault);

/* Copies a file byte by byte to one that does not exist yet, and flushes it. */
MUST_CHECK enum problem durable_copy(const char *from, const char *to, mode_t mode,
                                     struct fault *fault);

/* The file that a name means, where that is a symbolic link; else the name as it is. What stands
 * beside a file stands beside the file and not beside a link. */
MUST_CHECK enum problem durable_follow(const char *path, char out[PATH_MAX], struct fault *fault);

#endif
