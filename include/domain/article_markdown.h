/* article_markdown.h: an article as CommonMark, for people and programs that read Markdown. Text is
 * escaped so that it shows as written. */
#ifndef PILCROW_DOMAIN_ARTICLE_MARKDOWN_H
#define PILCROW_DOMAIN_ARTICLE_MARKDOWN_H

#include "domain/article.h"
#include "ground/buffer.h"

void article_markdown_print(const struct article *article, struct buffer *out);

#endif
