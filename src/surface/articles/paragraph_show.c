/* paragraph_show.c: one paragraph at its durable address: what became of it, and what stands
 * around it. */
#include <inttypes.h>
#include <stdio.h>

#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/paragraphs.h"
#include "surface/articles/revisions.h"
#include "surface/handlers.h"
#include "surface/shapes.h"
#include "surface/suggest.h"

static json_t *address_json(struct request *request, const char *prefix, int64_t id) {
    return render_text(address_by_id(request->arena, prefix, id, ""));
}

/* 410: it was in the last version of an article that was deleted. */
static enum problem reply_gone_with(struct request *request, struct reply *reply,
                                    const struct rows *rows) {
    int64_t id = rows_int(rows, PARAGRAPH_ID), article_id = rows_int(rows, PARAGRAPH_ARTICLE_ID);
    fault_set(&request->fault,
              "paragraph %" PRId64 " went with its article, /v1/articles/%" PRId64
              ", which was deleted; /v1/articles/%" PRId64 "/revisions has its versions",
              id, article_id, article_id);
    json_t *tombstone = json_object();
    render_set(tombstone, "id", json_integer(id));
    render_set(tombstone, "article", address_json(request, "/v1/articles/", article_id));
    render_set(tombstone, "first_version", json_integer(rows_int(rows, PARAGRAPH_FIRST_VERSION)));
    render_set(tombstone, "removed_in_version", json_null());
    if (!render_set(tombstone, "merged_into", json_null()))
        return PROBLEM_OUT_OF_MEMORY;
    reply_problem_with(request, reply, PROBLEM_GONE, tombstone);
    return PROBLEM_NONE;
}

/* Whether it was there as long as its article was. */
static enum problem went_with_article(struct request *request, const struct rows *paragraph,
                                      bool *did) {
    int64_t article_id = rows_int(paragraph, PARAGRAPH_ARTICLE_ID);
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_deletion_by_id, &rows, STORE_VALUES(STORE_INT(article_id)));
    *did = rows_next(&rows) && rows_int(paragraph, PARAGRAPH_LAST_VERSION) > rows_int(&rows, 3);
    return rows_end(&rows);
}

/* 410, with what is left: which version took it away, and where to look now. */
static enum problem reply_gone(struct request *request, struct reply *reply,
                               const struct rows *rows) {
    bool went_with = false;
    enum problem problem = went_with_article(request, rows, &went_with);
    if (problem != PROBLEM_NONE)
        return problem;
    if (went_with)
        return reply_gone_with(request, reply, rows);
    int64_t id = rows_int(rows, PARAGRAPH_ID), article_id = rows_int(rows, PARAGRAPH_ARTICLE_ID);
    int64_t version = rows_int(rows, PARAGRAPH_LAST_VERSION);
    int64_t heir = rows_int(rows, PARAGRAPH_RELATED_ID); /* 0 when NULL */
    char where[80] = "";
    if (heir > 0)
        snprintf(where, sizeof where, "; its text is now part of /v1/paragraphs/%" PRId64, heir);
    fault_set(&request->fault,
              "paragraph %" PRId64 " was removed in version %" PRId64 " of /v1/articles/%" PRId64
              "%s",
              id, version, article_id, where);
    json_t *tombstone = json_object();
    render_set(tombstone, "id", json_integer(id));
    render_set(tombstone, "article", address_json(request, "/v1/articles/", article_id));
    render_set(tombstone, "first_version", json_integer(rows_int(rows, PARAGRAPH_FIRST_VERSION)));
    render_set(tombstone, "removed_in_version", json_integer(version));
    bool is_whole =
        render_set(tombstone, "merged_into",
                   heir > 0 ? address_json(request, "/v1/paragraphs/", heir) : json_null());
    if (!is_whole)
        return PROBLEM_OUT_OF_MEMORY;
    reply_problem_with(request, reply, PROBLEM_GONE, tombstone);
    return PROBLEM_NONE;
}

static bool set_history(struct request *request, json_t *paragraph, const struct rows *rows) {
    struct span match = rows_text(rows, PARAGRAPH_MATCH);
    int64_t origin = rows_int(rows, PARAGRAPH_RELATED_ID);
    render_set(paragraph, "match", render_text(match));
    render_set(paragraph, "edited", json_boolean(span_is(match, "edited")));
    render_set(paragraph, "moved", json_boolean(span_is(match, "moved")));
    return render_set(paragraph, "came_from",
                      origin > 0 ? address_json(request, "/v1/paragraphs/", origin) : json_null());
}

static enum problem set_article(struct request *request, json_t *paragraph, int64_t article_id) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(article_id)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? PROBLEM_CORRUPT : problem;
    }
    json_t *small = shape_article_small(request, &rows);
    bool is_whole = render_set(small, "version", json_integer(rows_int(&rows, ARTICLE_VERSION))) &&
                    render_set(paragraph, "article", small);
    return is_whole ? rows_end(&rows) : PROBLEM_OUT_OF_MEMORY;
}

