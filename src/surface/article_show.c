/* article_show.c: one article, as JSON, as its source text, or as Markdown. */
#include "domain/article_markdown.h"
#include "domain/article_text.h"
#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles.h"
#include "surface/handlers.h"
#include "surface/shapes.h"
#include "surface/suggest.h"

enum problem articles_find(struct request *request, struct rows *rows) {
    const struct param_value *given = &request->params.values[PARAM_PATH_ARTICLE];
    if (given->number > 0)
        store_query(request->store, SQL_article_by_id, rows,
                    STORE_VALUES(STORE_INT(given->number)));
    else
        store_query(request->store, SQL_article_by_slug, rows,
                    STORE_VALUES(STORE_TEXT(given->text)));
    if (rows_next(rows))
        return PROBLEM_NONE;
    enum problem problem = rows_end(rows);
    return problem == PROBLEM_NONE ? suggest_article(request) : problem;
}

/* The forms of an article; the plain address is the first. */
static const struct form {
    const char *suffix;
    const char *type;
} forms[] = {
    {"", "application/json"},
    {".txt", "text/plain"},
    {".md", "text/markdown"},
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

/* Says where the other forms are. */
static void add_alternates(struct request *request, struct reply *reply, int64_t id, size_t own) {
    struct address_link links[FORM_COUNT] = {{{NULL, 0}, NULL, NULL}};
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (i != own)
            links[i] = (struct address_link){
                address_by_id(request->arena, "/v1/articles/", id, forms[i].suffix), "alternate",
                forms[i].type};
    }
    reply_field(reply, "Link", address_link_field(request->arena, links, FORM_COUNT));
}

/* ---- JSON ---- */

static enum problem add_included(struct request *request, int64_t id, struct span published,
                                 json_t *article) {
    enum problem problem = PROBLEM_NONE;
    if (params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_NEIGHBORS))
        problem = articles_add_neighbors(request, id, published, article);
    if (problem == PROBLEM_NONE &&
        params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED))
        problem = articles_add_related(request, id, article);
    return problem;
}

static enum problem show_json(struct request *request, struct reply *reply, struct rows *rows) {
    int64_t id = rows_int(rows, ARTICLE_ID);
    struct span published = arena_copy(request->arena, rows_text(rows, ARTICLE_PUBLISHED));
    json_t *article = NULL, *paragraphs = NULL;
    enum problem problem = shape_article(request, rows, &article);
    if (problem == PROBLEM_NONE)
        problem = rows_end(rows); /* other articles are read with the same statement */
    if (problem == PROBLEM_NONE)
        problem = shape_paragraphs(request, id, 1, INT64_MAX, &paragraphs);
    if (problem == PROBLEM_NONE && !render_set(article, "paragraphs", paragraphs))
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_NONE)
        problem = add_included(request, id, published, article);
    if (problem != PROBLEM_NONE)
        return problem;
    add_alternates(request, reply, id, 0);
    return reply_json(request, reply, article, PARAM_ARTICLE_FIELDS);
}

/* ---- text ---- */

