/* idset.c: bits in 64-bit words; id n is bit n. */
#include "engine/idset.h"

#include <string.h>

enum { WORD_BITS = 64 };

bool idset_init(struct idset *set, int64_t max_id, struct arena *arena) {
    size_t word_count = (size_t)(max_id < 0 ? 0 : max_id) / WORD_BITS + 1;
    set->words = arena_alloc(arena, word_count * sizeof *set->words);
    set->word_count = set->words == NULL ? 0 : word_count;
    idset_clear(set);
    return set->words != NULL;
}

static bool is_inside(const struct idset *set, int64_t id) {
    return id > 0 && (uint64_t)id / WORD_BITS < set->word_count;
}

static uint64_t bit_of(int64_t id) {
    return (uint64_t)1 << ((uint64_t)id % WORD_BITS);
}

void idset_add(struct idset *set, int64_t id) {
    if (is_inside(set, id))
        set->words[id / WORD_BITS] |= bit_of(id);
}

bool idset_contains(const struct idset *set, int64_t id) {
    return is_inside(set, id) && (set->words[id / WORD_BITS] & bit_of(id)) != 0;
}

void idset_clear(struct idset *set) {
    if (set->word_count > 0)
        memset(set->words, 0, set->word_count * sizeof *set->words);
}

void idset_and(struct idset *set, const struct idset *other) {
    for (size_t i = 0; i < set->word_count; i++)
        set->words[i] &= other->words[i];
}

void idset_or(struct idset *set, const struct idset *other) {
    for (size_t i = 0; i < set->word_count; i++)
        set->words[i] |= other->words[i];
}

void idset_andnot(struct idset *set, const struct idset *other) {
    for (size_t i = 0; i < set->word_count; i++)
        set->words[i] &= ~other->words[i];
}

int64_t idset_count(const struct idset *set) {
    int64_t count = 0;
    for (size_t i = 0; i < set->word_count; i++)
        count += __builtin_popcountll(set->words[i]);
    return count;
}

int64_t idset_next(const struct idset *set, int64_t id) {
    uint64_t from = (uint64_t)id + 1;
    for (size_t i = (size_t)(from / WORD_BITS); i < set->word_count; i++) {
        uint64_t word = set->words[i];
        if (i == from / WORD_BITS)
            word &= UINT64_MAX << (from % WORD_BITS);
        if (word != 0)
            return (int64_t)(i * WORD_BITS) + __builtin_ctzll(word);
    }
    return 0;
}
