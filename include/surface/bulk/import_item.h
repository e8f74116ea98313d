/* import_item.h: one article as an import meets it, from a file or from a request body. */
#ifndef PILCROW_SURFACE_BULK_IMPORT_ITEM_H
#define PILCROW_SURFACE_BULK_IMPORT_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/articles/article.h"
#include "domain/articles/article_text.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* A line of an NDJSON input without what is no part of its object: the byte order mark at the very
 * beginning. */
struct span import_item_line(struct span line, size_t number);

/* Blank lines are no items. */
bool import_item_is_blank(struct span line);

/* Reads and checks one article, a JSON object or a source text, into `arena`. `reading` is filled
 * for source texts. */
MUST_CHECK enum problem import_item_read(struct span text, bool is_json, struct arena *arena,
                                         struct article *out, struct article_text_report *reading,
                                         struct fault *fault);

/* Whether a problem concerns the one item and not the import as a whole. */
bool import_item_is_refused(enum problem problem);

#endif