static enum problem append_span(struct request *request, struct span_list *list, size_t capacity,
                                struct span text) {
    if (list->count == capacity)
        return PROBLEM_CORRUPT;
    list->items[list->count] = arena_copy(request->arena, text);
    return list->items[list->count++].at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static bool new_list(struct request *request, struct span_list *list, size_t capacity) {
    list->items = arena_alloc(request->arena, capacity * sizeof *list->items);
    list->count = 0;
    return list->items != NULL;
}

static enum problem load_terms(struct request *request, int64_t id, struct article *article) {
    struct {
        struct span_list *list;
        size_t capacity;
    } by_kind[] = {
        [TERM_AUTHOR] = {&article->authors, ARTICLE_AUTHORS_MAX},
        [TERM_SECTION] = {&article->section, ARTICLE_SECTION_DEPTH_MAX},
        [TERM_TAG] = {&article->tags, ARTICLE_TAGS_MAX},
    };
    for (size_t i = TERM_AUTHOR; i <= TERM_TAG; i++) {
        if (!new_list(request, by_kind[i].list, by_kind[i].capacity))
            return PROBLEM_OUT_OF_MEMORY;
    }
    rows_auto struct rows rows = {0};
    enum problem problem = PROBLEM_NONE;
    store_query(request->store, SQL_term_by_article, &rows, STORE_VALUES(STORE_INT(id)));
    while (problem == PROBLEM_NONE && rows_next(&rows)) {
        int64_t kind = rows_int(&rows, ARTICLE_TERM_KIND);
        problem = append_span(request, by_kind[kind].list, by_kind[kind].capacity,
                              rows_text(&rows, ARTICLE_TERM_NAME));
    }
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

static enum problem load_paragraphs(struct request *request, int64_t id, size_t count,
                                    struct article *article) {
    rows_auto struct rows rows = {0};
    enum problem problem =
        new_list(request, &article->paragraphs, count) ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
    store_query(request->store, SQL_paragraph_by_place, &rows,
                STORE_VALUES(STORE_INT(id), STORE_INT(1), STORE_INT(INT64_MAX)));
    while (problem == PROBLEM_NONE && rows_next(&rows))
        problem =
            append_span(request, &article->paragraphs, count, rows_text(&rows, PARAGRAPH_TEXT));
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

static enum problem load_article(struct request *request, const struct rows *rows,
                                 struct article *article) {
    int64_t id = rows_int(rows, ARTICLE_ID);
    size_t paragraph_count = (size_t)rows_int(rows, ARTICLE_PARAGRAPH_COUNT);
    struct span published = rows_text(rows, ARTICLE_PUBLISHED);
    *article =
        (struct article){.title = arena_copy(request->arena, rows_text(rows, ARTICLE_TITLE))};
    if (article->title.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (published.bytes < sizeof article->published)
        memcpy(article->published, published.at, published.bytes);
    enum problem problem = load_terms(request, id, article);
    return problem == PROBLEM_NONE ? load_paragraphs(request, id, paragraph_count, article)
                                   : problem;
}

static enum problem show_text(struct request *request, struct reply *reply, struct rows *rows) {
    struct article article;
    int64_t id = rows_int(rows, ARTICLE_ID);
    bool is_markdown = span_is(request->target.suffix, "md");
    enum problem problem = load_article(request, rows, &article);
    if (problem != PROBLEM_NONE)
        return problem;
    add_alternates(request, reply, id, is_markdown ? 2 : 1);
    if (is_markdown)
        article_markdown_print(&article, &reply->body);
    else
        article_text_print(&article, &reply->body);
    return reply_text(reply,
                      is_markdown ? "text/markdown; charset=utf-8" : "text/plain; charset=utf-8");
}

/* `fields` and `include` choose members of JSON; text has none. */
static enum problem check_text_params(struct request *request) {
    const struct param_value *values = request->params.values;
    bool has_fields = values[PARAM_ARTICLE_FIELDS].is_given;
    if (!has_fields && !values[PARAM_ARTICLE_INCLUDE].is_given)
        return PROBLEM_NONE;
    const char *name = has_fields ? "fields" : "include";
    fault_set(&request->fault, "%s chooses members of JSON; leave it out, or ask without .%.*s",
              name, (int)request->target.suffix.bytes, request->target.suffix.at);
    memcpy(request->fault.name, name, strlen(name) + 1);
    return PROBLEM_BAD_PARAMETER;
}

enum problem article_show(struct request *request, struct reply *reply) {
    bool is_text = request->target.suffix.bytes > 0 && !span_is(request->target.suffix, "json");
    enum problem problem = is_text ? check_text_params(request) : PROBLEM_NONE;
    if (problem != PROBLEM_NONE)
        return problem;
    rows_auto struct rows rows = {0};
    problem = articles_find(request, &rows);
    if (problem != PROBLEM_NONE)
        return problem;
    return is_text ? show_text(request, reply, &rows) : show_json(request, reply, &rows);
}
