/* article_history.c: see article_history.h. */
#include "domain/articles/article_history.h"

enum problem article_history_keep(struct store *store, int64_t article_id) {
    static const enum sql_id parts[] = {SQL_revision_keep, SQL_revision_term_keep,
                                        SQL_revision_paragraph_keep};
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < sizeof parts / sizeof parts[0]; i++)
        problem = store_run(store, parts[i], STORE_VALUES(STORE_INT(article_id)));
    return problem;
}

enum problem article_history_seq(struct store *store, const struct article_history_change *change,
                                 int64_t *seq) {
    return store_int(store, SQL_totals_add, seq,
                     STORE_VALUES(STORE_INT(change->articles), STORE_INT(change->paragraphs)));
}

enum problem article_history_add(struct store *store, const struct article_history_change *change,
                                 int64_t seq) {
    return store_run(store, SQL_change_insert,
                     STORE_VALUES(STORE_INT(seq), STORE_TEXT(span_of(change->op)),
                                  STORE_TEXT(span_of(change->type)), STORE_INT(change->id),
                                  STORE_INT(change->version), STORE_TEXT(change->changed),
                                  STORE_INT(change->now_s)));
}

enum problem article_history_claim(struct store *store, int kind, struct span slug) {
    return store_run(store, SQL_old_slug_claim, STORE_VALUES(STORE_INT(kind), STORE_TEXT(slug)));
}

enum problem article_history_redirect(struct store *store, int kind, struct span old,
                                      struct span slug, int64_t target_id) {
    enum problem problem = article_history_claim(store, kind, slug);
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(store, SQL_old_slug_put,
                     STORE_VALUES(STORE_INT(kind), STORE_TEXT(old), STORE_INT(target_id)));
}

enum problem article_history_trim(struct store *store, int64_t keep) {
    enum problem problem =
        store_run(store, SQL_change_oldest_set,
                  STORE_VALUES(STORE_INT(keep), STORE_INT(ARTICLE_HISTORY_TRIM_MAX)));
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(store, SQL_change_purge, STORE_NO_VALUES);
}

static enum problem trim_some(struct store *store, int64_t keep, bool *is_changed) {
    int64_t before = 0, after = 0;
    enum problem problem = store_int(store, SQL_change_oldest, &before, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE)
        problem = article_history_trim(store, keep);
    if (problem == PROBLEM_NONE)
        problem = store_int(store, SQL_change_oldest, &after, STORE_NO_VALUES);
    *is_changed = after != before;
    return problem == PROBLEM_NONE && *is_changed
               ? store_run(store, SQL_store_birth_renew, STORE_NO_VALUES)
               : problem;
}

enum problem article_history_trim_all(struct store *store, int64_t keep, bool *is_changed) {
    bool is_going_on = true;
    *is_changed = false;
    while (is_going_on) {
        enum problem problem = store_begin(store);
        if (problem == PROBLEM_NONE)
            problem = trim_some(store, keep, &is_going_on);
        if (problem == PROBLEM_NONE)
            problem = store_commit(store);
        if (problem != PROBLEM_NONE) {
            store_end(store);
            return problem;
        }
        *is_changed = *is_changed || is_going_on;
    }
    return PROBLEM_NONE;
}
