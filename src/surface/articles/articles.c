/* articles.c: articles as they stand in lists, and pages of them. */
#include "surface/articles/articles.h"

#include "engine/render.h"
#include "surface/feeds/feed.h"
#include "surface/lists/list_written.h"
#include "surface/shapes.h"

static bool wants_paragraphs(const struct request *request) {
    return feed_is_asked(request) || params_has_word(&request->params, PARAM_ARTICLE_LIST_INCLUDE,
                                                     PARAM_ARTICLE_LIST_INCLUDE_PARAGRAPHS);
}

enum problem articles_load(struct request *request, int64_t id, json_t **out) {
    rows_auto struct rows rows = {0};
    json_t *paragraphs = NULL;
    *out = NULL;
    store_query(request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    if (!rows_next(&rows))
        return rows_end(&rows);
    enum problem problem = shape_article(request, &rows, out);
    if (problem == PROBLEM_NONE && wants_paragraphs(request)) {
        problem = shape_paragraphs(request, id, 1, INT64_MAX, &paragraphs);
        if (problem == PROBLEM_NONE && !render_set(*out, "paragraphs", paragraphs))
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

enum problem articles_load_small(struct request *request, int64_t id, json_t **out) {
    return feed_is_asked(request) ? articles_load(request, id, out)
                                  : shape_article_small_by_id(request, id, out);
}

enum problem articles_append(struct request *request, int64_t id, json_t *data, bool *is_there) {
    json_t *article = NULL;
    enum problem problem = articles_load(request, id, &article);
    *is_there = article != NULL;
    if (problem == PROBLEM_NONE && *is_there && json_array_append_new(data, article) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem walk_page(struct list *list, const struct article_filter *filter,
                              const struct article_order *order) {
    struct article_walk walk;
    struct store_value keys[CURSOR_KEYS_MAX];
    article_walk_begin(&walk, list->request, filter, order, list->is_backward, list_after(list));
    while (article_walk_next(&walk, keys) && list_take(list, keys))
        continue;
    enum problem problem = article_walk_end(&walk);
    return problem == PROBLEM_NONE ? list_settle(list) : problem;
}

static enum problem collect_items(struct list *list, size_t id_key, json_t **data) {
    bool is_there;
    enum problem problem = PROBLEM_NONE;
    *data = json_array();
    for (size_t i = 0; i < list->row_count && problem == PROBLEM_NONE; i++) {
        problem =
            articles_append(list->request, list->rows[i].keys[id_key].number, *data, &is_there);
        if (problem == PROBLEM_NONE)
            problem = list_written_bound(list->request);
    }
    return problem == PROBLEM_NONE && *data == NULL ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem write_items(struct list *list, struct reply *reply, size_t id_key) {
    struct request *request = list->request;
    struct arena_mark mark = arena_mark(request->arena);
    enum problem problem = PROBLEM_NONE;
    list_written_begin(request, reply);
    for (size_t i = 0; i < list->row_count && problem == PROBLEM_NONE; i++) {
        json_t *article = NULL;
        problem = articles_load(request, list->rows[i].keys[id_key].number, &article);
        if (problem == PROBLEM_NONE && article != NULL)
            problem = list_written_add(request, reply, article, PARAM_ARTICLE_FIELDS, &mark);
    }
    list_written_end(request, reply);
    return problem;
}

enum problem articles_reply_page(struct list *list, struct reply *reply,
                                 const struct article_filter *filter,
                                 const struct article_order *order, json_t *meta) {
    struct request *request = list->request;
    int64_t limit = list_count_limit(request);
    struct list_total total;
    enum problem problem = walk_page(list, filter, order);
    if (problem == PROBLEM_NONE)
        problem = article_filter_count(request, filter, limit, &total);
    json_t *data = NULL;
    if (problem == PROBLEM_NONE)
        problem = list_written_is_asked(request) ? write_items(list, reply, order->count)
                                                 : collect_items(list, order->count, &data);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply(list, reply, data, meta, total, PARAM_ARTICLE_FIELDS);
}
