/* articles.h: what handlers of other resources share of those of articles. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLES_H
#define PILCROW_SURFACE_ARTICLES_ARTICLES_H

#include "engine/reply.h"
#include "engine/request.h"
#include "surface/articles/article_walk.h"

/* The page of a list that was begun, in an order of its own; `meta` goes with it. */
MUST_CHECK enum problem articles_reply_page(struct list *list, struct reply *reply,
                                            const struct article_filter *filter,
                                            const struct article_order *order, json_t *meta);

/* An article as it stands in lists, with its paragraphs when `include` says so; *out is NULL when
 * there is none. */
MUST_CHECK enum problem articles_load(struct request *request, int64_t id, json_t **out);

/* One that is named beside another: small, but whole in feeds. */
MUST_CHECK enum problem articles_load_small(struct request *request, int64_t id, json_t **out);

/* The same as articles_load(), at the end of `data`. *is_there says whether the article exists;
 * what is not there adds nothing. */
MUST_CHECK enum problem articles_append(struct request *request, int64_t id, json_t *data,
                                        bool *is_there);

/* Opens `rows` on the article of the path, at its row. NOT_FOUND with a sentence. */
MUST_CHECK enum problem articles_find(struct request *request, struct rows *rows);

/* The article in the current row, with its paragraphs: as GET shows it. Ends the rows. */
MUST_CHECK enum problem articles_shape_whole(struct request *request, struct rows *rows,
                                             json_t **out);

enum { ARTICLES_RELATED_MAX = 50 };

/* Appends the `wanted` articles that share most of the article's tags, small, with "shared_tags". */
MUST_CHECK enum problem articles_related_by_tags(struct request *request, int64_t id, size_t wanted,
                                                 json_t *list);

/* "related" and "neighbors" of an article, into its JSON. */
MUST_CHECK enum problem articles_add_related(struct request *request, int64_t id, json_t *article);
MUST_CHECK enum problem articles_add_neighbors(struct request *request, int64_t id,
                                               struct span published, json_t *article);

#endif
