/* paragraphs.c: the paragraphs of one article, and those of all. */
#include <inttypes.h>

#include "engine/render.h"
#include "surface/articles/article_walk.h"
#include "surface/articles/articles.h"
#include "surface/articles/paragraphs.h"
#include "surface/feeds/feed.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/search/facets.h"
#include "surface/search/search.h"
#include "surface/shapes.h"

/* ---- of one article ---- */

struct place {
    int64_t article_id;
    int64_t paragraph_count;
    int64_t seq; /* of the article, as the ETag is */
};

static enum problem find_place(struct request *request, struct place *place) {
    rows_auto struct rows rows = {0};
    enum problem problem = articles_find(request, &rows);
    if (problem != PROBLEM_NONE)
        return problem;
    place->article_id = rows_int(&rows, ARTICLE_ID);
    place->paragraph_count = rows_int(&rows, ARTICLE_PARAGRAPH_COUNT);
    place->seq = rows_int(&rows, ARTICLE_SEQ);
    return rows_end(&rows);
}

/* In an article's own list JSON does not show it again. */
static enum problem add_articles(struct request *request, int64_t article_id, json_t *data) {
    json_t *article = NULL;
    if (!feed_is_asked(request))
        return PROBLEM_NONE;
    enum problem problem = paragraphs_load_article(request, article_id, &article);
    for (size_t i = 0; i < json_array_size(data) && problem == PROBLEM_NONE; i++)
        problem = paragraphs_set_article(request, article, json_array_get(data, i));
    return problem;
}

enum problem article_paragraph_list(struct request *request, struct reply *reply) {
    struct place place;
    json_t *data = NULL;
    enum problem problem = find_place(request, &place);
    if (problem == PROBLEM_NONE)
        problem = shape_paragraphs(request, place.article_id, 1, INT64_MAX, &data);
    if (problem == PROBLEM_NONE)
        problem = add_articles(request, place.article_id, data);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply_whole(request, reply, data, place.paragraph_count, place.seq,
                            PARAM_PLACE_FIELDS);
}

enum problem article_paragraph_range(struct request *request, struct reply *reply) {
    const struct param_value *range = &request->params.values[PARAM_PATH_RANGE];
    struct place place;
    json_t *data = NULL;
    enum problem problem = find_place(request, &place);
    if (problem == PROBLEM_NONE && range->last_number > place.paragraph_count) {
        fault_set(&request->fault,
                  "article %" PRId64 " has %" PRId64 " paragraph%s, counted from 1",
                  place.article_id, place.paragraph_count, place.paragraph_count == 1 ? "" : "s");
        return PROBLEM_NOT_FOUND;
    }
    if (problem == PROBLEM_NONE)
        problem =
            shape_paragraphs(request, place.article_id, range->number, range->last_number, &data);
    if (problem != PROBLEM_NONE)
        return problem;
    struct span written = request->target.segments[request->target.segment_count - 1];
    if (memchr(written.at, '-', written.bytes) == NULL) /* 3, not 3-3 */
        return reply_json(request, reply, json_array_get(data, 0), PARAM_PLACE_FIELDS);
    return list_reply_whole(request, reply, data, place.paragraph_count, place.seq,
                            PARAM_PLACE_FIELDS);
}

/* ---- of all ---- */

enum { KEY_PUBLISHED, KEY_ARTICLE, KEY_POSITION, KEY_COUNT };

static const enum store_type key_types[KEY_COUNT] = {STORE_TYPE_TEXT, STORE_TYPE_INT,
                                                     STORE_TYPE_INT};

static int64_t min_words_of(const struct request *request) {
    const struct param_value *given = &request->params.values[PARAM_MIN_WORDS];
    return given->has_value ? given->number : 0;
}

/* Offers the places in one article, behind `after` in the direction of the walk. *has_enough says
 * that the list takes no more. */
