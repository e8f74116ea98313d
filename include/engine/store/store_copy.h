/* store_copy.h: a consistent copy of a database that may be in use: one state of it, between two
 * commits, in one file. */
#ifndef PILCROW_ENGINE_STORE_STORE_COPY_H
#define PILCROW_ENGINE_STORE_STORE_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/fault.h"
#include "ground/problem.h"

enum store_copy_kind {
    STORE_COPY_WHOLE,  /* a backup: everything */
    STORE_COPY_PUBLIC, /* for others: without tokens, kept answers and where texts came from */
};

/* Copies the database `path` to `target`. It is written under another name beside the target,
 * brought to the disk, and takes the target's name only when it is whole; what had that name
 * before is gone then, whatever fails leaves it as it was. Needs no lock and stops no writer.
 * *seq (may be NULL) is the last write in the copy. Fault says in one sentence what is wrong. */
MUST_CHECK enum problem store_copy(const char *path, const char *target, enum store_copy_kind kind,
                                   int64_t *seq, struct fault *fault);

/* Whether a file begins as a database of Pilcrow does; also when it cannot be read, which whoever
 * opens it says better. Not of a database that this process has open. */
bool store_copy_may_be_ours(const char *path);

#endif
