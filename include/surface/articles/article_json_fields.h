/* article_json_fields.h: the fields of an article in JSON, for what reads articles. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_FIELDS_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_JSON_FIELDS_H

#include <jansson.h>

#include "domain/articles/article.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* Reads every member of `object`; copies what is kept into `arena`. BAD_SOURCE when something was
 * said: each member and item at fault is, its ->name a JSON pointer without the first slash. */
MUST_CHECK enum problem article_json_fields_read(const json_t *object, struct arena *arena,
                                                 struct article *out, fault_say *say,
                                                 void *context);

/* Whether it is a member that the API prints and no author decides. */
bool article_json_is_decided_here(const char *name);

#endif
