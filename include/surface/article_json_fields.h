/* article_json_fields.h: the fields of an article in JSON, for article_json.c alone. */
#ifndef PILCROW_SURFACE_ARTICLE_JSON_FIELDS_H
#define PILCROW_SURFACE_ARTICLE_JSON_FIELDS_H

#include <jansson.h>

#include "domain/article.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* Reads every member of `object`; copies what is kept into `arena`. BAD_SOURCE with fault->name. */
MUST_CHECK enum problem article_json_fields_read(const json_t *object, struct arena *arena,
                                                 struct article *out, struct fault *fault);

#endif
