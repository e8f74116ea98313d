/* article_store_paragraphs.c: an article's paragraphs as rows that keep their ids. */
#include "domain/articles/article_store.h"

enum problem stored_paragraphs(const struct article_put *put, const struct stored_article *stored,
                               size_t room, struct stored_paragraphs *out) {
    size_t count = stored->paragraph_count;
    *out = (struct stored_paragraphs){
        .ids = arena_alloc(put->arena, (count + room) * sizeof *out->ids),
        .texts = arena_alloc(put->arena, (count + room) * sizeof *out->texts),
    };
    if (out->ids == NULL || out->texts == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    rows_auto struct rows rows = {0};
    store_query(put->store, SQL_stored_paragraphs, &rows, STORE_VALUES(STORE_INT(stored->id)));
    while (rows_next(&rows) && out->count < count) {
        out->ids[out->count] = rows_int(&rows, 0);
        out->texts[out->count] = arena_copy(put->arena, rows_text(&rows, 2));
        if (out->texts[out->count].at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        out->live_count = ++out->count;
    }
    return rows_end(&rows);
}

static enum problem insert(const struct article_put *put, int64_t article_id, size_t index,
                           int64_t version, const char *match, struct store_value related) {
    return store_run(put->store, SQL_paragraph_insert,
                     STORE_VALUES(STORE_INT(article_id), STORE_INT((int64_t)index + 1),
                                  STORE_TEXT(put->article->paragraphs.items[index]),
                                  STORE_INT((int64_t)put->words[index]), STORE_INT(version),
                                  STORE_TEXT(span_of(match)), related));
}

enum problem article_paragraphs_insert(const struct article_put *put, int64_t article_id) {
    const char *match = revision_match_name(REVISION_NEW);
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < put->article->paragraphs.count; i++)
        problem = insert(put, article_id, i, 1, match, STORE_NULL);
    return problem;
}

/* Whether any stored paragraph changes its place, or goes. */
static bool has_moves(const struct article_put *put, const struct article_change *change) {
    if (put->article->paragraphs.count != change->old.count)
        return true;
    for (size_t i = 0; i < change->old.count; i++) {
        if (!change->steps[i].keeps_id || change->steps[i].old_index != i)
            return true;
    }
    return false;
}

/* Those that no new paragraph continues. */
static enum problem remove_lost(const struct article_put *put,
                                const struct article_change *change) {
    size_t old_count = change->old.count;
    const bool *is_kept = article_change_kept(put, change);
    if (is_kept == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = PROBLEM_NONE;
    struct store_value version = STORE_INT(change->version);
    for (size_t i = 0; problem == PROBLEM_NONE && i < old_count; i++) {
        struct store_value id = STORE_INT(change->old.ids[i]);
        size_t holder = change->absorbed[i];
        if (is_kept[i])
            continue;
        if (holder == SIZE_MAX)
            problem = store_run(put->store, SQL_paragraph_remove, STORE_VALUES(version, id));
        else
            problem = store_run(
                put->store, SQL_paragraph_absorb,
                STORE_VALUES(version, STORE_INT(change->old.ids[change->steps[holder].old_index]),
                             id));
    }
    return problem;
}

static enum problem place(const struct article_put *put, const struct article_change *change,
                          size_t index, bool is_lifted) {
    const struct revision_step *step = &change->steps[index];
    struct store_value position = STORE_INT((int64_t)index + 1);
    const char *match = revision_match_name(step->match);
    if (!step->keeps_id)
        return insert(put, change->stored.id, index, change->version, match,
                      step->old_index == SIZE_MAX ? STORE_NULL
                                                  : STORE_INT(change->old.ids[step->old_index]));
    struct store_value id = STORE_INT(change->old.ids[step->old_index]);
    if (step->match != REVISION_EXACT)
        return store_run(put->store, SQL_paragraph_change,
                         STORE_VALUES(position, STORE_TEXT(put->article->paragraphs.items[index]),
                                      STORE_INT((int64_t)put->words[index]),
                                      STORE_INT(change->version), STORE_TEXT(span_of(match)), id));
    return is_lifted ? store_run(put->store, SQL_paragraph_place, STORE_VALUES(position, id))
                     : PROBLEM_NONE;
}

enum problem article_paragraphs_update(const struct article_put *put,
                                       const struct article_change *change) {
    enum problem problem = PROBLEM_NONE;
    bool is_lifted = has_moves(put, change);
    if (is_lifted)
        problem =
            store_run(put->store, SQL_paragraphs_lift, STORE_VALUES(STORE_INT(change->stored.id)));
    if (problem == PROBLEM_NONE)
        problem = remove_lost(put, change);
    for (size_t i = 0; problem == PROBLEM_NONE && i < put->article->paragraphs.count; i++)
        problem = place(put, change, i, is_lifted);
    return problem;
}
