/* quote_set.h: a set of hashes of known size, for runs of tokens. Inside of quote_*.c only. */
#ifndef PILCROW_DOMAIN_QUOTES_QUOTE_SET_H
#define PILCROW_DOMAIN_QUOTES_QUOTE_SET_H

#include "domain/quotes/quote.h"

struct quote_slot {
    uint64_t hash;  /* 0 = free */
    uint64_t round; /* in which it was met last */
};

struct quote_set {
    struct quote_slot *slots;
    size_t mask, count;
    uint64_t round;
};

/* For at most `count` hashes; NULL when memory is out. */
struct quote_set *quote_set_new(size_t count, struct arena *arena);
void quote_set_add(struct quote_set *set, uint64_t hash);
bool quote_set_has(const struct quote_set *set, uint64_t hash);

/* True when the set has it and it was not met since quote_set_begin(). */
void quote_set_begin(struct quote_set *set);
bool quote_set_meet(struct quote_set *set, uint64_t hash);

/* Of tokens that stand one behind the other. Never 0. */
static inline uint64_t quote_pair_hash(const struct quote_token *a, const struct quote_token *b) {
    uint64_t hash = a->hash * UINT64_C(0x9E3779B97F4A7C15) ^ b->hash;
    return hash == 0 ? 1 : hash;
}

static inline uint64_t quote_triple_hash(const struct quote_token *first) {
    uint64_t hash =
        quote_pair_hash(first, first + 1) * UINT64_C(0x9E3779B97F4A7C15) ^ first[2].hash;
    return hash == 0 ? 1 : hash;
}

#endif
