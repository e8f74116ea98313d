/* article_forms.h: what an article looks like beside JSON: its source text (.txt), Markdown (.md);
 * the same for the present version and for those before it. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_FORMS_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_FORMS_H

#include "engine/reply.h"
#include "engine/request.h"
#include "surface/address.h"

enum { ARTICLE_FORMS_LINKS_MAX = 7 };

/* Whether text is asked for. When it is, `fields` and `include`, which choose members of JSON, are
 * refused with BAD_PARAMETER. */
MUST_CHECK enum problem article_forms_check(struct request *request, enum param_id fields_id,
                                            bool *is_text);

/* The Link field: where the other forms are, and `more`. `address` is that of the plain form. */
void article_forms_link(struct request *request, struct reply *reply, struct span address,
                        const struct address_link *more, size_t more_count);

/* The text of one version. NOT_FOUND when it was not kept. */
MUST_CHECK enum problem article_forms_reply(struct request *request, struct reply *reply,
                                            int64_t article_id, int64_t version);

#endif
