/* search.c: GET /v1/search. */
#include "engine/render.h"
#include "surface/articles/articles.h"
#include "surface/handlers.h"
#include "surface/reader/reader.h"
#include "surface/search/facets.h"
#include "surface/search/search_answer.h"
#include "surface/search/search_evidence.h"
#include "surface/search/search_hints.h"

static bool is_member_of(enum param_id fields_id, struct span name) {
    for (const char *const *word = param_specs[fields_id].words; *word != NULL; word++) {
        if (span_is(name, *word))
            return true;
    }
    return false;
}

/* Members that a match of its scope has beside those of the thing itself. */
static bool is_of_match(enum search_scope scope, struct span name) {
    static const char *const of_both[] = {"score", NULL};
    static const char *const of_articles[] = {
        "highlights",   "highlights.title", "evidence",      "evidence.id",    "evidence.n",
        "evidence.url", "evidence.text",    "evidence.html", "evidence.marks", NULL};
    static const char *const of_paragraphs[] = {"marks", "html", NULL};
    const char *const *lists[] = {of_both, scope == SEARCH_ARTICLES ? of_articles : of_paragraphs};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const char *const *word = lists[i]; *word != NULL; word++) {
            if (span_is(name, *word))
                return true;
        }
    }
    return false;
}

/* A member that the scope does not have would be left out without a word. */
static enum problem check_fields(struct request *request, enum search_scope scope) {
    const struct param_value *fields = &request->params.values[PARAM_SEARCH_FIELDS];
    bool is_articles = scope == SEARCH_ARTICLES;
    enum param_id known = is_articles ? PARAM_ARTICLE_FIELDS : PARAM_PARAGRAPH_LIST_FIELDS;
    for (size_t i = 0; i < fields->item_count; i++) {
        if (is_member_of(known, fields->items[i]) || is_of_match(scope, fields->items[i]))
            continue;
        fault_set(&request->fault, "with scope=%s a match has no member '%.*s'",
                  is_articles ? "articles" : "paragraphs", (int)fields->items[i].bytes,
                  fields->items[i].at);
        memcpy(request->fault.name, "fields", sizeof "fields");
        return PROBLEM_BAD_PARAMETER;
    }
    return PROBLEM_NONE;
}

static enum problem append_match(const struct search_page *page, size_t row,
                                 struct search_evidence *evidence, json_t *data) {
    struct request *request = page->search->request;
    int64_t id = search_page_id(page, row);
    json_t *match = NULL;
    struct span text;
    enum problem problem;
    if (page->search->scope == SEARCH_ARTICLES)
        problem = articles_load(request, id, &match);
    else
        problem = search_answer_paragraph(request, id, &text, &match);
    if (problem != PROBLEM_NONE || match == NULL)
        return problem;
    if (page->is_by_relevance)
        render_set(match, "score", json_real(search_page_score(page, row)));
    if (page->search->scope == SEARCH_ARTICLES)
        problem = search_evidence_article(evidence, id, match);
    else
        problem = search_evidence_paragraph(evidence, text, match);
    if (problem == PROBLEM_NONE && json_array_append_new(data, match) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem add_explanation(const struct search_page *page, json_t *meta) {
    const struct search *search = page->search;
    if (search->request->params.values[PARAM_EXPLAIN].number == 0)
        return PROBLEM_NONE;
    struct span asked = search->finds_nothing
                            ? SPAN_LITERAL("")
                            : search_explain(search->scope, &search->asked, search->request->arena);
    json_t *explain = json_object();
    render_set(explain, "index_query", render_text(asked));
    render_set(explain, "filter",
               render_text(span_of(search->filter.has_set     ? "set of articles"
                                   : search->filter.has_dates ? "dates"
                                                              : "none")));
    if (search->filter.has_set)
        render_set(explain, "filter_articles", json_integer(search->filter.set_count));
    bool is_whole = render_set(explain, "looked_at", json_integer(page->looked_at)) &&
                    render_set(meta, "explain", explain);
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

/* Tables have the columns of the thing found, unless others are asked for. */
static enum param_id fields_of(const struct search *search) {
    if (search->request->params.values[PARAM_SEARCH_FIELDS].is_given)
        return PARAM_SEARCH_FIELDS;
    return search->scope == SEARCH_ARTICLES ? PARAM_ARTICLE_FIELDS : PARAM_PARAGRAPH_LIST_FIELDS;
}

static enum problem reply_page(struct search_page *page, struct reply *reply) {
    struct search *search = page->search;
    struct request *request = search->request;
    struct search_evidence evidence;
    json_t *data = json_array(), *meta = search_answer_meta(search, page);
    enum problem problem = PROBLEM_NONE;
    search_evidence_init(&evidence, search);
    for (size_t i = 0; i < page->list.row_count && problem == PROBLEM_NONE; i++)
        problem = append_match(page, i, &evidence, data);
    if (problem == PROBLEM_NONE && evidence.is_bounded)
        render_set(meta, "evidence_is_bounded", json_true());
    if (problem == PROBLEM_NONE)
        problem = add_explanation(page, meta);
    if (problem == PROBLEM_NONE)
        problem = facets_add(request, search, FACETS_OF_ARTICLES, search->in_path, meta);
    if (problem == PROBLEM_NONE && page->list.row_count == 0 && !page->list.has_cursor &&
        page->list.page <= 1)
        problem = search_hints_add(search, meta);
    if (problem != PROBLEM_NONE)
        return problem;
    return list_reply(&page->list, reply, data, meta, page->total, fields_of(search));
}

enum problem search_list(struct request *request, struct reply *reply) {
    const struct param_value *values = request->params.values;
    struct search search;
    struct search_page page;
    enum search_scope scope =
        values[PARAM_SCOPE].number == PARAM_SCOPE_PARAGRAPHS ? SEARCH_PARAGRAPHS : SEARCH_ARTICLES;
    if (reader_is_form(request, PARAM_Q))
        return reply_json(request, reply, json_object(), PARAM_ID_COUNT);
    if (!values[PARAM_Q].has_value) {
        fault_set(&request->fault, "q is needed: what is looked for");
        memcpy(request->fault.name, "q", sizeof "q");
        return PROBLEM_BAD_PARAMETER;
    }
    enum problem problem = check_fields(request, scope);
    if (problem == PROBLEM_NONE)
        problem =
            search_matches_prepare(&search, request, scope, (struct article_filter_term){0, 0});
    if (problem == PROBLEM_NONE)
        problem = search_page_find(&page, &search,
                                   values[PARAM_SEARCH_SORT].number == PARAM_SEARCH_SORT_RELEVANCE);
    return problem == PROBLEM_NONE ? reply_page(&page, reply) : problem;
}
