/* terms.c: lists of authors, sections and tags. */
#include "surface/terms/terms.h"

#include "domain/text/slug.h"
#include "engine/render.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"

#define TEXT_HIGHEST "\xF4\x8F\xBF\xBF" /* no text is above U+10FFFF */

/* Which terms `q` lets through: those with keys between two bounds and, of sections, those of
 * which a step of the path begins with `step`: "asia" finds "world / asia pacific". */
struct term_range {
    struct span first, last;
    struct span step; /* .at NULL = no matter */
};

/* What begins with `prefix` lies between it and it followed by the highest text. */
static bool find_bounds(struct request *request, struct span prefix, struct term_range *range) {
    char *last = arena_alloc(request->arena, prefix.bytes + sizeof TEXT_HIGHEST);
    if (last == NULL)
        return false;
    memcpy(last, prefix.at, prefix.bytes);
    memcpy(last + prefix.bytes, TEXT_HIGHEST, sizeof TEXT_HIGHEST);
    range->first = prefix;
    range->last = (struct span){last, prefix.bytes + sizeof TEXT_HIGHEST - 1};
    return true;
}

/* `q` is folded as keys are. */
static bool find_range(struct request *request, struct term_range *range) {
    const struct param_value *given = &request->params.values[PARAM_TERM_PREFIX];
    *range = (struct term_range){SPAN_LITERAL(""), SPAN_LITERAL(TEXT_HIGHEST), {NULL, 0}};
    if (!given->has_value)
        return true;
    struct span prefix = slug_key(given->text, request->arena);
    if (prefix.at == NULL)
        return false;
    if (request->match.route->variant != TERM_SECTION)
        return find_bounds(request, prefix, range);
    range->step = prefix;
    return true;
}

static bool lets_through(const struct term_range *range, struct span key) {
    static const char between[] = " / ";
    const char *at = key.at, *end = key.at + key.bytes;
    if (range->step.at == NULL)
        return true;
    while (at != NULL && (size_t)(end - at) >= range->step.bytes) {
        if (memcmp(at, range->step.at, range->step.bytes) == 0)
            return true;
        at = memmem(at, (size_t)(end - at), between, sizeof between - 1);
        at = at == NULL ? NULL : at + sizeof between - 1;
    }
    return false;
}

struct term_order {
    bool is_by_count;
    bool is_down; /* as walked */
};

/* Keys of a list by name: the key, which is unique, and the id; by count: the count and the id. */
static void query_walk(const struct list *list, const struct term_range *range,
                       struct term_order order, struct rows *rows) {
    const struct store_value *after = list_after(list);
    struct store *store = list->request->store;
    struct store_value kind = STORE_INT(list->request->match.route->variant);
    struct store_value first = STORE_TEXT(range->first), last = STORE_TEXT(range->last);
    if (order.is_by_count) {
        int64_t extreme = order.is_down ? INT64_MAX : 0;
        struct store_value count = after == NULL ? STORE_INT(extreme) : after[0];
        struct store_value id = after == NULL ? STORE_INT(INT64_MAX) : after[1];
        store_query(store, order.is_down ? SQL_term_walk_count_down : SQL_term_walk_count_up, rows,
                    STORE_VALUES(kind, count, id, first, last));
    } else if (order.is_down) {
        store_query(store, SQL_term_walk_name_down, rows,
                    STORE_VALUES(kind, after == NULL ? last : after[0], first));
    } else if (after == NULL) {
        store_query(store, SQL_term_walk_name_from, rows, STORE_VALUES(kind, first, last));
    } else {
        store_query(store, SQL_term_walk_name_up, rows, STORE_VALUES(kind, after[0], last));
    }
}

