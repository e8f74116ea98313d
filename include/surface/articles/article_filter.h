/* article_filter.h: the parameters that choose articles (tag, section, author, date, from, to,
 * changed_since), made into the cheapest thing that a walk can follow:
 *   nothing        every article, perhaps between two dates
 *   one term       its own index, perhaps between two dates
 *   a set of ids   everything else; exact, so its size is the total */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_FILTER_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_FILTER_H

#include <jansson.h>

#include "domain/articles/term.h"
#include "engine/idset.h"
#include "engine/request.h"
#include "surface/lists/list.h"

struct article_filter {
    bool is_empty; /* nothing can match */
    bool has_dates;
    char first[DATE_BYTES]; /* the walk's bounds on `published`, inclusive */
    char last[DATE_BYTES];
    int64_t term_id; /* 0 = none */
    int64_t term_count;
    bool has_set;
    struct idset set;
    int64_t set_count;
    json_t *unknown; /* ["tag:natoo"]: slugs that nothing has; NULL = none */
};

/* What the list is about by its address: the term in /v1/tags/{slug}/articles. */
struct article_filter_term {
    int64_t id; /* 0 = none */
    int64_t article_count;
};

/* `walks_by_date`: the list is ordered by date first, so dates and a single term need no set.
 * Parameters in `without`, which PARAM_ID_COUNT ends, are taken as not given; NULL = none. */
MUST_CHECK enum problem article_filter_build(struct request *request,
                                             struct article_filter_term in_path,
                                             const enum param_id *without, bool walks_by_date,
                                             struct article_filter *filter);

/* Narrows the filter, which was built without walks_by_date, to articles with a paragraph of at
 * least that many words; *count gets how many such paragraphs they have. */
MUST_CHECK enum problem article_filter_narrow(struct request *request, int64_t min_words,
                                              struct article_filter *filter, int64_t *count);

/* How many articles match. What has to be counted is counted up to `limit` (see
 * list_count_limit()). */
MUST_CHECK enum problem article_filter_count(struct request *request,
                                             const struct article_filter *filter, int64_t limit,
                                             struct list_total *total);

#endif
