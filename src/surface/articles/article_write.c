/* article_write.c: articles made, replaced, patched, deleted, and old versions of them restored. */
#include "surface/address.h"
#include "surface/articles/article_input.h"
#include "surface/articles/revisions.h"
#include "surface/handlers.h"
#include "surface/writing/write.h"

/* ---- made ---- */

static enum problem create(struct write *write, struct article_input *input) {
    struct article_edit_result result;
    struct request *request = write->request;
    enum problem problem =
        article_edit_create(&write->edit, &input->article, input->slug, &result, &request->fault);
    /* What is there already collides with a wish to make it, and with If-None-Match: *. */
    if (problem == PROBLEM_CONFLICT && write_is_create_only(write))
        return PROBLEM_PRECONDITION_FAILED;
    if (problem != PROBLEM_NONE)
        return problem;
    write->location = address_by_id(request->arena, "/v1/articles/", result.article_id, "").at;
    return write->location == NULL
               ? PROBLEM_OUT_OF_MEMORY
               : write_reply_article(write, 201, result.article_id, result.version);
}

static enum problem create_step(struct write *write) {
    struct article_input input;
    enum problem problem = article_input_read(write, NULL, &input);
    return problem == PROBLEM_NONE ? create(write, &input) : problem;
}

enum problem article_create(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON | WRITE_TYPE_TEXT, false, create_step);
}

/* ---- replaced ---- */

static enum problem replace(struct write *write, const struct write_article *found) {
    struct article_input input;
    struct article_edit_result result;
    json_t *current = NULL;
    enum problem problem = write_shape_article(write, found->id, &current);
    if (problem == PROBLEM_NONE)
        problem = article_input_read(write, current, &input);
    if (problem == PROBLEM_NONE)
        problem = article_edit_replace(&write->edit, found->id, &input.article, input.slug,
                                       input.ids, &result, &write->request->fault);
    return problem == PROBLEM_NONE ? write_reply_article(write, 200, found->id, result.version)
                                   : problem;
}

/* PUT to a slug that nothing has, when only that is wanted. */
static enum problem create_at_slug(struct write *write) {
    const struct param_value *given = &write->request->params.values[PARAM_PATH_ARTICLE];
    struct article_input input;
    fault_init(&write->request->fault); /* that there is none is what was wanted */
    enum problem problem = write_check_slug(write, given->text, "article", "slug");
    if (problem == PROBLEM_NONE)
        problem = article_input_read(write, NULL, &input);
    if (problem == PROBLEM_NONE && input.slug.bytes > 0 && !span_equal(input.slug, given->text))
        json_errors_add(&write->errors, "slug", "the slug differs from the one in the address");
    if (problem == PROBLEM_NONE)
        problem = write_check_errors(write);
    if (problem != PROBLEM_NONE)
        return problem;
    input.slug = given->text;
    return create(write, &input);
}

static enum problem replace_step(struct write *write) {
    const struct request *request = write->request;
    struct write_article found;
    enum problem problem = write_find_article(write, &found);
    if (problem == PROBLEM_NOT_FOUND && request->method == METHOD_PUT &&
        request->params.values[PARAM_PATH_ARTICLE].number == 0 && write_is_create_only(write))
        return create_at_slug(write);
    if (problem == PROBLEM_NONE)
        problem = write_check_match(write, &found);
    return problem == PROBLEM_NONE ? replace(write, &found) : problem;
}

enum problem article_replace(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON | WRITE_TYPE_TEXT, false, replace_step);
}

enum problem article_patch(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON | WRITE_TYPE_MERGE_PATCH, false, replace_step);
}

/* ---- deleted ---- */

static enum problem delete_step(struct write *write) {
    struct write_article found;
    struct article_edit_result result;
    enum problem problem = write_open_article(write, &found);
    if (problem == PROBLEM_NONE)
        problem = article_edit_delete(&write->edit, found.id, &result);
    return problem == PROBLEM_NONE ? write_reply_nothing(write, 0) : problem;
}

enum problem article_delete(struct request *request, struct reply *reply) {
    return write_run(request, reply, 0, true, delete_step);
}

/* ---- restored ---- */

static enum problem restore_step(struct write *write) {
    struct request *request = write->request;
    int64_t version = request->params.values[PARAM_PATH_VERSION].number;
    struct write_article found;
    struct article_edit_result result;
    enum problem problem = write_open_article(write, &found);
    if (problem != PROBLEM_NONE)
        return problem;
    const struct revision_place place = {.article_id = found.id, .version = found.version};
    problem = revisions_check(request, &place, version);
    if (problem == PROBLEM_NONE)
        problem = article_edit_restore(&write->edit, found.id, version, &result, &request->fault);
    return problem == PROBLEM_NONE ? write_reply_article(write, 200, found.id, result.version)
                                   : problem;
}

enum problem article_restore(struct request *request, struct reply *reply) {
    return write_run(request, reply, 0, true, restore_step);
}
