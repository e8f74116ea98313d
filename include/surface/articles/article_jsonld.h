/* article_jsonld.h: an article as a schema.org NewsArticle (JSON-LD), for pages that embed it and
 * for search engines. By the suffix .jsonld, or format=jsonld. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_JSONLD_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_JSONLD_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"

bool article_jsonld_is_asked(const struct request *request);

/* `article` as the API shows it, with its paragraphs, becomes the answer: in this form when it was
 * asked, else as JSON with the members that `fields_id` names. */
MUST_CHECK enum problem article_jsonld_reply(struct request *request, struct reply *reply,
                                             json_t *article, enum param_id fields_id);

#endif
