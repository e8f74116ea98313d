/* byline.h: the line `Author, Author and Author | DD.MM.YYYY | SECTION / Subsection`.
 *
 * With three fields the second is the date; with two, whichever is one (`Author | DATE`,
 * `DATE | SECTION`); alone, it is the date. `undated` in its place says that the date is not
 * known. */
#ifndef PILCROW_DOMAIN_ARTICLES_BYLINE_H
#define PILCROW_DOMAIN_ARTICLES_BYLINE_H

#include <stdbool.h>

#include "domain/articles/article.h"
#include "domain/text/source_text.h"
#include "ground/buffer.h"
#include "ground/problem.h"

struct byline {
    struct span authors; /* the field as it stands; may be empty */
    char published[DATE_BYTES];
    struct span section;
};

/* Whether a line has a bar and, in the right place, something meant as a date: no title and no
 * first paragraph may look like that. */
bool byline_is_like(struct span line);

/* Whether a line directly under the title can only be meant as a byline: as above, or a date
 * alone. */
bool byline_is_meant(struct span line);

/* Reads a line of the source. */
MUST_CHECK enum problem byline_parse(const struct source_text *source, struct span line,
                                     struct byline *out);

/* Appends the line, without a line end; false when the names cannot be written down. */
bool byline_print(const struct article *article, struct buffer *out);

#endif
