/* search_index.c: looking for documents, and whether the indexes are whole. */
#include "engine/search/search_index.h"

#include "engine/search/search_match.h"

static const enum sql_id statements[SEARCH_SCOPE_COUNT][2] = {
    [SEARCH_ARTICLES] = {SQL_search_articles, SQL_search_articles_ranked},
    [SEARCH_PARAGRAPHS] = {SQL_search_paragraphs, SQL_search_paragraphs_ranked},
};

static const double score_unit = 1e-6; /* of what the statements give */

/* ---- the version ---- */

enum problem search_version(struct store *store, struct arena *arena, struct span *version) {
    *version = (struct span){"", 0};
    rows_auto struct rows rows = {0};
    store_query(store, SQL_search_version, &rows, STORE_NO_VALUES);
    if (rows_next(&rows))
        *version = arena_copy(arena, rows_text(&rows, 0));
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && version->at == NULL ? PROBLEM_OUT_OF_MEMORY : problem;
}

enum problem search_version_set(struct store *store, struct span version) {
    return store_run(store, SQL_search_version_set, STORE_VALUES(STORE_TEXT(version)));
}

enum problem search_empty(struct store *store) {
    enum problem problem = search_version_set(store, (struct span){"", 0});
    if (problem == PROBLEM_NONE)
        problem = store_run(store, SQL_search_articles_empty, STORE_NO_VALUES);
    return problem == PROBLEM_NONE ? store_run(store, SQL_search_paragraphs_empty, STORE_NO_VALUES)
                                   : problem;
}

enum problem search_is_whole(struct store *store) {
    rows_auto struct rows rows = {0};
    store_query(store, SQL_search_version, &rows, STORE_NO_VALUES);
    bool is_ready = rows_next(&rows) && rows_text(&rows, 0).bytes > 0;
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_ready ? PROBLEM_SEARCH_NOT_READY : problem;
}

/* ---- looking ---- */

struct span search_explain(enum search_scope scope, const struct search_query *query,
                           struct arena *arena) {
    struct buffer text;
    buffer_init(&text);
    search_match_print(scope, query, &text);
    return arena_take_buffer(arena, &text);
}

static enum problem begin(struct store *store, enum search_scope scope, enum sql_id statement,
                          const struct search_query *query, int64_t low, int64_t high,
                          struct arena *arena, struct search_hits *hits) {
    enum problem problem = search_is_whole(store);
    if (problem != PROBLEM_NONE)
        return problem;
    struct span match = search_explain(scope, query, arena);
    if (match.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (match.bytes > 0)
        store_query(store, statement, &hits->rows,
                    STORE_VALUES(STORE_TEXT(match), STORE_INT(low), STORE_INT(high)));
    return hits->rows.problem;
}

enum problem search_begin(struct store *store, enum search_scope scope,
                          const struct search_query *query, int64_t low, int64_t high,
                          bool is_ranked, struct arena *arena, struct search_hits *hits) {
    *hits = (struct search_hits){.is_ranked = is_ranked};
    return begin(store, scope, statements[scope][is_ranked], query, low, high, arena, hits);
}

enum problem search_begin_rising(struct store *store, enum search_scope scope,
                                 const struct search_query *query, int64_t low, int64_t high,
                                 struct arena *arena, struct search_hits *hits) {
    static const enum sql_id rising[] = {[SEARCH_ARTICLES] = SQL_search_articles_rising,
                                         [SEARCH_PARAGRAPHS] = SQL_search_paragraphs_rising};
    *hits = (struct search_hits){.is_ranked = false};
    return begin(store, scope, rising[scope], query, low, high, arena, hits);
}

bool search_next(struct search_hits *hits, int64_t *number, double *score) {
    if (!rows_next(&hits->rows))
        return false;
    *number = rows_int(&hits->rows, 0);
    if (score != NULL)
        *score = hits->is_ranked ? (double)rows_int(&hits->rows, 1) * score_unit : 0;
    return true;
}

enum problem search_end(struct search_hits *hits) {
    return rows_end(&hits->rows);
}
