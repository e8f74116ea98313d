/* search_match.h: a query as FTS5 takes it. Only search_index.c and its test include it. */
#ifndef PILCROW_ENGINE_SEARCH_SEARCH_MATCH_H
#define PILCROW_ENGINE_SEARCH_SEARCH_MATCH_H

#include "engine/search/search_query.h"
#include "ground/buffer.h"

/* Appends the MATCH expression; nothing when the query finds nothing whatever is stored. */
void search_match_print(enum search_scope scope, const struct search_query *query,
                        struct buffer *out);

#endif
