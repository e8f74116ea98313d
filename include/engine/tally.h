/* tally.h: weights added up by id, and the heaviest few. Memory comes from an arena. Pure. */
#ifndef PILCROW_ENGINE_TALLY_H
#define PILCROW_ENGINE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/arena.h"

struct tally_entry {
    int64_t id; /* 0 = free */
    int64_t weight;
    size_t order; /* how many ids came before it */
};

struct tally {
    struct tally_entry *entries;
    size_t capacity; /* a power of two, never more than half full */
    size_t count;
    struct arena *arena;
};

void tally_init(struct tally *tally, struct arena *arena);

/* Adds to the weight of `id` (> 0); false when memory is out. */
bool tally_add(struct tally *tally, int64_t id, int64_t weight);

/* Fills `best` with up to `wanted` entries, heaviest first, of equals the one that came first;
 * returns how many there are. */
size_t tally_best(const struct tally *tally, struct tally_entry *best, size_t wanted);

#endif
