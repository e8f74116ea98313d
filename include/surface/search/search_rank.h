/* search_rank.h: matches by relevance: the newest of them are ranked, and the answer says so. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_RANK_H
#define PILCROW_SURFACE_SEARCH_SEARCH_RANK_H

#include "surface/search/search_matches.h"

/* To score one match costs a few microseconds, so ranking all matches of a common word would cost
 * more than a request may. The index scores what a filter leaves out, too: when so many were scored
 * and filters left less than they may, older matches follow without a score, newest first. */
enum { SEARCH_RANKED_MAX = 1000, SEARCH_SCORED_MAX = 20000 };

struct search_candidate {
    int64_t number, id;
    int64_t score; /* in millionths: the same number in an answer and in a cursor */
};

struct search_ranking {
    struct search_candidate *candidates; /* best first; of equals the newest */
    size_t count;
    size_t ranked_count; /* those with a score */
    int64_t looked_at;
    bool is_bounded; /* there are more matches than were ranked */
};

MUST_CHECK enum problem search_rank(const struct search *search, struct search_ranking *ranking);

/* < 0: a stands before b. */
int search_rank_compare(const struct search_candidate *a, const struct search_candidate *b);

#endif
