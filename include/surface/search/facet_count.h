/* facet_count.h: how many of the articles of a set each author, section, tag or year has: all
 * facets of an answer in one pass over the packed facts (engine/search/facts_walk.h). For
 * facets.c. */
#ifndef PILCROW_SURFACE_SEARCH_FACET_COUNT_H
#define PILCROW_SURFACE_SEARCH_FACET_COUNT_H

#include "domain/articles/term.h"
#include "engine/idset.h"
#include "engine/request.h"
#include "engine/tally.h"

/* Articles, and how much each counts. */
struct facet_articles {
    bool is_all; /* every article; `set` is not looked at */
    struct idset set;
    const uint32_t *weights; /* by id; NULL = one each */
    size_t weight_count;
};

enum { FACET_YEAR = 0, FACET_KINDS = TERM_TAG + 1 };

struct facet_count {
    int kind; /* FACET_YEAR or enum term_kind; no two have the same */
    struct facet_articles articles;
    struct tally tally; /* of term ids, or of years */
};

/* Sets with the same largest id. */
MUST_CHECK enum problem facet_count_all(struct request *request, struct facet_count *counts,
                                        size_t count);

#endif
