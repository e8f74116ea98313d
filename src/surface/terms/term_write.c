/* term_write.c: a tag called otherwise, and two tags made one. Either changes all articles that
 * carry it. A tag has no version of its own, so If-Match is not asked for. */
#include <inttypes.h>

#include "engine/precondition.h"
#include "engine/render.h"
#include "surface/handlers.h"
#include "surface/representation.h"
#include "surface/terms/terms.h"
#include "surface/writing/write.h"

enum { NO_VERSION = -1 };

/* A tag's ETag is the state of the whole store, so nothing may have been written since. */
static enum problem check_match(struct write *write) {
    struct request *request = write->request;
    int64_t seq;
    if (request->head.if_match.at == NULL)
        return PROBLEM_NONE;
    enum problem problem = store_seq(write->edit.store, &seq);
    if (problem != PROBLEM_NONE || etag_fits(request->head.if_match, NO_VERSION, seq, 0))
        return problem;
    write->etag =
        representation_etag(request, request->target.raw_path, 's', seq, 0, &write->reply->body);
    fault_set(&request->fault, "the store has changed since; read the tag again");
    return write->etag == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_PRECONDITION_FAILED;
}

/* The term as it is now, and how many articles changed with it. */
static enum problem reply_term(struct write *write, int64_t id, int64_t articles) {
    struct request *request = write->request;
    struct term term;
    json_t *json = NULL;
    enum problem problem = terms_load(request, id, &term);
    if (problem == PROBLEM_NONE)
        problem = terms_shape(request, terms_kind_of(request), &term, &json);
    if (problem == PROBLEM_NONE && !render_set(json, "changed", json_integer(articles)))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem == PROBLEM_NONE ? write_reply_json(write, 200, json, PARAM_TERM_FIELDS)
                                   : problem;
}

/* A member that must be a text; .at NULL when it is not there. */
static struct span read_text(struct write *write, const char *name) {
    const json_t *value = json_object_get(write->json, name);
    if (json_is_string(value))
        return (struct span){json_string_value(value), json_string_length(value)};
    if (value != NULL)
        json_errors_add(&write->errors, name, "%s must be a text", name);
    return (struct span){NULL, 0};
}

/* ---- called otherwise ---- */

struct rename {
    struct span name, slug; /* .at NULL: not said */
};

static enum problem read_rename(struct write *write, const json_t *current, struct rename *out) {
    static const char *const own[] = {"name", "slug", NULL};
    enum problem problem = PROBLEM_NONE;
    write_check_members(write, write->json, own, current);
    out->name = read_text(write, "name");
    out->slug = read_text(write, "slug");
    if (out->name.at != NULL)
        problem = write_check_tag(write, out->name, "name");
    if (problem == PROBLEM_NONE && out->slug.at != NULL)
        problem = write_check_slug(write, out->slug, "tag", "slug");
    if (problem == PROBLEM_NONE && json_object_size(write->json) == 0)
        json_errors_add(&write->errors, "", "there is neither name nor slug");
    return problem == PROBLEM_NONE ? write_check_errors(write) : problem;
}

/* A slug alone keeps the name. One that is sent along with another name holds, also the present
 * one; without it the address is made from the name. */
static enum problem rename_term(struct write *write, const struct term *term, struct rename *change,
                                int64_t *articles) {
    bool keeps_name = change->name.at == NULL || span_equal(change->name, term->name);
    bool keeps_slug = change->slug.at == NULL || span_equal(change->slug, term->slug);
    if (keeps_name && keeps_slug)
        return PROBLEM_NONE;
    if (change->name.at == NULL)
        change->name = term->name;
    return article_edit_term_rename(&write->edit, TERM_TAG, term->id, change->name, change->slug,
                                    articles, &write->request->fault);
}

static enum problem rename_step(struct write *write) {
    struct term term;
    struct rename change;
    json_t *current = NULL;
    int64_t articles = 0;
    enum problem problem = terms_find(write->request, &term);
    if (problem == PROBLEM_NONE)
        problem = check_match(write);
    if (problem == PROBLEM_NONE)
        problem = terms_shape(write->request, terms_kind_of(write->request), &term, &current);
    if (problem == PROBLEM_NONE)
        problem = read_rename(write, current, &change);
    if (problem == PROBLEM_NONE)
        problem = rename_term(write, &term, &change, &articles);
    return problem == PROBLEM_NONE ? reply_term(write, term.id, articles) : problem;
}

enum problem tag_rename(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON | WRITE_TYPE_MERGE_PATCH, false, rename_step);
}

/* ---- made one ---- */

/* An old slug leads to what has another one now. */
static enum problem find_by_slug(struct write *write, struct span slug, int64_t *id) {
    struct store_value kind = STORE_INT(TERM_TAG);
    enum problem problem =
        store_int(write->edit.store, SQL_term_by_slug, id, STORE_VALUES(kind, STORE_TEXT(slug)));
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    return store_int(write->edit.store, SQL_old_slug_target, id,
                     STORE_VALUES(kind, STORE_TEXT(slug)));
}

static enum problem find_into(struct write *write, const struct term *from, int64_t *into) {
    static const char *const own[] = {"into", NULL};
    write_check_members(write, write->json, own, NULL);
    struct span slug = read_text(write, "into");
    if (json_object_get(write->json, "into") == NULL)
        json_errors_add(&write->errors, "into",
                        "into is missing: the slug of the tag that remains");
    enum problem problem = write_check_errors(write);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = find_by_slug(write, slug, into);
    if (problem == PROBLEM_NOT_FOUND)
        json_errors_add(&write->errors, "into", "there is no tag of this slug");
    else if (problem != PROBLEM_NONE)
        return problem;
    else if (*into == from->id)
        json_errors_add(&write->errors, "into", "this is the tag itself");
    return write_check_errors(write);
}

static enum problem merge_step(struct write *write) {
    struct term from;
    int64_t into = 0, articles = 0;
    enum problem problem = terms_find(write->request, &from);
    if (problem == PROBLEM_NONE)
        problem = check_match(write);
    if (problem == PROBLEM_NONE)
        problem = find_into(write, &from, &into);
    if (problem == PROBLEM_NONE)
        problem = article_edit_term_merge(&write->edit, TERM_TAG, from.id, into, &articles,
                                          &write->request->fault);
    return problem == PROBLEM_NONE ? reply_term(write, into, articles) : problem;
}

enum problem tag_merge(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON, false, merge_step);
}