static enum problem walk_page(struct list *list, const struct term_range *range,
                              struct term_order order) {
    rows_auto struct rows rows = {0};
    struct store_value keys[2];
    bool has_enough = false;
    query_walk(list, range, order, &rows);
    while (!has_enough && rows_next(&rows)) {
        struct span key = rows_text(&rows, 1);
        if (!lets_through(range, key))
            continue;
        keys[0] = order.is_by_count ? STORE_INT(rows_int(&rows, 2)) : STORE_TEXT(key);
        keys[1] = STORE_INT(rows_int(&rows, 0));
        has_enough = !list_take(list, keys);
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? list_settle(list) : problem;
}

static enum problem count_steps(struct request *request, const struct term_range *range,
                                int64_t *count) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_walk_name_from, &rows,
                STORE_VALUES(STORE_INT(request->match.route->variant), STORE_TEXT(range->first),
                             STORE_TEXT(range->last)));
    while (rows_next(&rows))
        *count += lets_through(range, rows_text(&rows, 1));
    return rows_end(&rows);
}

/* Terms are few, so they are counted whole whenever they are counted. */
static enum problem count_terms(struct request *request, const struct term_range *range,
                                struct list_total *total) {
    struct store_value kind = STORE_INT(request->match.route->variant);
    *total = (struct list_total){false, false, 0};
    if (list_count_limit(request) == 0)
        return PROBLEM_NONE;
    total->is_known = true;
    if (range->step.at != NULL)
        return count_steps(request, range, &total->count);
    if (!request->params.values[PARAM_TERM_PREFIX].has_value)
        return store_int(request->store, SQL_term_count, &total->count, STORE_VALUES(kind));
    return store_int(request->store, SQL_term_count_by_key, &total->count,
                     STORE_VALUES(kind, STORE_TEXT(range->first), STORE_TEXT(range->last)));
}

static enum problem append_term(struct request *request, int64_t id, json_t *data) {
    struct term term;
    json_t *json = NULL;
    enum problem problem = terms_load(request, id, &term);
    if (problem == PROBLEM_NONE)
        problem = terms_shape_listed(request, terms_kind_of(request), &term, &json);
    if (problem == PROBLEM_NONE && json_array_append_new(data, json) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* A second key would only say how equal counts are ordered; they are ordered by age. */
static enum problem check_sort(struct request *request) {
    if (request->params.values[PARAM_TERM_SORT].sort_count == 1)
        return PROBLEM_NONE;
    fault_set(&request->fault, "this list is sorted by one key: name, -name, count or -count");
    memcpy(request->fault.name, "sort", sizeof "sort");
    return PROBLEM_BAD_PARAMETER;
}

enum problem term_list(struct request *request, struct reply *reply) {
    static const enum store_type name_types[] = {STORE_TYPE_TEXT, STORE_TYPE_INT};
    static const enum store_type count_types[] = {STORE_TYPE_INT, STORE_TYPE_INT};
    const struct param_sort_key *sort = &request->params.values[PARAM_TERM_SORT].sort[0];
    struct term_order order = {sort->word == PARAM_TERM_SORT_COUNT, sort->is_descending};
    struct term_range range;
    struct list_total total;
    struct list list = {.row_count = 0};
    json_t *data = json_array();
    enum problem problem = check_sort(request);
    if (problem == PROBLEM_NONE)
        problem = list_begin(&list, request, order.is_by_count ? count_types : name_types, 2);
    if (problem == PROBLEM_NONE && !find_range(request, &range))
        problem = PROBLEM_OUT_OF_MEMORY;
    order.is_down ^= list.is_backward;
    if (problem == PROBLEM_NONE)
        problem = walk_page(&list, &range, order);
    if (problem == PROBLEM_NONE)
        problem = count_terms(request, &range, &total);
    for (size_t i = 0; i < list.row_count && problem == PROBLEM_NONE; i++)
        problem = append_term(request, list.rows[i].keys[1].number, data);
    return problem == PROBLEM_NONE ? list_reply(&list, reply, data, NULL, total, PARAM_TERM_FIELDS)
                                   : problem;
}
