/* search_batch.c: what a transaction changes in the indexes. FTS5 gathers documents in memory as
 * long as their numbers rise, and writes a piece of index whenever one falls: so changes are kept
 * until the transaction's end, and made in the order of numbers. */
#include <stdlib.h>

#include "engine/search/search_index.h"

enum { TERMS_BYTES_MAX = 512 * 1024 * 1024, COLUMNS_MAX = 7, CHANGES_FIRST = 64 };

struct search_change {
    int64_t number;
    size_t order; /* among those of one number */
    const struct span *columns;
    enum search_scope scope;
    bool is_put;
};

static const size_t column_counts[SEARCH_SCOPE_COUNT] = {
    [SEARCH_ARTICLES] = 7, [SEARCH_PARAGRAPHS] = 2};

static const enum sql_id statements[SEARCH_SCOPE_COUNT][2] = {
    [SEARCH_ARTICLES] = {SQL_search_article_remove, SQL_search_article_put},
    [SEARCH_PARAGRAPHS] = {SQL_search_paragraph_remove, SQL_search_paragraph_put},
};

void search_batch_init(struct search_batch *batch) {
    *batch = (struct search_batch){.changes = NULL};
    arena_init(&batch->terms, TERMS_BYTES_MAX);
}

void search_batch_fini(struct search_batch *batch) {
    arena_fini(&batch->terms);
    free(batch->changes);
    batch->changes = NULL;
}

void search_batch_clear(struct search_batch *batch) {
    arena_reset(&batch->terms);
    batch->count = 0;
}

/* ---- gathering ---- */

static bool make_room(struct search_batch *batch) {
    if (batch->count < batch->capacity)
        return true;
    size_t capacity = batch->capacity == 0 ? CHANGES_FIRST : 2 * batch->capacity;
    struct search_change *changes = realloc(batch->changes, capacity * sizeof *changes);
    if (changes == NULL)
        return false;
    batch->changes = changes;
    batch->capacity = capacity;
    return true;
}

static enum problem change_add(struct search_batch *batch, enum search_scope scope, int64_t number,
                               bool is_put, const struct span *columns) {
    size_t bytes = column_counts[scope] * sizeof *columns;
    struct span *copy = arena_alloc(&batch->terms, bytes);
    if (copy == NULL || !make_room(batch))
        return PROBLEM_OUT_OF_MEMORY;
    memcpy(copy, columns, bytes);
    batch->changes[batch->count] =
        (struct search_change){number, batch->count, copy, scope, is_put};
    batch->count++;
    return PROBLEM_NONE;
}

static enum problem article_add(struct search_batch *batch, int64_t number, bool is_put,
                                const struct search_article *article) {
    const struct span columns[COLUMNS_MAX] = {
        article->title, article->tags, article->authors,  article->sections,
        article->lead,  article->body, article->variants,
    };
    return change_add(batch, SEARCH_ARTICLES, number, is_put, columns);
}

enum problem search_article_put(struct search_batch *batch, int64_t number,
                                const struct search_article *article) {
    return article_add(batch, number, true, article);
}

enum problem search_article_remove(struct search_batch *batch, int64_t number,
                                   const struct search_article *article) {
    return article_add(batch, number, false, article);
}

enum problem search_paragraph_put(struct search_batch *batch, int64_t number, struct span terms,
                                  struct span variants) {
    const struct span columns[] = {terms, variants};
    return change_add(batch, SEARCH_PARAGRAPHS, number, true, columns);
}

enum problem search_paragraph_remove(struct search_batch *batch, int64_t number, struct span terms,
                                     struct span variants) {
    const struct span columns[] = {terms, variants};
    return change_add(batch, SEARCH_PARAGRAPHS, number, false, columns);
}

/* ---- applying ---- */

static int change_order(const void *left, const void *right) {
    const struct search_change *a = left, *b = right;
    if (a->scope != b->scope)
        return a->scope < b->scope ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static enum problem change_make(struct store *store, const struct search_change *change) {
    size_t count = column_counts[change->scope];
    struct store_value values[1 + COLUMNS_MAX] = {STORE_INT(change->number)};
    for (size_t i = 0; i < count; i++)
        values[1 + i] = STORE_TEXT(change->columns[i]);
    return store_run(store, statements[change->scope][change->is_put], values, 1 + count);
}

/* A mark makes FTS5 write what it has gathered. In the commit it would come too late: of memory
 * that is missing there nobody could say whether the commit is stored. */
static enum problem write_gathered(struct store *store) {
    enum problem problem = store_mark(store);
    return problem == PROBLEM_NONE ? store_mark_keep(store) : problem;
}

enum problem search_batch_apply(struct search_batch *batch, struct store *store) {
    enum problem problem = PROBLEM_NONE;
    if (batch->count == 0)
        return PROBLEM_NONE;
    if (batch->count > 1)
        qsort(batch->changes, batch->count, sizeof *batch->changes, change_order);
    for (size_t i = 0; problem == PROBLEM_NONE && i < batch->count; i++)
        problem = change_make(store, &batch->changes[i]);
    search_batch_clear(batch);
    return problem == PROBLEM_NONE ? write_gathered(store) : problem;
}
