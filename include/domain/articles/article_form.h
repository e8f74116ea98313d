/* article_form.h: what reading, checking and printing an article must agree about, so that each
 * text that is printed parses back to the same article. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_FORM_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_FORM_H

#include <stdbool.h>

#include "domain/articles/article.h"

/* Whether a line begins with `Tags:` in any case; `content` (may be NULL) gets what follows. */
bool article_form_is_tags(struct span line, struct span *content);

/* Whether there is anything that a byline says. */
bool article_form_has_byline(const struct article *article);

/* Whether the canonical text fits into ARTICLE_SOURCE_BYTES_MAX. */
bool article_form_fits(const struct article *article);

#endif
