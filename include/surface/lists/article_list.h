/* article_list.h: the list of articles, for handlers of what articles carry. */
#ifndef PILCROW_SURFACE_LISTS_ARTICLE_LIST_H
#define PILCROW_SURFACE_LISTS_ARTICLE_LIST_H

#include "engine/reply.h"
#include "engine/request.h"
#include "surface/articles/article_walk.h"

/* The list of articles, of one term or of all. */
MUST_CHECK enum problem article_list_reply(struct request *request, struct reply *reply,
                                           struct article_filter_term in_path);

#endif
