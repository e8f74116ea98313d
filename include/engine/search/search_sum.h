/* search_sum.h: every word of every document of an index, added up into shares: what the index
 * holds is compared with what it should hold, in memory of a fixed size. A document falls into
 * one share, by its number; two indexes that differ differ in the sum of some share, as surely as
 * 64 bits can say. */
#ifndef PILCROW_ENGINE_SEARCH_SEARCH_SUM_H
#define PILCROW_ENGINE_SEARCH_SEARCH_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/search/search_index.h"
#include "engine/store/store.h"
#include "ground/problem.h"
#include "ground/span.h"

struct search_sum {
    uint64_t *shares;
};

/* OUT_OF_MEMORY or nothing. */
MUST_CHECK enum problem search_sum_init(struct search_sum *sum);
void search_sum_fini(struct search_sum *sum);

/* What a document should hold is added. */
void search_sum_article(struct search_sum *sum, int64_t number,
                        const struct search_article *article);
void search_sum_paragraph(struct search_sum *sum, int64_t number, struct span terms,
                          struct span variants);

/* What the index holds is taken away. */
MUST_CHECK enum problem search_sum_index(struct search_sum *sum, enum search_scope scope,
                                         struct store *store);

/* Whether all is even that falls into the share of this document. */
bool search_sum_is_even(const struct search_sum *sum, int64_t number);

/* How many shares are not. */
size_t search_sum_uneven(const struct search_sum *sum);

#endif
