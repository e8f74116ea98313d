/* quote_set.c: an open-addressed table, and what two texts have in common by it. */
#include "domain/quotes/quote_set.h"

enum { TRIPLE = 3 };

struct quote_set *quote_set_new(size_t count, struct arena *arena) {
    size_t capacity = 16;
    while (capacity < count * 2)
        capacity *= 2;
    struct quote_set *set = arena_alloc(arena, sizeof *set);
    struct quote_slot *slots = arena_alloc(arena, capacity * sizeof *slots);
    if (set == NULL || slots == NULL)
        return NULL;
    memset(slots, 0, capacity * sizeof *slots);
    *set = (struct quote_set){slots, capacity - 1, 0, 0};
    return set;
}

static struct quote_slot *find(const struct quote_set *set, uint64_t hash) {
    size_t at = (size_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32) & set->mask;
    while (set->slots[at].hash != 0 && set->slots[at].hash != hash)
        at = (at + 1) & set->mask;
    return &set->slots[at];
}

void quote_set_add(struct quote_set *set, uint64_t hash) {
    struct quote_slot *slot = find(set, hash);
    set->count += slot->hash == 0;
    slot->hash = hash;
}

bool quote_set_has(const struct quote_set *set, uint64_t hash) {
    return find(set, hash)->hash != 0;
}

void quote_set_begin(struct quote_set *set) {
    set->round++;
}

bool quote_set_meet(struct quote_set *set, uint64_t hash) {
    struct quote_slot *slot = find(set, hash);
    if (slot->hash == 0 || slot->round == set->round)
        return false;
    slot->round = set->round;
    return true;
}

static bool has_token(const struct quote_tokens *tokens, uint64_t hash) {
    for (size_t i = 0; i < tokens->count; i++) {
        if (tokens->list[i].hash == hash)
            return true;
    }
    return false;
}

size_t quote_shared(const struct quote *quote, const struct quote_tokens *tokens) {
    if (quote->tokens.count == 1)
        return has_token(tokens, quote->tokens.list[0].hash);
    size_t shared = 0;
    quote_set_begin(quote->pairs);
    for (size_t i = 0; i + 1 < tokens->count; i++)
        shared +=
            quote_set_meet(quote->pairs, quote_pair_hash(&tokens->list[i], &tokens->list[i + 1]));
    return shared;
}

static bool is_same(const struct quote_tokens *a, const struct quote_tokens *b) {
    if (a->count != b->count || a->count == 0)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->list[i].hash != b->list[i].hash)
            return false;
    }
    return true;
}

enum problem quote_likeness(const struct quote_tokens *a, const struct quote_tokens *b,
                            struct arena *arena, double *out) {
    *out = is_same(a, b) ? 1 : 0;
    if (*out > 0 || a->count < TRIPLE || b->count < TRIPLE)
        return PROBLEM_NONE;
    struct quote_set *of_a = quote_set_new(a->count, arena), *of_b = quote_set_new(b->count, arena);
    if (of_a == NULL || of_b == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    size_t shared = 0;
    for (size_t i = 0; i + 2 < a->count; i++)
        quote_set_add(of_a, quote_triple_hash(&a->list[i]));
    quote_set_begin(of_a);
    for (size_t i = 0; i + 2 < b->count; i++) {
        shared += quote_set_meet(of_a, quote_triple_hash(&b->list[i]));
        quote_set_add(of_b, quote_triple_hash(&b->list[i]));
    }
    *out = (double)shared / (double)(of_a->count + of_b->count - shared);
    return PROBLEM_NONE;
}
