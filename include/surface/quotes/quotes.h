/* quotes.h: where a quotation stands, looked up and told. */
#ifndef PILCROW_SURFACE_QUOTES_QUOTES_H
#define PILCROW_SURFACE_QUOTES_QUOTES_H

#include <jansson.h>

#include "domain/quotes/quote.h"
#include "engine/request.h"

/* What is asked about one quotation. */
struct quote_asked {
    struct span text;
    int64_t article_id; /* where it is believed to stand; 0 = not said */
    struct span author; /* slug or name; .at NULL = not said */
    size_t also_max;    /* how many further places */
};

/* One place where it stands. Texts live in the arena of the lookup. */
struct quote_place {
    int64_t article_id;
    bool is_meant; /* it is where it is believed to be, or nothing was said */
    struct quote_match match;
    int64_t ids[QUOTE_PARAGRAPHS_MAX];       /* of the paragraph of each range */
    int64_t positions[QUOTE_PARAGRAPHS_MAX]; /* the same, counted from 1 */
    struct span texts[QUOTE_PARAGRAPHS_MAX];
    int64_t first_position; /* of the paragraph that the match counts as 0 */
};

enum { QUOTE_PLACES_MAX = 64 };

struct quote_places {
    struct quote_place *list; /* the best first */
    size_t count;
};

/* `arena` is for this quotation alone: what it needs depends on how long the paragraphs are.
 * QUERY_TIMEOUT when the time is up. */
MUST_CHECK enum problem quote_lookup(struct request *request, const struct quote_asked *asked,
                                     const struct quote *quote, struct arena *arena,
                                     struct quote_places *out);

/* The whole answer about one quotation, in the request's arena. */
MUST_CHECK enum problem quote_answer(struct request *request, const struct quote_asked *asked,
                                     json_t **out);

/* ":~:text=..." that leads a browser to the ranges on any page that has them. .at NULL when memory
 * is out. */
struct span quote_fragment(struct arena *arena, const struct span *texts, size_t count);

#endif
