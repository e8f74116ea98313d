/* import_seen.h: which stored articles one import run has met, and from which source each came. */
#ifndef PILCROW_DOMAIN_IMPORT_IMPORT_SEEN_H
#define PILCROW_DOMAIN_IMPORT_IMPORT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/arena.h"
#include "ground/span.h"

struct import_seen_entry {
    int64_t article_id; /* 0 = empty */
    struct span source;
};

struct import_seen {
    struct import_seen_entry *entries; /* open addressing; capacity is a power of two */
    size_t capacity, count;
    struct arena names; /* the sources */
};

void import_seen_init(struct import_seen *seen);
void import_seen_fini(struct import_seen *seen);

/* NULL: not met. */
const struct import_seen_entry *import_seen_find(const struct import_seen *seen,
                                                 int64_t article_id);

/* Remembers the first source of an article; false when out of memory. */
bool import_seen_add(struct import_seen *seen, int64_t article_id, struct span source);

#endif