enum problem paragraphs_shape(struct request *request, const struct rows *rows, json_t **out) {
    *out = shape_paragraph(request, rows);
    if (!set_history(request, *out, rows))
        return PROBLEM_OUT_OF_MEMORY;
    return set_article(request, *out, rows_int(rows, PARAGRAPH_ARTICLE_ID));
}

static enum problem set_context(struct request *request, json_t *paragraph, int64_t article_id,
                                int64_t position, int64_t context) {
    json_t *before = NULL, *after = NULL;
    enum problem problem =
        shape_paragraphs(request, article_id, position - context, position - 1, &before);
    if (problem == PROBLEM_NONE)
        problem = shape_paragraphs(request, article_id, position + 1, position + context, &after);
    if (problem == PROBLEM_NONE &&
        (!render_set(paragraph, "before", before) || !render_set(paragraph, "after", after)))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* One text that it has had: the first version that is known to have it. */
static bool add_revision(struct request *request, json_t *revisions, int64_t article_id,
                         int64_t version, const struct rows *rows) {
    json_t *json = json_object();
    render_set(json, "version", json_integer(version));
    render_set(json, "n", json_integer(rows_int(rows, PARAGRAPH_POSITION)));
    render_set(json, "text", render_text(rows_text(rows, PARAGRAPH_TEXT)));
    render_set(json, "words", json_integer(rows_int(rows, PARAGRAPH_WORDS)));
    struct span url = revisions_address(request->arena, article_id, version);
    return render_set(json, "url", render_text(url)) &&
           json_array_insert_new(revisions, 0, json) == 0;
}

/* Every text that it has had, newest first; `now` is the row that it is now. */
static enum problem set_revisions(struct request *request, json_t *paragraph, int64_t article_id,
                                  const struct rows *now) {
    enum { VERSION }; /* where a paragraph has its id; the columns after it are the same */
    json_t *revisions = json_array();
    struct span before = {NULL, 0};
    bool is_whole = true;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_revision_paragraph_texts, &rows,
                STORE_VALUES(STORE_INT(article_id), STORE_INT(rows_int(now, PARAGRAPH_ID))));
    while (is_whole && rows_next(&rows)) {
        struct span text = rows_text(&rows, PARAGRAPH_TEXT);
        if (before.at != NULL && span_equal(before, text))
            continue;
        before = arena_copy(request->arena, text);
        is_whole = before.at != NULL &&
                   add_revision(request, revisions, article_id, rows_int(&rows, VERSION), &rows);
    }
    if (is_whole && (before.at == NULL || !span_equal(before, rows_text(now, PARAGRAPH_TEXT))))
        is_whole = add_revision(request, revisions, article_id,
                                rows_int(now, PARAGRAPH_LAST_VERSION), now);
    enum problem problem = rows_end(&rows);
    if (problem != PROBLEM_NONE)
        return problem;
    return is_whole && render_set(paragraph, "revisions", revisions) ? PROBLEM_NONE
                                                                     : PROBLEM_OUT_OF_MEMORY;
}

enum problem paragraphs_find(struct request *request, struct reply *reply, struct rows *rows,
                             bool *is_gone) {
    int64_t id = request->params.values[PARAM_PATH_PARAGRAPH].number;
    *is_gone = false;
    store_query(request->store, SQL_paragraph_by_id, rows, STORE_VALUES(STORE_INT(id)));
    if (!rows_next(rows)) {
        enum problem problem = rows_end(rows);
        return problem == PROBLEM_NONE ? suggest_paragraph(request) : problem;
    }
    *is_gone = rows_type(rows, PARAGRAPH_POSITION) == STORE_TYPE_NULL;
    return *is_gone ? reply_gone(request, reply, rows) : PROBLEM_NONE;
}

enum problem paragraph_show(struct request *request, struct reply *reply) {
    const struct param_value *context = &request->params.values[PARAM_CONTEXT];
    bool is_gone;
    rows_auto struct rows rows = {0};
    enum problem problem = paragraphs_find(request, reply, &rows, &is_gone);
    if (problem != PROBLEM_NONE || is_gone)
        return problem;
    json_t *paragraph = NULL;
    int64_t article_id = rows_int(&rows, PARAGRAPH_ARTICLE_ID);
    problem = paragraphs_shape(request, &rows, &paragraph);
    if (problem == PROBLEM_NONE && context->is_given)
        problem = set_context(request, paragraph, article_id, rows_int(&rows, PARAGRAPH_POSITION),
                              context->number);
    if (problem == PROBLEM_NONE && params_has_word(&request->params, PARAM_PARAGRAPH_INCLUDE,
                                                   PARAM_PARAGRAPH_INCLUDE_REVISIONS))
        problem = set_revisions(request, paragraph, article_id, &rows);
    if (problem == PROBLEM_NONE)
        problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? reply_json(request, reply, paragraph, PARAM_PARAGRAPH_FIELDS)
                                   : problem;
}
