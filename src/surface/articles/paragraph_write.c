/* paragraph_write.c: single paragraphs put in, replaced, moved, taken out. Each is a change of its
 * article: all other paragraphs keep their ids, and If-Match names the article's version. */
#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/paragraphs.h"
#include "surface/handlers.h"
#include "surface/suggest.h"
#include "surface/writing/write.h"

static const char *const own_members[] = {"text", "position", NULL};

/* What a body says of a paragraph. */
struct paragraph_input {
    bool has_text;
    struct span text;
    int64_t position; /* 0 = not said */
};

static enum problem read_text(struct write *write, bool must_be_there,
                              struct paragraph_input *out) {
    const json_t *value = json_object_get(write->json, "text");
    if (value == NULL && must_be_there)
        json_errors_add(&write->errors, "text", "text is missing");
    else if (value != NULL && !json_is_string(value))
        json_errors_add(&write->errors, "text", "text must be a text");
    if (!json_is_string(value))
        return PROBLEM_NONE;
    out->has_text = true;
    out->text = (struct span){json_string_value(value), json_string_length(value)};
    const struct article probe = {.title = SPAN_LITERAL("x"), .paragraphs = {&out->text, 1}};
    return write_check_part(write, &probe, "text");
}

static void read_position(struct write *write, int64_t last, struct paragraph_input *out) {
    const json_t *value = json_object_get(write->json, "position");
    if (value == NULL)
        return;
    out->position = json_integer_value(value); /* 0 when it is none */
    if (out->position < 1 || out->position > last)
        json_errors_add(&write->errors, "position",
                        "position must be a whole number from 1 to %lld", (long long)last);
}

/* `last` is the highest place that it can have; `current` the paragraph as it is shown. */
static enum problem read_input(struct write *write, bool must_have_text, int64_t last,
                               const json_t *current, struct paragraph_input *out) {
    *out = (struct paragraph_input){.position = 0};
    write_check_members(write, write->json, own_members, current);
    enum problem problem = read_text(write, must_have_text, out);
    read_position(write, last, out);
    return problem == PROBLEM_NONE ? write_check_errors(write) : problem;
}

/* ---- the article around it ---- */

/* The paragraphs of an article with one taken out at place `out` and one put in at place `in`, both
 * from 1; 0 = none. */
struct splice {
    int64_t out, in;
    struct span text;
    int64_t id; /* of the one put in; 0 = new */
};

static enum problem splice_paragraphs(struct write *write, const struct article_stored *stored,
                                      const struct splice *splice, struct article *article,
                                      int64_t **ids) {
    const struct span_list *old = &stored->article.paragraphs;
    struct arena *arena = write->request->arena;
    struct span *texts = arena_alloc(arena, (old->count + 1) * sizeof *texts);
    *ids = arena_alloc(arena, (old->count + 1) * sizeof **ids);
    if (texts == NULL || *ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i <= old->count; i++) {
        if (splice->in == (int64_t)count + 1) {
            texts[count] = splice->text;
            (*ids)[count++] = splice->id;
        }
        if (i == old->count || splice->out == (int64_t)i + 1)
            continue;
        texts[count] = old->items[i];
        (*ids)[count++] = stored->paragraph_ids[i];
    }
    *article = stored->article;
    article->paragraphs = (struct span_list){texts, count};
    return PROBLEM_NONE;
}

static enum problem change_article(struct write *write, int64_t article_id,
                                   const struct splice *splice,
                                   struct article_edit_result *result) {
    struct article_stored stored;
    struct article article;
    int64_t *ids;
    enum problem problem = article_edit_load(&write->edit, article_id, &stored);
    if (problem == PROBLEM_NONE)
        problem = splice_paragraphs(write, &stored, splice, &article, &ids);
    if (problem == PROBLEM_NONE)
        problem = write_check_whole(write, &article);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_edit_replace(&write->edit, article_id, &article, (struct span){NULL, 0}, ids,
                                result, &write->request->fault);
}

/* ---- put in ---- */

static enum problem find_id_at(struct write *write, int64_t article_id, int64_t position,
                               int64_t *id) {
    return store_int(write->edit.store, SQL_paragraph_by_place, id,
                     STORE_VALUES(STORE_INT(article_id), STORE_INT(position), STORE_INT(position)));
}

