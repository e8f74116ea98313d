/* article_show.c: one article, as JSON, as its source text, or as Markdown. */
#include "engine/render.h"
#include "surface/articles/article_forms.h"
#include "surface/articles/article_jsonld.h"
#include "surface/articles/articles.h"
#include "surface/articles/revisions.h"
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

static enum problem add_included(struct request *request, int64_t id, struct span published,
                                 json_t *article) {
    enum problem problem = PROBLEM_NONE;
    if (params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_NEIGHBORS))
        problem = articles_add_neighbors(request, id, published, article);
    if (problem == PROBLEM_NONE &&
        params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED))
        problem = articles_add_related(request, id, article);
    if (problem == PROBLEM_NONE &&
        params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_REVISIONS))
        problem = revisions_add_newest(request, id, INT64_MAX, article);
    return problem;
}

enum problem articles_shape_whole(struct request *request, struct rows *rows, json_t **out) {
    int64_t id = rows_int(rows, ARTICLE_ID);
    json_t *paragraphs = NULL;
    enum problem problem = shape_article(request, rows, out);
    if (problem == PROBLEM_NONE)
        problem = rows_end(rows); /* other articles are read with the same statement */
    if (problem == PROBLEM_NONE)
        problem = shape_paragraphs(request, id, 1, INT64_MAX, &paragraphs);
    if (problem == PROBLEM_NONE && !render_set(*out, "paragraphs", paragraphs))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem show_json(struct request *request, struct reply *reply, struct rows *rows) {
    int64_t id = rows_int(rows, ARTICLE_ID);
    struct span published = arena_copy(request->arena, rows_text(rows, ARTICLE_PUBLISHED));
    json_t *article = NULL;
    enum problem problem = articles_shape_whole(request, rows, &article);
    if (problem == PROBLEM_NONE)
        problem = add_included(request, id, published, article);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_jsonld_reply(request, reply, article, PARAM_ARTICLE_FIELDS);
}

/* ---- as it was ---- */

static enum problem show_as_of(struct request *request, struct reply *reply) {
    struct revision_place place;
    int64_t version;
    if (params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_NEIGHBORS) ||
        params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_RELATED)) {
        fault_set(&request->fault,
                  "neighbors and related are those of today; leave them out, or ask "
                  "without as_of");
        memcpy(request->fault.name, "include", sizeof "include");
        return PROBLEM_BAD_PARAMETER;
    }
    enum problem problem = revisions_choose(request, &place, &version);
    if (problem != PROBLEM_NONE)
        return revisions_refuse(request, reply, &place, problem);
    reply_field(reply, "Content-Location",
                revisions_address(request->arena, place.article_id, version).at);
    return revisions_reply(request, reply, &place, version, PARAM_ARTICLE_FIELDS);
}

enum problem article_show(struct request *request, struct reply *reply) {
    bool is_text;
    enum problem problem = article_forms_check(request, PARAM_ARTICLE_FIELDS, &is_text);
    if (problem != PROBLEM_NONE)
        return problem;
    if (request->params.values[PARAM_AS_OF].is_given)
        return show_as_of(request, reply);
    rows_auto struct rows rows = {0};
    problem = articles_find(request, &rows);
    if (problem != PROBLEM_NONE)
        return problem;
    int64_t id = rows_int(&rows, ARTICLE_ID), version = rows_int(&rows, ARTICLE_VERSION);
    article_forms_link(request, reply, address_by_id(request->arena, "/v1/articles/", id, ""), NULL,
                       0);
    return is_text ? article_forms_reply(request, reply, id, version)
                   : show_json(request, reply, &rows);
}