static enum problem take_places(struct list *list, const struct store_value *article_keys,
                                int64_t after, bool *has_enough) {
    struct store_value keys[KEY_COUNT] = {article_keys[0], article_keys[1], STORE_INT(0)};
    rows_auto struct rows rows = {0};
    store_query(
        list->request->store,
        list->is_backward ? SQL_paragraph_places_down : SQL_paragraph_places_up, &rows,
        STORE_VALUES(keys[KEY_ARTICLE], STORE_INT(after), STORE_INT(min_words_of(list->request))));
    while (!*has_enough && rows_next(&rows)) {
        keys[KEY_POSITION] = STORE_INT(rows_int(&rows, 0));
        *has_enough = !list_take(list, keys);
    }
    return rows_end(&rows);
}

static enum problem read_paragraph_count(struct request *request, int64_t article_id,
                                         int64_t *count) {
    enum { PARAGRAPH_COUNT = 4 }; /* of the columns of article_keys_by_id */
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_article_keys_by_id, &rows, STORE_VALUES(STORE_INT(article_id)));
    *count = rows_next(&rows) ? rows_int(&rows, PARAGRAPH_COUNT) : 0;
    return rows_end(&rows);
}

/* Steps over an article whose paragraphs all lie before the page, so that a page far from the start
 * costs one row an article and not one a paragraph. */
static enum problem skip_article(struct list *list, int64_t article_id, bool *is_skipped) {
    int64_t count;
    *is_skipped = false;
    if (list->skip_count == 0 || min_words_of(list->request) > 0)
        return PROBLEM_NONE;
    enum problem problem = read_paragraph_count(list->request, article_id, &count);
    *is_skipped = problem == PROBLEM_NONE && list_skip(list, (uint64_t)count);
    return problem;
}

/* The id from which a walk comes to `id` itself first. */
static int64_t just_before(int64_t id, bool is_backward) {
    if (is_backward)
        return id == INT64_MIN ? id : id - 1;
    return id == INT64_MAX ? id : id + 1;
}

/* Articles newest first, the cursor's own included; in each the paragraphs in their order. */
static enum problem walk_page(struct list *list, const struct article_filter *filter) {
    struct article_walk walk;
    struct store_value keys[CURSOR_KEYS_MAX], begin[2];
    const struct store_value *after = list_after(list);
    int64_t first = list->is_backward ? INT64_MAX : 0;
    bool has_enough = false;
    if (after != NULL) {
        begin[0] = after[KEY_PUBLISHED];
        begin[1] = STORE_INT(just_before(after[KEY_ARTICLE].number, list->is_backward));
    }
    article_walk_begin(&walk, list->request, filter, &article_order_newest, list->is_backward,
                       after == NULL ? NULL : begin);
    enum problem problem = PROBLEM_NONE;
    while (problem == PROBLEM_NONE && !has_enough && article_walk_next(&walk, keys)) {
        bool is_cursors = after != NULL && keys[1].number == after[KEY_ARTICLE].number;
        bool is_skipped = false;
        problem = skip_article(list, keys[1].number, &is_skipped);
        if (problem == PROBLEM_NONE && !is_skipped)
            problem = take_places(list, keys, is_cursors ? after[KEY_POSITION].number : first,
                                  &has_enough);
    }
    enum problem walked = article_walk_end(&walk);
    if (problem == PROBLEM_NONE)
        problem = walked;
    return problem == PROBLEM_NONE ? list_settle(list) : problem;
}

static enum problem count_all(struct request *request, struct list_total *total) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_store_totals, &rows, STORE_NO_VALUES);
    *total = (struct list_total){true, false, rows_next(&rows) ? rows_int(&rows, 2) : 0};
    return rows_end(&rows);
}

/* Adds up what the articles have. */
static enum problem count_by_article(struct request *request, const struct article_filter *filter,
                                     int64_t limit, struct list_total *total) {
    struct article_walk walk;
    struct store_value keys[CURSOR_KEYS_MAX];
    int64_t count = 0, more = 0;
    enum problem problem = PROBLEM_NONE;
    article_walk_begin(&walk, request, filter, &article_order_newest, false, NULL);
    while (problem == PROBLEM_NONE && count < limit && article_walk_next(&walk, keys)) {
        problem = read_paragraph_count(request, keys[1].number, &more);
        count += more;
    }
    enum problem walked = article_walk_end(&walk);
    *total = list_total_of(count, limit);
    return problem == PROBLEM_NONE ? walked : problem;
}

