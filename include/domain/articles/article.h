/* article.h: an article as its author means it: what a source text says and what the store keeps.
 * All text is UTF-8 without NUL, kept exactly as written (no-break spaces included), and lives in
 * the arena that the producer was given. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_H

#include <stddef.h>

#include "ground/date.h"
#include "ground/span.h"

enum {
    ARTICLE_SOURCE_BYTES_MAX = 16 * 1024 * 1024, /* one source file */
    ARTICLE_TITLE_BYTES_MAX = 2000,
    ARTICLE_NAME_BYTES_MAX = 500, /* an author, a tag, one step of the section */
    ARTICLE_AUTHORS_MAX = 100,
    ARTICLE_TAGS_MAX = 200,
    ARTICLE_SECTION_DEPTH_MAX = 8,
    ARTICLE_PARAGRAPHS_MAX = 20000,
    ARTICLE_PARAGRAPH_BYTES_MAX = 2 * 1024 * 1024,
};

struct span_list {
    struct span *items;
    size_t count;
};

struct article {
    struct span title;
    struct span_list authors;   /* names as written, in order; may be empty */
    char published[DATE_BYTES]; /* "" = unknown */
    struct span_list section; /* path from the outermost, e.g. WORLD, Asia Pacific; may be empty */
    struct span_list tags;    /* labels as written, in order; may be empty */
    struct span_list paragraphs; /* at least one */
    struct span slug; /* the address that it had where it comes from; .bytes 0 = not said */
};

#endif
