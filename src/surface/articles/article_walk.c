/* article_walk.c: see article_walk.h.
 *
 * SQLite does not use the row id behind an index column as part of a range, so a walk that begins
 * inside a run of equal keys steps over the beginning of the run; that costs 50 ns a row. */
#include "surface/articles/article_walk.h"

#include <stdlib.h>

/* A set is walked by id when it is as small as that, or when it holds less than one id in SPARSE:
 * to fetch the keys of one article costs about as much as to step over that many in an index. */
enum { FIRST_GROUP = 64, FEW = 64, SPARSE = 64 };

static const enum sql_id walks[][2] = {
    /* up, down */
    [PARAM_ARTICLE_SORT_PUBLISHED] = {SQL_article_walk_published_up,
                                      SQL_article_walk_published_down},
    [PARAM_ARTICLE_SORT_TITLE] = {SQL_article_walk_title_up, SQL_article_walk_title_down},
    [PARAM_ARTICLE_SORT_UPDATED] = {SQL_article_walk_updated_up, SQL_article_walk_updated_down},
    [PARAM_ARTICLE_SORT_WORDS] = {SQL_article_walk_words_up, SQL_article_walk_words_down},
};
static const enum sql_id term_walks[2] = {SQL_article_walk_term_up, SQL_article_walk_term_down};

static const enum store_type types_of[] = {
    [PARAM_ARTICLE_SORT_PUBLISHED] = STORE_TYPE_TEXT,
    [PARAM_ARTICLE_SORT_TITLE] = STORE_TYPE_TEXT,
    [PARAM_ARTICLE_SORT_UPDATED] = STORE_TYPE_INT,
    [PARAM_ARTICLE_SORT_WORDS] = STORE_TYPE_INT,
};

const struct article_order article_order_newest = {{{PARAM_ARTICLE_SORT_PUBLISHED, true}}, 1};

struct article_order article_order_of(const struct request *request) {
    const struct param_value *given = &request->params.values[PARAM_ARTICLE_SORT];
    struct article_order order = {.count = given->sort_count};
    memcpy(order.keys, given->sort, sizeof order.keys);
    return order.count == 0 ? article_order_newest : order;
}

size_t article_order_types(const struct article_order *order,
                           enum store_type types[CURSOR_KEYS_MAX]) {
    for (size_t i = 0; i < order->count; i++)
        types[i] = types_of[order->keys[i].word];
    types[order->count] = STORE_TYPE_INT;
    return order->count + 1;
}

/* ---- comparing ---- */

static int compare_values(const struct store_value *a, const struct store_value *b) {
    if (a->type == STORE_TYPE_INT)
        return (a->number > b->number) - (a->number < b->number);
    size_t shared = a->text.bytes < b->text.bytes ? a->text.bytes : b->text.bytes;
    int order = shared == 0 ? 0 : memcmp(a->text.at, b->text.at, shared);
    return order != 0 ? order : (a->text.bytes > b->text.bytes) - (a->text.bytes < b->text.bytes);
}

