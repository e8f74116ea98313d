/* article_facts.h: keeps the packed facts (engine/search/facts.h) in step with the rows. Whoever
 * changes an article or a paragraph touches its id; at the end of the transaction the facts of what
 * was touched are read from the rows and put into their blocks. Part of the search index: see
 * article_index.h, which alone uses it for writing. */
#ifndef PILCROW_DOMAIN_SEARCH_ARTICLE_FACTS_H
#define PILCROW_DOMAIN_SEARCH_ARTICLE_FACTS_H

#include "engine/search/facts.h"
#include "engine/store/store.h"
#include "ground/problem.h"

struct article_facts {
    struct store *store;
    struct {
        int64_t *ids;
        size_t count, capacity;
    } touched[FACTS_OF_COUNT];
    struct buffer old, fresh, packed; /* used again from block to block */
};

void article_facts_init(struct article_facts *facts, struct store *store);
void article_facts_fini(struct article_facts *facts);
void article_facts_clear(struct article_facts *facts); /* nothing is touched */

MUST_CHECK enum problem article_facts_touch(struct article_facts *facts, enum facts_of of,
                                            int64_t id);

/* In the transaction of the rows, when they are as they shall be. Nothing is touched afterwards. */
MUST_CHECK enum problem article_facts_apply(struct article_facts *facts);

MUST_CHECK enum problem article_facts_empty(struct store *store);

/* All of them anew, in transactions of its own, a bounded part at a time. */
MUST_CHECK enum problem article_facts_rebuild(struct store *writer);

/* Whether every block is what it would be if it were made anew. In a read transaction. */
MUST_CHECK enum problem article_facts_check(struct store *store, store_check_say *say,
                                            void *context, size_t *findings);

#endif
