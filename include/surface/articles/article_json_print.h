/* article_json_print.h: an article as one line of JSON that article_json_parse() reads as the same
 * article. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_PRINT_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_PRINT_H

#include "domain/articles/article.h"
#include "ground/buffer.h"

/* With the end of the line. */
void article_json_print(const struct article *article, struct buffer *out);

#endif