static int compare_keys(const struct article_order *order, const struct store_value *a,
                        const struct store_value *b) {
    for (size_t i = 0; i <= order->count; i++) {
        bool is_descending = order->keys[i < order->count ? i : 0].is_descending;
        int result = compare_values(&a[i], &b[i]);
        if (result != 0)
            return is_descending ? -result : result;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b, void *order) {
    return compare_keys(order, ((const struct list_row *)a)->keys,
                        ((const struct list_row *)b)->keys);
}

/* ---- the index ---- */

/* What lies before every key of a type, and behind: no text is above U+10FFFF. */
static struct store_value extreme(enum store_type type, bool is_high) {
    if (type == STORE_TYPE_INT)
        return STORE_INT(is_high ? INT64_MAX : INT64_MIN);
    return STORE_TEXT(is_high ? SPAN_LITERAL("\xF4\x8F\xBF\xBF") : SPAN_LITERAL(""));
}

static void query_index(struct article_walk *walk) {
    const struct article_filter *filter = walk->filter;
    const struct param_sort_key *first = &walk->order.keys[0];
    bool is_down = first->is_descending;
    bool is_by_date = first->word == PARAM_ARTICLE_SORT_PUBLISHED;
    struct store_value key = extreme(types_of[first->word], is_down);
    struct store_value id = extreme(STORE_TYPE_INT, is_down);
    if (is_by_date)
        key = STORE_TEXT(span_of(is_down ? filter->last : filter->first));
    if (walk->after != NULL) {
        key = walk->after[0];
        if (walk->order.count == 1)
            id = walk->after[1]; /* else the whole run of equal keys is read, and ordered here */
    }
    struct store_value end = STORE_TEXT(span_of(is_down ? filter->first : filter->last));
    if (filter->term_id > 0)
        store_query(walk->store, term_walks[is_down], &walk->rows,
                    STORE_VALUES(STORE_INT(filter->term_id), key, id, end));
    else
        store_query(walk->store, walks[first->word][is_down], &walk->rows,
                    (const struct store_value[]){key, id, end}, is_by_date ? 3 : 2);
}

/* The next row of the index that the filter lets through: its first key and its id. */
static bool next_indexed(struct article_walk *walk, struct store_value *key, int64_t *id) {
    while (rows_next(&walk->rows)) {
        *id = rows_int(&walk->rows, 0);
        if (walk->filter->has_set && !idset_contains(&walk->filter->set, *id))
            continue;
        *key = types_of[walk->order.keys[0].word] == STORE_TYPE_INT
                   ? STORE_INT(rows_int(&walk->rows, 1))
                   : STORE_TEXT(rows_text(&walk->rows, 1));
        return true;
    }
    walk->problem = rows_end(&walk->rows);
    return false;
}

/* ---- rows that are ordered here ---- */

static void fail(struct article_walk *walk, enum problem problem) {
    if (walk->problem == PROBLEM_NONE)
        walk->problem = problem;
}

static bool copy_text(struct article_walk *walk, struct store_value *value) {
    if (value->type != STORE_TYPE_TEXT)
        return true;
    value->text = arena_copy(walk->arena, value->text);
    if (value->text.at == NULL)
        fail(walk, PROBLEM_OUT_OF_MEMORY);
    return value->text.at != NULL;
}

/* All keys of an article into `row`. False on failure, and when there is no such article. */
static bool fetch_keys(struct article_walk *walk, int64_t id, struct list_row *row) {
    rows_auto struct rows rows = {0};
    store_query(walk->store, SQL_article_keys_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    bool is_there = rows_next(&rows);
    for (size_t i = 0; is_there && i < walk->order.count; i++) {
        size_t word =
            walk->order.keys[i].word; /* the statement's columns are in the words' order */
        row->keys[i] = types_of[word] == STORE_TYPE_INT ? STORE_INT(rows_int(&rows, (int)word))
                                                        : STORE_TEXT(rows_text(&rows, (int)word));
        is_there = copy_text(walk, &row->keys[i]);
    }
    row->keys[walk->order.count] = STORE_INT(id);
    fail(walk, rows_end(&rows));
    return is_there && walk->problem == PROBLEM_NONE;
}

static bool add_to_group(struct article_walk *walk, const struct list_row *row) {
    if (walk->after != NULL && compare_keys(&walk->order, row->keys, walk->after) <= 0)
        return true; /* not behind the place where we begin */
    if (walk->group_count == walk->group_capacity) {
        size_t capacity = walk->group_capacity == 0 ? FIRST_GROUP : walk->group_capacity * 2;
        struct list_row *wider = arena_alloc(walk->arena, capacity * sizeof *wider);
        if (wider == NULL) {
            fail(walk, PROBLEM_OUT_OF_MEMORY);
            return false;
        }
        if (walk->group_count > 0)
            memcpy(wider, walk->group, walk->group_count * sizeof *wider);
        walk->group = wider;
        walk->group_capacity = capacity;
    }
    walk->group[walk->group_count++] = *row;
    return true;
}

/* Every article of a sparse set. */
static void fill_by_id(struct article_walk *walk) {
    struct list_row row;
    const struct idset *set = &walk->filter->set;
    for (int64_t id = idset_next(set, 0); id != 0; id = idset_next(set, id)) {
        if (fetch_keys(walk, id, &row) && !add_to_group(walk, &row))
            break;
        if (walk->problem != PROBLEM_NONE)
            break;
    }
    walk->is_exhausted = true;
}

/* The next run of rows that are equal in the first key. */
static void fill_by_index(struct article_walk *walk) {
    struct list_row row;
    bool has_first = walk->has_peeked;
    struct store_value first_key = walk->peeked.keys[0], key;
    int64_t id;
    if (walk->has_peeked && !add_to_group(walk, &walk->peeked))
        return;
    walk->has_peeked = false;
    while (next_indexed(walk, &key, &id)) {
        if (!fetch_keys(walk, id, &row))
            return;
        if (has_first && compare_values(&row.keys[0], &first_key) != 0) {
            walk->peeked = row;
            walk->has_peeked = true;
            return;
        }
        has_first = true;
        first_key = row.keys[0];
        if (!add_to_group(walk, &row))
            return;
    }
    walk->is_exhausted = true;
}

static bool fill_group(struct article_walk *walk) {
    walk->group_count = walk->group_next = 0;
    while (walk->group_count == 0 && !walk->is_exhausted && walk->problem == PROBLEM_NONE) {
        if (walk->is_by_id)
            fill_by_id(walk);
        else
            fill_by_index(walk);
    }
    if (walk->group_count > 1)
        qsort_r(walk->group, walk->group_count, sizeof *walk->group, compare_rows, &walk->order);
    return walk->problem == PROBLEM_NONE && walk->group_count > 0;
}

/* ---- the walk ---- */

static bool is_sparse(const struct article_filter *filter) {
    return filter->has_set && (filter->set_count <= FEW ||
                               (uint64_t)filter->set_count < filter->set.word_count * 64 / SPARSE);
}

void article_walk_begin(struct article_walk *walk, struct request *request,
                        const struct article_filter *filter, const struct article_order *order,
                        bool is_backward, const struct store_value *after) {
    *walk = (struct article_walk){.store = request->store,
                                  .arena = request->arena,
                                  .filter = filter,
                                  .order = *order,
                                  .after = after};
    for (size_t i = 0; i < order->count; i++)
        walk->order.keys[i].is_descending ^= is_backward;
    walk->is_exhausted = filter->is_empty;
    walk->is_by_id = is_sparse(filter);
    if (!walk->is_by_id && !walk->is_exhausted)
        query_index(walk);
}

bool article_walk_next(struct article_walk *walk, struct store_value keys[CURSOR_KEYS_MAX]) {
    if (!walk->is_by_id && walk->order.count == 1) { /* the index has the whole order */
        int64_t id;
        if (walk->is_exhausted || !next_indexed(walk, &keys[0], &id))
            return false;
        keys[1] = STORE_INT(id);
        return true;
    }
    if (walk->group_next == walk->group_count && !fill_group(walk))
        return false;
    memcpy(keys, walk->group[walk->group_next++].keys, (walk->order.count + 1) * sizeof *keys);
    return walk->problem == PROBLEM_NONE;
}

enum problem article_walk_end(struct article_walk *walk) {
    if (walk->rows.statement != NULL)
        fail(walk, rows_end(&walk->rows));
    return walk->problem;
}