static enum problem count_matches(struct request *request, const struct article_filter *filter,
                                  struct list_total *total) {
    int64_t limit = list_count_limit(request);
    if (filter->is_empty || filter->has_set || filter->has_dates || filter->term_id > 0 ||
        limit == 0)
        return count_by_article(request, filter, limit, total);
    return count_all(request, total);
}

/* The filter, and the total where finding the articles gives it. */
static enum problem build_filter(struct request *request, struct article_filter *filter,
                                 struct list_total *total) {
    int64_t min_words = min_words_of(request);
    struct article_filter_term none = {0, 0};
    *total = (struct list_total){false, false, 0};
    enum problem problem = article_filter_build(request, none, NULL, min_words == 0, filter);
    if (problem != PROBLEM_NONE || min_words == 0)
        return problem;
    total->is_known = list_count_limit(request) > 0;
    return article_filter_narrow(request, min_words, filter, &total->count);
}

/* *article is kept from row to row: paragraphs of one article come together. */
static enum problem append_paragraph(struct request *request, const struct store_value *keys,
                                     int64_t *article_id, json_t **article, json_t *data) {
    json_t *found = NULL;
    int64_t id = keys[KEY_ARTICLE].number, position = keys[KEY_POSITION].number;
    enum problem problem = shape_paragraphs(request, id, position, position, &found);
    if (problem == PROBLEM_NONE && *article_id != id) {
        problem = paragraphs_load_article(request, id, article);
        *article_id = id;
    }
    json_t *paragraph = json_array_get(found, 0);
    if (problem == PROBLEM_NONE)
        problem = paragraphs_set_article(request, *article, paragraph);
    if (problem == PROBLEM_NONE && json_array_append(data, paragraph) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem check_sort(struct request *request) {
    if (request->params.values[PARAM_PARAGRAPH_SORT].number != PARAM_SEARCH_SORT_RELEVANCE)
        return PROBLEM_NONE;
    fault_set(&request->fault, "sort=relevance needs q: what it is relevant to");
    memcpy(request->fault.name, "sort", sizeof "sort");
    return PROBLEM_BAD_PARAMETER;
}

static enum problem reply_walk(struct request *request, struct reply *reply) {
    struct article_filter filter;
    struct list list = {.row_count = 0};
    struct list_total total;
    int64_t article_id = 0;
    json_t *data = json_array(), *article = NULL;
    enum problem problem = list_begin(&list, request, key_types, KEY_COUNT);
    if (problem == PROBLEM_NONE)
        problem = build_filter(request, &filter, &total);
    if (problem == PROBLEM_NONE)
        problem = walk_page(&list, &filter);
    if (problem == PROBLEM_NONE && min_words_of(request) == 0)
        problem = count_matches(request, &filter, &total);
    for (size_t i = 0; i < list.row_count && problem == PROBLEM_NONE; i++)
        problem = append_paragraph(request, list.rows[i].keys, &article_id, &article, data);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *meta = json_object();
    if (filter.unknown != NULL)
        render_set(meta, "unknown", filter.unknown);
    problem =
        facets_add(request, NULL, FACETS_OF_PARAGRAPHS, (struct article_filter_term){0, 0}, meta);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply(&list, reply, data, meta, total, PARAM_PARAGRAPH_LIST_FIELDS);
}

enum problem paragraph_list(struct request *request, struct reply *reply) {
    if (request->params.values[PARAM_Q].has_value)
        return search_paragraphs_reply(request, reply);
    enum problem problem = check_sort(request);
    return problem == PROBLEM_NONE ? reply_walk(request, reply) : problem;
}
