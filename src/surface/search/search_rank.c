/* search_rank.c: see search_rank.h. The index folds accents and letter case, so what is written as
 * it was asked for is moved forward here, among the best. */
#include "surface/search/search_rank.h"

#include <stdlib.h>

#include "surface/search/search_evidence.h"

enum {
    SCORE_UNIT = 1000000,
    EXACT_LOOKED_AT = 32,   /* candidates of which the texts are read */
    EXACT_TENTHS_MOST = 15, /* what an exact match's score is multiplied by, at most */
};

int search_rank_compare(const struct search_candidate *a, const struct search_candidate *b) {
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->number < b->number) - (a->number > b->number);
}

static int compare(const void *a, const void *b) {
    return search_rank_compare(a, b);
}

static int64_t score_of(double score) {
    const double most = 1e9;
    if (!(score > 0)) /* not a number, too */
        return 0;
    return (int64_t)((score < most ? score : most) * SCORE_UNIT);
}

static enum problem gather(const struct search *search, int64_t high, bool is_ranked,
                           struct search_ranking *ranking, int64_t *last_number) {
    struct search_walk walk;
    struct search_match match;
    search_matches_begin(&walk, search, search->low, high, is_ranked);
    if (is_ranked)
        walk.looked_at_max = SEARCH_SCORED_MAX;
    while (!ranking->is_bounded && search_matches_next(&walk, &match)) {
        if (ranking->count == SEARCH_RANKED_MAX)
            ranking->is_bounded = true;
        else
            ranking->candidates[ranking->count++] =
                (struct search_candidate){match.number, match.id, score_of(match.score)};
    }
    ranking->looked_at += walk.looked_at;
    *last_number = walk.looked_at == walk.looked_at_max ? walk.last_number : INT64_MIN;
    return search_matches_end(&walk);
}

static enum problem gather_all(const struct search *search, struct search_ranking *ranking) {
    int64_t last_number, none;
    enum problem problem = gather(search, search->high, true, ranking, &last_number);
    ranking->ranked_count = ranking->count;
    if (problem != PROBLEM_NONE || ranking->is_bounded || last_number <= search->low)
        return problem;
    problem = gather(search, last_number - 1, false, ranking, &none);
    ranking->is_bounded |= ranking->count > ranking->ranked_count;
    return problem;
}

/* The best stay the best: a score only grows, and those behind them had less. */
static enum problem prefer_exact(const struct search *search, struct search_ranking *ranking) {
    size_t count = ranking->count < EXACT_LOOKED_AT ? ranking->count : EXACT_LOOKED_AT;
    size_t groups = search->query.search.group_count;
    for (size_t i = 0; i < count && count > 1; i++) {
        struct search_candidate *candidate = &ranking->candidates[i];
        size_t exact = 0;
        enum problem problem = search_evidence_exact(search, candidate->id, &exact);
        if (problem != PROBLEM_NONE)
            return problem;
        int64_t tenths = 10 + (EXACT_TENTHS_MOST - 10) * (int64_t)exact / (int64_t)groups;
        candidate->score = candidate->score * tenths / 10;
    }
    qsort(ranking->candidates, count, sizeof *ranking->candidates, compare);
    return PROBLEM_NONE;
}

enum problem search_rank(const struct search *search, struct search_ranking *ranking) {
    struct arena *arena = search->request->arena;
    *ranking = (struct search_ranking){0};
    ranking->candidates = arena_alloc(arena, SEARCH_RANKED_MAX * sizeof *ranking->candidates);
    if (ranking->candidates == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = gather_all(search, ranking);
    if (problem != PROBLEM_NONE || ranking->count == 0)
        return problem;
    qsort(ranking->candidates, ranking->count, sizeof *ranking->candidates, compare);
    return prefer_exact(search, ranking);
}
