/* facets.h: how the matches are spread over sections, authors, tags and years: exact, and each
 * facet without its own filter, so that it shows what else could be chosen. */
#ifndef PILCROW_SURFACE_SEARCH_FACETS_H
#define PILCROW_SURFACE_SEARCH_FACETS_H

#include <jansson.h>

#include "surface/search/search_matches.h"

/* What is counted where there is no `q`. */
enum facets_of { FACETS_OF_ARTICLES, FACETS_OF_PARAGRAPHS };

/* "facets" in `meta`, when they are asked for. `search` = NULL: of the list of all. */
MUST_CHECK enum problem facets_add(struct request *request, const struct search *search,
                                   enum facets_of of, struct article_filter_term in_path,
                                   json_t *meta);

#endif