static enum problem create_step(struct write *write) {
    struct write_article found;
    struct paragraph_input input;
    struct article_edit_result result;
    int64_t id;
    enum problem problem = write_open_article(write, &found);
    if (problem == PROBLEM_NONE)
        problem = read_input(write, true, found.paragraph_count + 1, NULL, &input);
    if (problem != PROBLEM_NONE)
        return problem;
    struct splice splice = {0, input.position, input.text, 0};
    if (splice.in == 0)
        splice.in = found.paragraph_count + 1;
    problem = change_article(write, found.id, &splice, &result);
    if (problem == PROBLEM_NONE)
        problem = find_id_at(write, found.id, splice.in, &id);
    if (problem != PROBLEM_NONE)
        return problem;
    write->location = address_by_id(write->request->arena, "/v1/paragraphs/", id, "").at;
    return write->location == NULL ? PROBLEM_OUT_OF_MEMORY
                                   : write_reply_paragraph(write, 201, id, result.version);
}

enum problem paragraph_create(struct request *request, struct reply *reply) {
    return write_run(request, reply, WRITE_TYPE_JSON, false, create_step);
}

/* ---- replaced, moved, taken out ---- */

/* A paragraph that is there, and its article. */
struct found {
    int64_t id, position;
    struct span text;
    struct write_article article;
    json_t *json; /* as it is shown */
};

static enum problem refuse_gone(struct write *write, const struct rows *rows) {
    fault_set(&write->request->fault,
              "this paragraph was removed in version %lld of /v1/articles/%lld",
              (long long)rows_int(rows, PARAGRAPH_LAST_VERSION),
              (long long)rows_int(rows, PARAGRAPH_ARTICLE_ID));
    return PROBLEM_GONE;
}

static enum problem find(struct write *write, struct found *out) {
    struct request *request = write->request;
    rows_auto struct rows rows = {0};
    out->id = request->params.values[PARAM_PATH_PARAGRAPH].number;
    store_query(write->edit.store, SQL_paragraph_by_id, &rows, STORE_VALUES(STORE_INT(out->id)));
    if (!rows_next(&rows)) {
        enum problem problem = rows_end(&rows);
        return problem == PROBLEM_NONE ? suggest_paragraph(request) : problem;
    }
    if (rows_type(&rows, PARAGRAPH_POSITION) == STORE_TYPE_NULL)
        return refuse_gone(write, &rows);
    int64_t article_id = rows_int(&rows, PARAGRAPH_ARTICLE_ID);
    out->position = rows_int(&rows, PARAGRAPH_POSITION);
    out->text = arena_copy(request->arena, rows_text(&rows, PARAGRAPH_TEXT));
    enum problem problem = paragraphs_shape(request, &rows, &out->json);
    if (problem == PROBLEM_NONE)
        problem = rows_end(&rows);
    if (problem == PROBLEM_NONE && out->text.at == NULL)
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_NONE)
        problem = write_find_article_by_id(write, article_id, &out->article);
    return problem == PROBLEM_NONE ? write_check_match(write, &out->article) : problem;
}

static enum problem replace_step(struct write *write) {
    struct found found = {.id = 0};
    struct paragraph_input input;
    struct article_edit_result result;
    bool must_have_text = write->request->method == METHOD_PUT;
    enum problem problem = find(write, &found);
    if (problem == PROBLEM_NONE)
        problem =
            read_input(write, must_have_text, found.article.paragraph_count, found.json, &input);
    if (problem != PROBLEM_NONE)
        return problem;
    struct splice splice = {found.position, input.position == 0 ? found.position : input.position,
                            input.has_text ? input.text : found.text, found.id};
    problem = change_article(write, found.article.id, &splice, &result);
    return problem == PROBLEM_NONE ? write_reply_paragraph(write, 200, found.id, result.version)
                                   : problem;
}

enum problem paragraph_replace(struct request *request, struct reply *reply) {
    unsigned patch = request->method == METHOD_PATCH ? WRITE_TYPE_MERGE_PATCH : 0;
    return write_run(request, reply, WRITE_TYPE_JSON | patch, false, replace_step);
}

static enum problem delete_step(struct write *write) {
    struct found found = {.id = 0};
    struct article_edit_result result;
    enum problem problem = find(write, &found);
    if (problem != PROBLEM_NONE)
        return problem;
    struct splice splice = {found.position, 0, {NULL, 0}, 0};
    problem = change_article(write, found.article.id, &splice, &result);
    return problem == PROBLEM_NONE ? write_reply_nothing(write, result.version) : problem;
}

enum problem paragraph_delete(struct request *request, struct reply *reply) {
    return write_run(request, reply, 0, true, delete_step);
}
