/* term_filter.h: the terms that filters name (tag=, section=, author=, and those that end in _not).
 *
 * A slug is that of now, also where an old one would lead on as an address: who keeps a copy by
 * /v1/changes under a filter would miss what the other term had before two were merged. */
#ifndef PILCROW_SURFACE_TERMS_TERM_FILTER_H
#define PILCROW_SURFACE_TERMS_TERM_FILTER_H

#include <jansson.h>

#include "domain/articles/term.h"
#include "engine/request.h"

/* One of the parameters that name terms. */
struct term_filter {
    enum param_id param;
    enum term_kind kind;
    bool is_not;
};

struct term_filter_match {
    int64_t id; /* 0 = there is no such term */
    int64_t article_count;
};

/* What is not found goes as "tag:slug" into *unknown, a list for `meta` that is made when it is
 * NULL and then belongs to the caller. */
MUST_CHECK enum problem term_filter_find(struct request *request, const struct term_filter *filter,
                                         struct span slug, json_t **unknown,
                                         struct term_filter_match *match);

#endif
