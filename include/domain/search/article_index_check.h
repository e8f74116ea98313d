/* article_index_check.h: whether both search indexes are in step with the rows, for `pilcrow
 * check`. Reads only, in memory that does not grow with the store. */
#ifndef PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_CHECK_H
#define PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_CHECK_H

#include <stddef.h>

#include "engine/store/store.h"
#include "ground/problem.h"

/* Proves that there is a document for each row and a row for each document, and that the index
 * holds the words of the rows at their places, no others. `say` hears each finding; *findings
 * grows. */
MUST_CHECK enum problem article_index_check(struct store *store, store_check_say *say,
                                            void *context, size_t *findings);

/* For a writer outside a transaction: makes both anew when the check finds anything. */
MUST_CHECK enum problem article_index_repair(struct store *writer, store_check_say *say,
                                             void *context, bool *is_repaired);

#endif
