/* article_facts_block.h: one block of facts, for article_facts.c and article_facts_all.c alone. */
#ifndef PILCROW_DOMAIN_SEARCH_ARTICLE_FACTS_BLOCK_H
#define PILCROW_DOMAIN_SEARCH_ARTICLE_FACTS_BLOCK_H

#include "domain/search/article_facts.h"

int64_t article_facts_block_of(enum facts_of of, int64_t id);

/* What is stored, into facts->old; empty when there is no such block. */
MUST_CHECK enum problem article_facts_block_load(struct article_facts *facts, enum facts_of of,
                                                 int64_t block);

/* What is in facts->old, but with the facts of `ids`, which rise, as the rows have them: into
 * facts->fresh. */
MUST_CHECK enum problem article_facts_block_make(struct article_facts *facts, enum facts_of of,
                                                 int64_t block, const int64_t *ids, size_t count);

/* Stores facts->fresh in the place of facts->old. */
MUST_CHECK enum problem article_facts_block_store(struct article_facts *facts, enum facts_of of,
                                                  int64_t block);

/* All three. */
MUST_CHECK enum problem article_facts_block_change(struct article_facts *facts, enum facts_of of,
                                                   int64_t block, const int64_t *ids, size_t count);

#endif
