/* tally.c: an open-addressed table that doubles. */
#include "engine/tally.h"

#include <string.h>

enum { FIRST_CAPACITY = 256 };

void tally_init(struct tally *tally, struct arena *arena) {
    *tally = (struct tally){NULL, 0, 0, arena};
}

/* Multiplication spreads neighbouring ids over the table. */
static struct tally_entry *find(const struct tally *tally, int64_t id) {
    uint64_t hash = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 32) & (tally->capacity - 1);
    while (tally->entries[at].id != 0 && tally->entries[at].id != id)
        at = (at + 1) & (tally->capacity - 1);
    return &tally->entries[at];
}

static bool grow(struct tally *tally) {
    struct tally wider = *tally;
    wider.capacity = tally->capacity == 0 ? FIRST_CAPACITY : tally->capacity * 2;
    wider.entries = arena_alloc(tally->arena, wider.capacity * sizeof *wider.entries);
    if (wider.entries == NULL)
        return false;
    memset(wider.entries, 0, wider.capacity * sizeof *wider.entries);
    for (size_t i = 0; i < tally->capacity; i++) {
        if (tally->entries[i].id != 0)
            *find(&wider, tally->entries[i].id) = tally->entries[i];
    }
    *tally = wider;
    return true;
}

bool tally_add(struct tally *tally, int64_t id, int64_t weight) {
    if (tally->count * 2 >= tally->capacity && !grow(tally))
        return false;
    struct tally_entry *entry = find(tally, id);
    if (entry->id == 0)
        *entry = (struct tally_entry){id, 0, tally->count++};
    entry->weight += weight;
    return true;
}

static bool is_better(const struct tally_entry *a, const struct tally_entry *b) {
    return a->weight > b->weight || (a->weight == b->weight && a->order < b->order);
}

size_t tally_best(const struct tally *tally, struct tally_entry *best, size_t wanted) {
    size_t found = 0;
    for (size_t i = 0; i < tally->capacity; i++) {
        const struct tally_entry *entry = &tally->entries[i];
        if (entry->id == 0 ||
            (found == wanted && (wanted == 0 || !is_better(entry, &best[wanted - 1]))))
            continue;
        size_t at = found < wanted ? found++ : wanted - 1;
        for (; at > 0 && is_better(entry, &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = *entry;
    }
    return found;
}
