/* article_markdown.h: an article as CommonMark, for people and programs that read Markdown. Text is
 * escaped so that it shows as written. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_MARKDOWN_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_MARKDOWN_H

#include "domain/articles/article.h"
#include "ground/buffer.h"

/* A text as a line of its own, which it ends; as the text of a heading or a link, which it does
 * not. */
void article_markdown_append_line(struct span text, struct buffer *out);
void article_markdown_append_title(struct span text, struct buffer *out);

void article_markdown_print(const struct article *article, struct buffer *out);

#endif
