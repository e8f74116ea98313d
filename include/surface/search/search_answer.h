/* search_answer.h: what answers to searches are made of, on /v1/search and on lists with `q`. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_ANSWER_H
#define PILCROW_SURFACE_SEARCH_SEARCH_ANSWER_H

#include <jansson.h>

#include "surface/search/search_page.h"

/* meta with "query", and of a page by relevance what was ranked. NULL when memory is out. */
json_t *search_answer_meta(const struct search *search, const struct search_page *page);

/* The paragraph with this id, with its article; *text is its text, in the JSON. NULL when there is
 * none. */
MUST_CHECK enum problem search_answer_paragraph(struct request *request, int64_t id,
                                                struct span *text, json_t **out);

#endif
