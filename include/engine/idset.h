/* idset.h: a set of ids, one bit each: filters are combined in it. Memory comes from an arena and
 * is as large as the largest id asks for (1 MB for 8 million). Pure. */
#ifndef PILCROW_ENGINE_IDSET_H
#define PILCROW_ENGINE_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/arena.h"

struct idset {
    uint64_t *words;
    size_t word_count;
};

/* An empty set for ids 1..max_id; false when memory is out. */
bool idset_init(struct idset *set, int64_t max_id, struct arena *arena);

/* Ids outside 1..max_id are never in a set: adding one does nothing. */
void idset_add(struct idset *set, int64_t id);
bool idset_contains(const struct idset *set, int64_t id);

void idset_clear(struct idset *set);

/* Keeps what is in `other`, too; both were made with the same max_id. */
void idset_and(struct idset *set, const struct idset *other);

/* Adds what is in `other`. */
void idset_or(struct idset *set, const struct idset *other);

/* Takes away what is in `other`. */
void idset_andnot(struct idset *set, const struct idset *other);

int64_t idset_count(const struct idset *set);

/* The smallest id above `id`, or 0 when there is none: start with 0. */
int64_t idset_next(const struct idset *set, int64_t id);

#endif
