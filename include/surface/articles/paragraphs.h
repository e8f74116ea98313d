/* paragraphs.h: what handlers share about one paragraph at its durable address. */
#ifndef PILCROW_SURFACE_ARTICLES_PARAGRAPHS_H
#define PILCROW_SURFACE_ARTICLES_PARAGRAPHS_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"
#include "surface/shapes.h"

/* The columns of paragraph_by_id; those of shape_paragraph() come first. */
enum paragraph_more_column {
    PARAGRAPH_ARTICLE_ID = PARAGRAPH_LAST_VERSION + 1,
    PARAGRAPH_MATCH,
    PARAGRAPH_RELATED_ID,
};

/* The paragraph in the current row, with what became of it and the article it stands in. */
MUST_CHECK enum problem paragraphs_shape(struct request *request, const struct rows *rows,
                                         json_t **out);

/* The article of paragraphs in a list: small, in a feed whole but for its text; *out stays NULL
 * when there is none. */
MUST_CHECK enum problem paragraphs_load_article(struct request *request, int64_t article_id,
                                                json_t **out);

/* Puts it beside one of them; in a feed also when that was written. */
MUST_CHECK enum problem paragraphs_set_article(struct request *request, json_t *article,
                                               json_t *paragraph);

/* The row of the paragraph that the path names; NOT_FOUND with what is near. *is_gone: it has no
 * position any more, and the reply is a 410 with what is left. */
MUST_CHECK enum problem paragraphs_find(struct request *request, struct reply *reply,
                                        struct rows *rows, bool *is_gone);

#endif
