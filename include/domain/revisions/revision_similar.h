/* revision_similar.h: what the rooms that compare similar paragraphs share. */
#ifndef PILCROW_DOMAIN_REVISIONS_REVISION_SIMILAR_H
#define PILCROW_DOMAIN_REVISIONS_REVISION_SIMILAR_H

#include "domain/revisions/revision_run.h"
#include "domain/revisions/revision_words.h"

/* An old and a new paragraph with enough in common to look at. */
struct revision_pair {
    size_t old_index, new_index;
    size_t distance; /* from the place where the order would have it */
    unsigned alike;  /* share in common of both, in thousandths */
    unsigned of_old; /* share of the old one that is in the new one */
    unsigned of_new; /* share of the new one that is in the old one */
    bool is_accepted;
};

struct revision_pairs {
    struct revision_pair *items;
    size_t count, capacity;
    struct revision_words *old_words, *new_words; /* of those without a partner */
};

/* The pairs worth looking at: a bounded number for each new paragraph without a partner. */
MUST_CHECK enum problem revision_pairs_find(struct revision_run *run, struct revision_pairs *pairs);

/* One old paragraph that became several, or several that became one. */
MUST_CHECK enum problem revision_find_splits(struct revision_run *run,
                                             const struct revision_pairs *pairs);
MUST_CHECK enum problem revision_find_merges(struct revision_run *run,
                                             const struct revision_pairs *pairs);

enum {
    REVISION_ALIKE = 500,    /* thousandths in common from which a text is an edit of another */
    REVISION_PART = 700,     /* thousandths of a part that must be in the whole */
    REVISION_PART_WORDS = 5, /* words and pairs below which a part proves nothing */
};

#endif
