/* revision_show.c: one version of an article, whole. Its bytes are the same before and after the
 * next version is written: nothing here says which one is the current. */
#include "engine/render.h"
#include "surface/articles/article_forms.h"
#include "surface/articles/article_jsonld.h"
#include "surface/articles/revisions.h"
#include "surface/handlers.h"
#include "surface/shapes.h"

static enum problem add_paragraphs(struct request *request, const struct store_value key[2],
                                   json_t *article) {
    json_t *paragraphs = json_array();
    bool is_whole = true;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_revision_paragraphs, &rows, key, 2);
    while (is_whole && rows_next(&rows))
        is_whole = json_array_append_new(paragraphs, shape_paragraph(request, &rows)) == 0;
    enum problem problem = rows_end(&rows);
    if (problem != PROBLEM_NONE)
        return problem;
    return is_whole && render_set(article, "paragraphs", paragraphs) ? PROBLEM_NONE
                                                                     : PROBLEM_OUT_OF_MEMORY;
}

enum problem revisions_load(struct request *request, int64_t article_id, int64_t version,
                            json_t **out) {
    const struct store_value key[2] = {STORE_INT(article_id), STORE_INT(version)};
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_revision_by_version, &rows, key, 2);
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_NOT_FOUND : problem;
    }
    enum problem problem = shape_article_version(
        request, &rows, revisions_address(request->arena, article_id, version), out);
    if (problem == PROBLEM_NONE)
        problem = add_paragraphs(request, key, *out);
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

static enum problem reply_whole(struct request *request, struct reply *reply, int64_t article_id,
                                int64_t version, enum param_id fields_id) {
    json_t *article = NULL;
    enum problem problem = revisions_load(request, article_id, version, &article);
    if (problem == PROBLEM_NONE &&
        params_has_word(&request->params, PARAM_ARTICLE_INCLUDE, PARAM_ARTICLE_INCLUDE_REVISIONS))
        problem = revisions_add_newest(request, article_id, version, article);
    return problem == PROBLEM_NONE ? article_jsonld_reply(request, reply, article, fields_id)
                                   : problem;
}

enum problem revisions_reply(struct request *request, struct reply *reply,
                             const struct revision_place *place, int64_t version,
                             enum param_id fields_id) {
    bool is_text;
    enum problem problem = article_forms_check(request, fields_id, &is_text);
    if (problem != PROBLEM_NONE)
        return problem;
    int64_t id = place->article_id;
    const struct address_link more[] = {
        {address_by_id(request->arena, "/v1/articles/", id, ""), "latest-version", NULL},
        {address_by_id(request->arena, "/v1/articles/", id, "/revisions"), "version-history", NULL},
    };
    article_forms_link(request, reply, revisions_address(request->arena, id, version), more, 2);
    return is_text ? article_forms_reply(request, reply, id, version)
                   : reply_whole(request, reply, id, version, fields_id);
}

enum problem revision_show(struct request *request, struct reply *reply) {
    struct revision_place place;
    int64_t version;
    enum problem problem = revisions_choose(request, &place, &version);
    return problem == PROBLEM_NONE
               ? revisions_reply(request, reply, &place, version, PARAM_ARTICLE_VERSION_FIELDS)
               : revisions_refuse(request, reply, &place, problem);
}
