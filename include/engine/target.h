/* target.h: the raw request target, split on raw '/' and '&' first, each part decoded once after.
 * Pure. No normalisation: one resource has one spelling. */
#ifndef PILCROW_ENGINE_TARGET_H
#define PILCROW_ENGINE_TARGET_H

#include "ground/arena.h"
#include "ground/buffer.h"
#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

struct target_pair {
    struct span name;
    struct span value; /* "+" is a space, as in forms */
    bool has_value;    /* "?pretty" has none */
};

struct target {
    struct span authority;                /* of the absolute form; .at NULL otherwise */
    struct span raw_path;                 /* undecoded, with the suffix, without the query */
    struct span raw_query;                /* undecoded, without '?'; .at NULL when there is none */
    struct span segments[LIMIT_SEGMENTS]; /* decoded; the last one without its suffix */
    size_t segment_count;                 /* 0 for "/" */
    struct span suffix; /* "txt" of "/v1/articles/7.txt"; .bytes 0 when there is none */
    struct target_pair pairs[LIMIT_QUERY_PAIRS];
    size_t pair_count;
};

/* Decoded text lives in `arena` (or in `raw` where nothing was encoded): valid as long as both.
 * BAD_TARGET: a byte outside 0x21..0x7E, '#', bad %XX, %00, decoded bytes that are not UTF-8 or
 * hold control characters, no leading '/', authority form, too many segments or pairs. An empty
 * segment ("//", trailing "/") or "." and ".." never match a route: NOT_FOUND. TARGET_TOO_LONG. */
MUST_CHECK enum problem target_parse(struct span raw, struct arena *arena, struct target *out,
                                     struct fault *fault);

/* Adds the pairs of a form (application/x-www-form-urlencoded) to those of the target, as if they
 * had stood in its query. BAD_SOURCE: what would be BAD_TARGET there; bytes beyond ASCII may stand
 * as they are. `body` is borrowed like `raw`. */
MUST_CHECK enum problem target_add_form(struct span body, struct arena *arena, struct target *out,
                                        struct fault *fault);

/* Appends a text percent-encoded: all but the unreserved characters of RFC 3986 and those of
 * `plain`. */
void target_encode(struct span text, const char *plain, struct buffer *out);

#endif
