/* article_index_read.h: the rows that an article's document is made of, for article_index.c
 * alone. */
#ifndef PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_READ_H
#define PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_READ_H

#include "domain/search/article_index.h"

/* In `arena`. out->id stays 0 when there is no such article; the document is left alone. */
MUST_CHECK enum problem article_index_read(struct store *store, int64_t id, struct arena *arena,
                                           struct article *article, struct article_indexed *out);

#endif
