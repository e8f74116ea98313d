/* change_filter.h: which changes a reader of articles with certain tags, sections or authors must
 * hear of. By what the articles carry now, and by one rule that keeps such a copy right: deletions,
 * and updates that changed tags, section or authors, pass every filter, because the article may
 * have carried the term before. So do changes of the terms themselves. `type` is exact. */
#ifndef PILCROW_SURFACE_CHANGE_FILTER_H
#define PILCROW_SURFACE_CHANGE_FILTER_H

#include <jansson.h>

#include "engine/request.h"

struct change {
    int64_t seq, id, version, at;
    struct span op, type, changed; /* borrowed from the row */
};

struct change_filter {
    struct request *request;
    uint64_t groups;   /* one bit for each group of terms that is asked for */
    bool is_collapsed; /* only the newest change of each thing */
    json_t *unknown;   /* "tag:slug" of those that nothing carries; NULL = none */
};

MUST_CHECK enum problem change_filter_begin(struct request *request, struct change_filter *filter);

MUST_CHECK enum problem change_filter_test(const struct change_filter *filter,
                                           const struct change *change, bool *passes);

#endif
