/* search_page.c: see search_page.h. */
#include "surface/search/search_page.h"

enum { KEY_NUMBER = 0 };                                          /* newest first */
enum { KEY_SEQ, KEY_SCORE, KEY_RANKED_NUMBER, KEY_RANKED_COUNT }; /* by relevance */

static const enum store_type key_types[KEY_RANKED_COUNT] = {STORE_TYPE_INT, STORE_TYPE_INT,
                                                            STORE_TYPE_INT};

/* ---- newest first ---- */

static int64_t below(int64_t number) {
    return number == INT64_MIN ? number : number - 1;
}

static int64_t above(int64_t number) {
    return number == INT64_MAX ? number : number + 1;
}

/* From the cursor on. A walk from the very beginning goes on behind the page, to count. */
static enum problem walk_forward(struct search_page *page) {
    struct list *list = &page->list;
    const struct store_value *after = list_after(list);
    int64_t limit = after == NULL ? list_count_limit(list->request) : 0, count = 0;
    struct search_walk walk;
    struct search_match match;
    bool has_enough = false;
    search_matches_begin(&walk, page->search, page->search->low,
                         after == NULL ? page->search->high : below(after[KEY_NUMBER].number),
                         false);
    while ((!has_enough || count < limit) && search_matches_next(&walk, &match)) {
        const struct store_value key = STORE_INT(match.number);
        has_enough = has_enough || !list_take(list, &key);
        count++;
    }
    page->looked_at = walk.looked_at;
    page->total = list_total_of(count, limit);
    return search_matches_end(&walk);
}

/* From the cursor back to what is newer. */
static enum problem walk_backward(struct search_page *page) {
    struct list *list = &page->list;
    struct search_walk walk;
    struct search_match match;
    bool has_enough = false;
    search_matches_begin_rising(&walk, page->search, above(list_after(list)[KEY_NUMBER].number),
                                page->search->high);
    while (!has_enough && search_matches_next(&walk, &match)) {
        const struct store_value key = STORE_INT(match.number);
        has_enough = !list_take(list, &key);
    }
    page->looked_at = walk.looked_at;
    return search_matches_end(&walk);
}

static enum problem find_newest(struct search_page *page) {
    struct list *list = &page->list;
    enum problem problem = list_begin(list, page->search->request, key_types, 1);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = list->is_backward ? walk_backward(page) : walk_forward(page);
    if (problem == PROBLEM_NONE)
        problem = list_settle(list);
    if (problem != PROBLEM_NONE || !list->has_cursor)
        return problem;
    int64_t limit = list_count_limit(list->request), count = 0;
    problem = search_matches_count(page->search, limit, &count);
    page->total = list_total_of(count, limit);
    return problem;
}

/* ---- by relevance ---- */

static void take_candidate(struct search_page *page, const struct search_candidate *candidate,
                           bool *has_enough) {
    const struct store_value keys[KEY_RANKED_COUNT] = {STORE_INT(page->list.request->seq),
                                                       STORE_INT(candidate->score),
                                                       STORE_INT(candidate->number)};
    *has_enough = !list_take(&page->list, keys);
}

/* Where the cursor's match stands, or would stand. */
static void take_ranked(struct search_page *page) {
    const struct search_ranking *ranking = &page->ranking;
    const struct store_value *after = list_after(&page->list);
    struct search_candidate place = {0};
    bool has_enough = false;
    size_t at = 0;
    if (after != NULL) {
        place = (struct search_candidate){.number = after[KEY_RANKED_NUMBER].number,
                                          .score = after[KEY_SCORE].number};
        page->has_changed = after[KEY_SEQ].number != page->list.request->seq;
    }
    while (after != NULL && at < ranking->count &&
           search_rank_compare(&ranking->candidates[at], &place) < 0)
        at++;
    if (page->list.is_backward) {
        while (!has_enough && at > 0)
            take_candidate(page, &ranking->candidates[--at], &has_enough);
        return;
    }
    if (after != NULL && at < ranking->count &&
        search_rank_compare(&ranking->candidates[at], &place) == 0)
        at++;
    while (!has_enough && at < ranking->count)
        take_candidate(page, &ranking->candidates[at++], &has_enough);
}

static enum problem count_ranked(struct search_page *page) {
    int64_t limit = list_count_limit(page->list.request);
    int64_t count = (int64_t)page->ranking.count;
    enum problem problem = PROBLEM_NONE;
    if (page->ranking.is_bounded)
        problem = search_matches_count(page->search, limit, &count);
    page->total = list_total_of(count, limit);
    return problem;
}

static enum problem find_ranked(struct search_page *page) {
    enum problem problem =
        list_begin(&page->list, page->search->request, key_types, KEY_RANKED_COUNT);
    if (problem == PROBLEM_NONE)
        problem = search_rank(page->search, &page->ranking);
    if (problem != PROBLEM_NONE)
        return problem;
    page->looked_at = page->ranking.looked_at;
    take_ranked(page);
    problem = list_settle(&page->list);
    return problem == PROBLEM_NONE ? count_ranked(page) : problem;
}

enum problem search_page_find(struct search_page *page, struct search *search,
                              bool is_by_relevance) {
    *page = (struct search_page){.search = search, .is_by_relevance = is_by_relevance};
    return is_by_relevance ? find_ranked(page) : find_newest(page);
}

int64_t search_page_id(const struct search_page *page, size_t row) {
    size_t key = page->is_by_relevance ? (size_t)KEY_RANKED_NUMBER : (size_t)KEY_NUMBER;
    return search_number_id(page->search->scope, page->list.rows[row].keys[key].number);
}

double search_page_score(const struct search_page *page, size_t row) {
    return page->is_by_relevance ? (double)page->list.rows[row].keys[KEY_SCORE].number / 1e6 : 0;
}
