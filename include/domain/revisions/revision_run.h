/* revision_run.h: the state of one alignment, shared by the rooms revision*.c and their test. */
#ifndef PILCROW_DOMAIN_REVISIONS_REVISION_RUN_H
#define PILCROW_DOMAIN_REVISIONS_REVISION_RUN_H

#include <stdint.h>

#include "domain/revisions/revision.h"

/* One side of an alignment. */
struct revision_side {
    const struct span *texts;
    size_t count;
    size_t *partner; /* index on the other side of what it continues; SIZE_MAX = none */
};

static inline bool revision_is_free(const struct revision_side *side, size_t index) {
    return side->partner[index] == SIZE_MAX;
}

struct revision_run {
    struct revision_side old_side, new_side;
    struct arena *arena;
    struct revision_step *steps; /* one for each new paragraph */
    size_t *absorbed;            /* one for each old paragraph */
    size_t comparisons;          /* of two texts or two word lists: what the work is measured by */
};

MUST_CHECK enum problem revision_run_all(struct revision_run *run);

/* Of the pairs in new_side.partner, those that are in order on both sides become EXACT. */
MUST_CHECK enum problem revision_order(struct revision_run *run);

/* Equal text: fills the partners. */
MUST_CHECK enum problem revision_pair_equal(struct revision_run *run);

/* Similar text among those that have no partner yet: edited, split, merged. */
MUST_CHECK enum problem revision_pair_similar(struct revision_run *run);

#endif
