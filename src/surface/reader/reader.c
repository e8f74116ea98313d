/* reader.c: which view shows what; see reader.h. */
#include "surface/reader/reader.h"

#include "surface/address.h"
#include "surface/lists/list_forms.h"
#include "surface/reader/reader_parts.h"

static const struct reader_view views[] = {
    {"front", "page-front", reader_front_head, reader_front},
    {"article", "page-article", reader_article_head, reader_article},
    {"article_list", "page-list", reader_list_head, reader_list},
    {"related_list", "page-list", reader_list_head, reader_list},
    {"paragraph_list", "page-search", reader_list_head, reader_paragraphs},
    {"duplicate_list", "page-search", reader_list_head, reader_paragraphs},
    {"term_list", "page-terms", reader_terms_head, reader_terms},
    {"term", "page-terms", reader_term_head, reader_term},
    {"search_list", "page-search", reader_search_head, reader_search},
    {"revision_list", "page-history", reader_history_head, reader_history},
    {"article_diff", "page-diff", reader_diff_head, reader_diff},
    {"quote", "page-quote", reader_quote_head, reader_quote},
    {"problem_page", "page-problem", reader_help_head, reader_help},
};

static const struct reader_view of_problem = {NULL, "page-problem", reader_problem_head,
                                              reader_problem};

/* In normal form, as the curl line shows them. */
const struct reader_default reader_defaults[] = {
    {"front", PARAM_LIMIT, "12"},
    {"front", PARAM_ARTICLE_SORT, "-published"},
    {"front", PARAM_FACETS, "section,tag"},
    {"article", PARAM_ARTICLE_INCLUDE, "neighbors,related"},
    {"article_list", PARAM_FACETS, "section,author,tag,year"},
    {"search_list", PARAM_FACETS, "section,author,tag,year"},
    {"search_list", PARAM_HIGHLIGHT, "html"},
    {"term_list", PARAM_LIMIT, "100"},
    {"term", PARAM_TERM_INCLUDE, "related"},
};
const size_t reader_default_count = sizeof reader_defaults / sizeof reader_defaults[0];

bool reader_is_asked(const struct request *request) {
    return span_is(request->target.suffix, "html") || span_is(request->target.raw_path, "/");
}

/* What is beside an article is beside the one of today; a version has none of it. */
bool reader_default_holds(const struct request *request, const struct reader_default *fallback) {
    const struct route *route = request->match.route;
    const struct param_value *values = request->params.values;
    if (route == NULL || strcmp(route->answer, fallback->answer) != 0 ||
        values[fallback->id].is_given)
        return false;
    return fallback->id != PARAM_ARTICLE_INCLUDE ||
           (!values[PARAM_AS_OF].is_given && params_is_listed(route->taken, fallback->id));
}

enum problem reader_choose(struct request *request) {
    enum problem problem = list_forms_check(request);
    for (size_t i = 0; i < reader_default_count && problem == PROBLEM_NONE; i++) {
        const struct reader_default *fallback = &reader_defaults[i];
        if (reader_default_holds(request, fallback))
            problem = params_set_default(&request->params, fallback->id, fallback->value,
                                         request->arena, &request->fault);
    }
    return problem;
}

/* A paragraph is shown where it stands, in its article. */
static enum problem send_to_paragraph(struct request *request, struct reply *reply,
                                      const json_t *paragraph) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, reader_root(request));
    buffer_append_span(&text, reader_text(json_object_get(paragraph, "article"), "url"));
    buffer_append_text(&text, ".html#p-");
    buffer_append_int(&text, reader_number(paragraph, "id"));
    const char *address = arena_take_buffer(request->arena, &text).at;
    if (address == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    reply_clear(reply); /* the ETag is not of a redirection */
    reply->status = 303;
    reply_field(reply, "Location", address);
    return PROBLEM_NONE;
}

static const struct reader_view *view_of(const struct request *request, const struct reply *reply) {
    if (reply->problem != PROBLEM_NONE || request->match.route == NULL)
        return &of_problem;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        if (strcmp(views[i].answer, request->match.route->answer) == 0)
            return &views[i];
    }
    return NULL;
}

enum problem reader_page(struct request *request, struct reply *reply, json_t *json) {
    const struct reader_view *view = view_of(request, reply);
    if (view == NULL)
        return send_to_paragraph(request, reply, json);
    struct reader page = {
        .request = request, .reply = reply, .out = &reply->body, .json = json, .view = view};
    reader_protect(reply);
    reply_field(reply, "Content-Type", "text/html; charset=utf-8");
    view->head(&page);
    reader_print(&page);
    reader_add_root(&page);
    return page.out->failed || request->arena->has_failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}
