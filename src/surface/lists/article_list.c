/* article_list.c: lists of articles: those that ids names, those that q finds, or one page after
 * another. */
#include "surface/lists/article_list.h"

#include "engine/render.h"
#include "surface/articles/articles.h"
#include "surface/handlers.h"
#include "surface/search/facets.h"
#include "surface/search/search.h"

static json_t *make_meta(const struct article_filter *filter) {
    json_t *meta = json_object();
    if (filter->unknown != NULL)
        render_set(meta, "unknown", filter->unknown);
    return meta;
}

/* ---- ids= ---- */

static bool lets_through(const struct article_filter *filter, int64_t id) {
    return !filter->is_empty && (!filter->has_set || idset_contains(&filter->set, id));
}

static enum problem reply_ids(struct request *request, struct reply *reply,
                              struct article_filter_term in_path) {
    const struct param_value *ids = &request->params.values[PARAM_IDS];
    struct article_filter filter;
    enum problem problem = article_filter_build(request, in_path, NULL, false, &filter);
    if (problem != PROBLEM_NONE)
        return problem;
    struct list list = {.request = request};
    json_t *data = json_array(), *missing = json_array(), *meta = make_meta(&filter);
    for (size_t i = 0; i < ids->number_count && problem == PROBLEM_NONE; i++) {
        bool is_there = false;
        if (lets_through(&filter, ids->numbers[i]))
            problem = articles_append(request, ids->numbers[i], data, &is_there);
        if (problem == PROBLEM_NONE && !is_there)
            json_array_append_new(missing, json_integer(ids->numbers[i]));
    }
    if (problem != PROBLEM_NONE)
        return problem;
    list.row_count = json_array_size(data);
    render_set(meta, "missing", missing);
    struct list_total total = list_total_of((int64_t)list.row_count, list_count_limit(request));
    return list_reply(&list, reply, data, meta, total, PARAM_ARTICLE_FIELDS);
}

static enum problem refuse_sort(struct request *request, const char *why) {
    fault_set(&request->fault, "%s", why);
    memcpy(request->fault.name, "sort", sizeof "sort");
    return PROBLEM_BAD_PARAMETER;
}

static enum problem check_sort(struct request *request) {
    const struct param_value *sort = &request->params.values[PARAM_ARTICLE_SORT];
    for (size_t i = 0; i < sort->sort_count; i++) {
        if (sort->sort[i].word != PARAM_ARTICLE_SORT_RELEVANCE)
            continue;
        if (!request->params.values[PARAM_Q].has_value)
            return refuse_sort(request, "sort=relevance needs q: what it is relevant to");
        if (sort->sort_count > 1 || sort->sort[i].is_descending)
            return refuse_sort(request,
                               "relevance stands alone and without '-': the best come first");
    }
    return PROBLEM_NONE;
}

static enum problem reply_walk(struct request *request, struct reply *reply,
                               struct article_filter_term in_path) {
    struct article_order order = article_order_of(request);
    bool walks_by_date = order.keys[0].word == PARAM_ARTICLE_SORT_PUBLISHED;
    enum store_type types[CURSOR_KEYS_MAX];
    size_t key_count = article_order_types(&order, types);
    struct article_filter filter;
    struct list list;
    enum problem problem = list_begin(&list, request, types, key_count);
    if (problem == PROBLEM_NONE)
        problem = article_filter_build(request, in_path, NULL, walks_by_date, &filter);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *meta = make_meta(&filter);
    problem = facets_add(request, NULL, FACETS_OF_ARTICLES, in_path, meta);
    return problem == PROBLEM_NONE ? articles_reply_page(&list, reply, &filter, &order, meta)
                                   : problem;
}

enum problem article_list_reply(struct request *request, struct reply *reply,
                                struct article_filter_term in_path) {
    enum problem problem = check_sort(request);
    if (problem != PROBLEM_NONE)
        return problem;
    if (request->params.values[PARAM_IDS].has_value)
        return reply_ids(request, reply, in_path);
    if (request->params.values[PARAM_Q].has_value)
        return search_articles_reply(request, reply, in_path);
    return reply_walk(request, reply, in_path);
}

enum problem article_list(struct request *request, struct reply *reply) {
    return article_list_reply(request, reply, (struct article_filter_term){0, 0});
}
