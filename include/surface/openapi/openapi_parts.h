/* openapi_parts.h: the parts of the document (openapi.h), one source file each. All JSON is made
 * between render_begin() and render_end(). */
#ifndef PILCROW_SURFACE_OPENAPI_OPENAPI_PARTS_H
#define PILCROW_SURFACE_OPENAPI_OPENAPI_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/router.h"

/* ---- openapi_traits.c: what follows from a row ---- */

enum openapi_trait {
    OPENAPI_EVERY = 1 << 0,       /* all rows have it */
    OPENAPI_SCOPED = 1 << 1,      /* may need a token */
    OPENAPI_STORE = 1 << 2,       /* reads or writes the store */
    OPENAPI_PATH = 1 << 3,        /* has a parameter in the path */
    OPENAPI_SLUG = 1 << 4,        /* ... that may be an old slug, or of a deleted article */
    OPENAPI_PAGED = 1 << 5,       /* takes a cursor */
    OPENAPI_SINCE = 1 << 6,       /* takes a seq to go on from */
    OPENAPI_WRITES = 1 << 7,      /* changes the store */
    OPENAPI_BODY = 1 << 8,        /* takes a body */
    OPENAPI_MATCHES = 1 << 9,     /* wants If-Match */
    OPENAPI_REPEATS = 1 << 10,    /* knows Idempotency-Key and Prefer */
    OPENAPI_FILE = 1 << 11,       /* is sent in parts on demand */
    OPENAPI_VALID = 1 << 12,      /* has an ETag */
    OPENAPI_LINKED = 1 << 13,     /* a list, or with other forms */
    OPENAPI_PAST = 1 << 14,       /* can answer from the past */
    OPENAPI_SEARCH = 1 << 15,     /* reads the search index */
    OPENAPI_READY = 1 << 16,      /* says whether the service is ready */
    OPENAPI_MAY_BE_OFF = 1 << 18, /* the operator can turn it off */
    OPENAPI_CODED = 1 << 19,      /* is compressed for who takes it */
    OPENAPI_QUERIED = 1 << 17,    /* its address takes QUERY */
};

unsigned openapi_traits(const struct route *route);

/* The operationId: method and path as one name; "" when there is no room. */
enum { OPENAPI_NAME_BYTES = 96 };
void openapi_operation_id(const struct route *route, const char *suffix,
                          char out[OPENAPI_NAME_BYTES]);

/* ---- openapi_parameters.c ---- */

/* The parameters of a row at a suffix ("" = none), as references. */
json_t *openapi_parameters(const struct route *route, const char *suffix);

/* components/parameters */
json_t *openapi_parameter_components(void);

/* ---- openapi_bodies.c: what requests carry, and what comes at which suffix ---- */

/* NULL when the row takes no body or no description of it is known. */
json_t *openapi_request_body(const struct route *route);

/* Whether a write answers 201: always, sometimes, never. */
enum openapi_makes { OPENAPI_MAKES_NOTHING, OPENAPI_MAKES, OPENAPI_MAY_MAKE };
enum openapi_makes openapi_makes(const struct route *route);

/* The content of a 200: {"application/json": {"schema": ...}}. NULL when what the row names is not
 * known. */
json_t *openapi_content(const struct route *route, const char *suffix);

/* Whether `fields` and `include` mean nothing at this suffix. */
bool openapi_is_text(const char *suffix);

/* ---- openapi_responses.c, openapi_problems.c ---- */

json_t *openapi_responses(const struct route *route, const char *suffix);
json_t *openapi_header_components(void);

/* The codes that a row may answer with; those that any address may are not among them. */
json_t *openapi_problem_codes(const struct route *route);

/* Adds a response for each status of those, and "default". */
void openapi_add_problems(const struct route *route, json_t *responses);

/* components/responses */
json_t *openapi_problem_components(void);

/* ---- openapi_schemas.c ---- */

/* components/schemas, from src/surface/openapi/schemas. */
json_t *openapi_schemas(void);

/* The schema of what a row answers: "article_list" is ArticleList. NULL when there is none. */
const char *openapi_schema_of(const char *answer);

/* ---- openapi_json.c ---- */

json_t *openapi_text(const char *text);
json_t *openapi_ref(const char *kind, const char *name); /* "schemas", "Article" */

#endif
