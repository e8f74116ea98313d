/* terms.h: authors, sections and tags: one shape, three collections. */
#ifndef PILCROW_SURFACE_TERMS_TERMS_H
#define PILCROW_SURFACE_TERMS_TERMS_H

#include <jansson.h>

#include "domain/articles/term.h"
#include "engine/request.h"

struct terms_collection {
    const char *noun;    /* "tag" */
    const char *address; /* "/v1/tags" */
};

/* Text lives in the arena. */
struct term {
    int64_t id; /* 0 = there is no such term */
    struct span slug, name;
    int64_t article_count;
    int64_t parent_id; /* 0 = none */
};

/* The collection that a route serves (route->variant is the kind). */
const struct terms_collection *terms_collection_of(const struct request *request);

MUST_CHECK enum problem terms_load(struct request *request, int64_t id, struct term *term);

/* The term of the path; NOT_FOUND with a suggestion. */
MUST_CHECK enum problem terms_find(struct request *request, struct term *term);

/* "/v1/tags/harbour" */
struct span terms_address(struct request *request, enum term_kind kind, const struct term *term);

/* {"slug", "name", "count", "url", "articles"}; of a section also "path" and "parent". */
MUST_CHECK enum problem terms_shape(struct request *request, enum term_kind kind,
                                    const struct term *term, json_t **out);

/* The same as it stands in lists: a feed says of it also which it is, and when its newest article
 * was written last. */
MUST_CHECK enum problem terms_shape_listed(struct request *request, enum term_kind kind,
                                           const struct term *term, json_t **out);

/* The kind of term that the route serves. */
enum term_kind terms_kind_of(const struct request *request);

/* The most frequent tags on the articles of a term. */
MUST_CHECK enum problem terms_add_related(struct request *request, const struct term *term,
                                          json_t *json);

#endif
