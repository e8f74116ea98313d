/* article_json.h: an article from JSON, as import lines and request bodies give it.
 *
 * Taken: title, authors and tags (names, or objects with a name), published (YYYY-MM-DD or
 * null), section (a list of steps, "A / B", or an object with a path), paragraphs (texts, or
 * objects with a text), slug. What the API prints but the author does not decide (id, url, version,
 * counts ...) is accepted and ignored, so that an answer can be sent back. Everything else is
 * refused by name. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_H

#include "domain/articles/article.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* Reads and checks one article; what is kept is copied into `arena`, `json` may be freed
 * afterwards. BAD_SOURCE with fault: what, the field in ->name, and ->line and ->column within
 * `json`. */
MUST_CHECK enum problem article_json_parse(struct span json, struct arena *arena,
                                           struct article *out, struct fault *fault);

/* Of jansson as it is loaded, for `pilcrow version`. */
const char *article_json_library_version(void);

#endif
