/* article_reader.h: the parts of article_text_parse(), which alone uses it. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_READER_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_READER_H

#include <stdbool.h>

#include "domain/articles/article.h"
#include "domain/articles/name_list.h"
#include "domain/text/source_text.h"
#include "ground/problem.h"
#include "ground/span.h"

struct article_reader {
    struct source_text source;
    struct span rest; /* what is not read yet */
    bool has_byline;
    struct article *out;
};

/* Reads title, byline and second title off the front of `rest`. */
MUST_CHECK enum problem article_reader_head(struct article_reader *reader);

/* Reads the names of one line. `where` is its place in the source, in case `text` is a copy. */
MUST_CHECK enum problem article_reader_names(struct article_reader *reader, enum name_list kind,
                                             struct span text, const char *where,
                                             struct span_list *out);

#endif
