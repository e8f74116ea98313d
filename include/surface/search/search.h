/* search.h: `q` on the lists that take it. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_H
#define PILCROW_SURFACE_SEARCH_SEARCH_H

#include "engine/reply.h"
#include "surface/articles/article_filter.h"

/* The articles that `q` finds, as a list of articles. */
MUST_CHECK enum problem search_articles_reply(struct request *request, struct reply *reply,
                                              struct article_filter_term in_path);

/* The same of paragraphs. */
MUST_CHECK enum problem search_paragraphs_reply(struct request *request, struct reply *reply);

#endif
