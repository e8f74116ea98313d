/* term_suggest.h: names of which a word begins as a person has typed so far. */
#ifndef PILCROW_SURFACE_SEARCH_TERM_SUGGEST_H
#define PILCROW_SURFACE_SEARCH_TERM_SUGGEST_H

#include <jansson.h>

#include "engine/request.h"

/* Up to `limit` suggestions into `list`: {"type", "text", "slug", "url"}, with "count" of a term and
 * "id" of an article; of each type in turn, the most used or the newest first. `types` has the bits
 * of enum param_suggest_type_word. */
MUST_CHECK enum problem term_suggest_add(struct request *request, struct span text, uint64_t types,
                                         size_t limit, json_t *list);

#endif
