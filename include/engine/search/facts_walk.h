/* facts_walk.h: the stored facts (facts.h) of the articles or paragraphs of a set, by rising ids.
 * Only blocks that have any of them are read.
 *
 *     struct facts_walk walk;
 *     facts_walk_begin(&walk, store, FACTS_OF_ARTICLES, &set, last_id);
 *     while (facts_walk_article(&walk, &article)) { ... }
 *     return facts_walk_end(&walk);
 */
#ifndef PILCROW_ENGINE_SEARCH_FACTS_WALK_H
#define PILCROW_ENGINE_SEARCH_FACTS_WALK_H

#include "engine/idset.h"
#include "engine/search/facts.h"
#include "engine/store/store.h"
#include "ground/problem.h"

struct facts_walk {
    struct store *store;
    enum facts_of of;
    const struct idset *set; /* NULL = all */
    int64_t last_id;
    struct rows rows;   /* of the block that is being read */
    int64_t number;     /* of that; -1 before the first */
    struct facts block; /* borrows from rows */
    enum problem problem;
};

/* `set` = NULL: all up to `last_id`, which else may be anything. One walk of a kind runs at a time.
 * SEARCH_NOT_READY while the facts are not whole. What is told lives until the next call. */
void facts_walk_begin(struct facts_walk *walk, struct store *store, enum facts_of of,
                      const struct idset *set, int64_t last_id);
bool facts_walk_article(struct facts_walk *walk, struct facts_article *out);
bool facts_walk_paragraph(struct facts_walk *walk, struct facts_paragraph *out);

/* CORRUPT when a block was not readable. */
MUST_CHECK enum problem facts_walk_end(struct facts_walk *walk);

#endif
