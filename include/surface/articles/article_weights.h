/* article_weights.h: how many paragraphs of a set each article has, from the packed facts. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_WEIGHTS_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_WEIGHTS_H

#include "engine/request.h"
#include "engine/search/facts_walk.h"

struct article_weights {
    uint32_t *list; /* by article id */
    size_t count;
};

/* Zeros for all articles that there are, in the request's arena. */
MUST_CHECK enum problem article_weights_init(struct request *request,
                                             struct article_weights *weights);

void article_weights_add(struct article_weights *weights, int64_t article_id);

/* A walk over the facts of all paragraphs. */
MUST_CHECK enum problem article_weights_begin(struct request *request, struct facts_walk *walk);

#endif
