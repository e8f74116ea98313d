/* search_hints.h: what to look for instead, when nothing was found. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_HINTS_H
#define PILCROW_SURFACE_SEARCH_SEARCH_HINTS_H

#include <jansson.h>

#include "surface/search/search_matches.h"

/* "suggestions" in `meta`: {"type": "query", "q", "url"}, each of which finds something under the
 * same filters, and names of tags, authors, sections and titles that begin as asked
 * (term_suggest.h). Takes only a part of the request's time; what is not found in it is left
 * out. */
MUST_CHECK enum problem search_hints_add(const struct search *search, json_t *meta);

#endif
