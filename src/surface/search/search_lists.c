/* search_lists.c: `q` on lists of articles and of paragraphs: the same items as without, in the
 * list's own order unless sort=relevance. */
#include "engine/render.h"
#include "surface/articles/article_walk.h"
#include "surface/articles/articles.h"
#include "surface/search/facets.h"
#include "surface/search/search.h"
#include "surface/search/search_answer.h"

static const struct article_filter_term everywhere = {0, 0};

/* ---- articles ---- */

static enum problem reply_articles(struct search_page *page, struct reply *reply) {
    struct search *search = page->search;
    json_t *data = json_array(), *meta = search_answer_meta(search, page);
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < page->list.row_count && problem == PROBLEM_NONE; i++) {
        json_t *article = NULL;
        problem = articles_load(search->request, search_page_id(page, i), &article);
        if (problem == PROBLEM_NONE && article != NULL && json_array_append_new(data, article) != 0)
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem == PROBLEM_NONE)
        problem = facets_add(search->request, search, FACETS_OF_ARTICLES, search->in_path, meta);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply(&page->list, reply, data, meta, page->total, PARAM_ARTICLE_FIELDS);
}

/* In an order that the index does not have: its matches become the filter of a list. */
static enum problem reply_in_order(struct search *search, struct reply *reply,
                                   const struct article_order *order) {
    struct request *request = search->request;
    struct article_filter *filter = &search->filter;
    enum store_type types[CURSOR_KEYS_MAX];
    size_t key_count = article_order_types(order, types);
    struct list list;
    enum problem problem = list_begin(&list, request, types, key_count);
    json_t *meta = search_answer_meta(search, NULL);
    if (problem == PROBLEM_NONE)
        problem = facets_add(request, search, FACETS_OF_ARTICLES, search->in_path, meta);
    if (problem == PROBLEM_NONE)
        problem = search_matches_gather(search, &filter->set);
    if (problem != PROBLEM_NONE)
        return problem;
    filter->has_set = true;
    filter->set_count = idset_count(&filter->set);
    return articles_reply_page(&list, reply, filter, order, meta);
}

static bool is_newest_first(const struct article_order *order) {
    return order->count == 1 && order->keys[0].word == PARAM_ARTICLE_SORT_PUBLISHED &&
           order->keys[0].is_descending;
}

enum problem search_articles_reply(struct request *request, struct reply *reply,
                                   struct article_filter_term in_path) {
    struct article_order order = article_order_of(request);
    bool is_by_relevance = order.keys[0].word == PARAM_ARTICLE_SORT_RELEVANCE;
    struct search search;
    struct search_page page;
    enum problem problem = search_matches_prepare(&search, request, SEARCH_ARTICLES, in_path);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!is_by_relevance && !is_newest_first(&order))
        return reply_in_order(&search, reply, &order);
    problem = search_page_find(&page, &search, is_by_relevance);
    return problem == PROBLEM_NONE ? reply_articles(&page, reply) : problem;
}

/* ---- paragraphs ---- */

enum problem search_paragraphs_reply(struct request *request, struct reply *reply) {
    bool is_by_relevance =
        request->params.values[PARAM_PARAGRAPH_SORT].number == PARAM_SEARCH_SORT_RELEVANCE;
    struct search search;
    struct search_page page;
    json_t *data = json_array(), *meta = NULL;
    enum problem problem = search_matches_prepare(&search, request, SEARCH_PARAGRAPHS, everywhere);
    if (problem == PROBLEM_NONE)
        problem = search_page_find(&page, &search, is_by_relevance);
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; i < page.list.row_count && problem == PROBLEM_NONE; i++) {
        struct span text;
        json_t *paragraph = NULL;
        problem = search_answer_paragraph(request, search_page_id(&page, i), &text, &paragraph);
        if (problem == PROBLEM_NONE && paragraph != NULL &&
            json_array_append_new(data, paragraph) != 0)
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    meta = search_answer_meta(&search, &page);
    if (problem == PROBLEM_NONE)
        problem = facets_add(request, &search, FACETS_OF_PARAGRAPHS, everywhere, meta);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply(&page.list, reply, data, meta, page.total, PARAM_PARAGRAPH_LIST_FIELDS);
}
