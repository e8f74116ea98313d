/* moved.c: old addresses. Costs nothing unless something was not found. */
#include "surface/moved.h"

#include "engine/render.h"
#include "surface/address.h"
#include "surface/reader/reader.h"

enum { KIND_ARTICLE = 0 }; /* of old_slug; else an enum term_kind */

/* ---- 308 ---- */

/* The raw path with its segment number `index` (from 0) replaced; a suffix stays. */
static const char *print_address(const struct request *request, size_t index, struct span slug) {
    struct span path = request->target.raw_path, query = request->target.raw_query;
    const char *start = path.at + 1, *path_end = path.at + path.bytes;
    for (size_t i = 0; i < index; i++)
        start = (const char *)memchr(start, '/', (size_t)(path_end - start)) + 1;
    const char *end = memchr(start, '/', (size_t)(path_end - start));
    if (end == NULL)
        end = path_end - request->target.suffix.bytes - (request->target.suffix.bytes > 0);
    struct buffer text;
    buffer_init(&text);
    buffer_append_span(&text, reader_root(request));
    buffer_append(&text, path.at, (size_t)(start - path.at));
    buffer_append_span(&text, address_by_text(request->arena, "", slug));
    buffer_append(&text, end, (size_t)(path_end - end));
    if (query.at != NULL) {
        buffer_append_char(&text, '?');
        buffer_append_span(&text, query);
    }
    return arena_take_buffer(request->arena, &text).at;
}

static enum problem redirect(struct request *request, struct reply *reply, size_t index,
                             struct span slug) {
    const char *address = print_address(request, index, slug);
    if (slug.at == NULL || address == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    reply_clear(reply);
    reply->status = 308;
    reply_field(reply, "Location", address);
    return PROBLEM_NONE;
}

/* ---- 410 ---- */

enum { DELETION_ID, DELETION_SLUG, DELETION_TITLE, DELETION_VERSION, DELETION_AT };

static enum problem reply_deleted(struct request *request, struct reply *reply,
                                  const struct rows *rows) {
    char at[INSTANT_BYTES];
    int64_t id = rows_int(rows, DELETION_ID);
    instant_print(rows_int(rows, DELETION_AT), at);
    struct span address = address_by_id(request->arena, "/v1/articles/", id, "/revisions");
    json_t *tombstone = json_object();
    render_set(tombstone, "id", json_integer(id));
    render_set(tombstone, "slug", render_text(rows_text(rows, DELETION_SLUG)));
    render_set(tombstone, "title", render_text(rows_text(rows, DELETION_TITLE)));
    render_set(tombstone, "version", json_integer(rows_int(rows, DELETION_VERSION)));
    render_set(tombstone, "deleted_at", render_text(span_of(at)));
    json_t *more = json_object();
    bool is_whole = render_set(tombstone, "revisions", render_text(address)) &&
                    render_set(more, "article", tombstone);
    if (!is_whole)
        return PROBLEM_OUT_OF_MEMORY;
    fault_init(&request->fault); /* what was said before is that there is none */
    fault_set(&request->fault, "article %lld was deleted at %s; %s has its versions", (long long)id,
              at, address.at);
    reply_problem_with(request, reply, PROBLEM_GONE, more);
    return PROBLEM_NONE;
}

static enum problem find_deleted(struct request *request, struct reply *reply, enum sql_id sql,
                                 struct store_value value, bool *is_answered) {
    rows_auto struct rows rows = {0};
    store_query(request->store, sql, &rows, STORE_VALUES(value));
    *is_answered = rows_next(&rows);
    if (!*is_answered)
        return rows_end(&rows);
    enum problem problem = reply_deleted(request, reply, &rows);
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

/* ---- what it is ---- */

static enum problem read_slug(struct request *request, enum sql_id sql, int64_t id,
                              struct span *slug) {
    rows_auto struct rows rows = {0};
    store_query(request->store, sql, &rows, STORE_VALUES(STORE_INT(id)));
    *slug = (struct span){NULL, 0};
    if (rows_next(&rows))
        *slug = arena_copy(request->arena, rows_text(&rows, 1));
    return rows_end(&rows);
}

/* *id is 0 when nothing had that address. */
static enum problem find_target(struct request *request, int64_t kind, struct span slug,
                                int64_t *id) {
    enum problem problem = store_int(request->store, SQL_old_slug_target, id,
                                     STORE_VALUES(STORE_INT(kind), STORE_TEXT(slug)));
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    *id = 0;
    return PROBLEM_NONE;
}

static enum problem is_there(struct request *request, bool *answer) {
    const struct param_value *given = &request->params.values[PARAM_PATH_ARTICLE];
    int64_t version;
    enum problem problem = given->number > 0
                               ? store_int(request->store, SQL_article_version_by_id, &version,
                                           STORE_VALUES(STORE_INT(given->number)))
                               : store_int(request->store, SQL_article_version_by_slug, &version,
                                           STORE_VALUES(STORE_TEXT(given->text)));
    *answer = problem == PROBLEM_NONE;
    return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
}

/* Versions of what was deleted are there: what such a request did not find is a version. A write
 * wants the article. */
static bool asks_for_versions(const struct request *request, size_t index) {
    const struct router_pattern *pattern = request->match.pattern;
    if (request->match.route->scope == ROUTE_SCOPE_WRITE)
        return false;
    if (request->params.values[PARAM_AS_OF].is_given)
        return true;
    if (index + 1 >= pattern->count || pattern->literals[index + 1].at == NULL)
        return false;
    return span_is(pattern->literals[index + 1], "revisions") ||
           span_is(pattern->literals[index + 1], "diff");
}

/* An old slug counts only where nothing has it now. */
static enum problem answer_article(struct request *request, struct reply *reply, size_t index,
                                   bool *is_answered) {
    const struct param_value *given = &request->params.values[PARAM_PATH_ARTICLE];
    struct span slug = {NULL, 0};
    int64_t id = given->number;
    bool exists;
    enum problem problem = is_there(request, &exists);
    if (problem == PROBLEM_NONE && !exists && id == 0)
        problem = find_target(request, KIND_ARTICLE, given->text, &id);
    if (problem == PROBLEM_NONE && !exists && id != given->number)
        problem = read_slug(request, SQL_article_by_id, id, &slug);
    if (problem != PROBLEM_NONE || exists)
        return problem;
    if (slug.at != NULL) {
        *is_answered = true;
        return redirect(request, reply, index, slug);
    }
    if (asks_for_versions(request, index))
        return PROBLEM_NONE;
    return id != 0 ? find_deleted(request, reply, SQL_deletion_by_id, STORE_INT(id), is_answered)
                   : find_deleted(request, reply, SQL_deletion_by_slug, STORE_TEXT(given->text),
                                  is_answered);
}

static enum problem answer_term(struct request *request, struct reply *reply, size_t index,
                                bool *is_answered) {
    int64_t kind = request->match.route->variant, id;
    struct span given = request->params.values[PARAM_PATH_TERM].text, slug = {NULL, 0};
    enum problem problem = store_int(request->store, SQL_term_by_slug, &id,
                                     STORE_VALUES(STORE_INT(kind), STORE_TEXT(given)));
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    problem = find_target(request, kind, given, &id);
    if (problem == PROBLEM_NONE && id != 0)
        problem = read_slug(request, SQL_term_by_id, id, &slug);
    if (problem != PROBLEM_NONE || slug.at == NULL)
        return problem;
    *is_answered = true;
    return redirect(request, reply, index, slug);
}

enum problem moved_answer(struct request *request, struct reply *reply, bool *is_answered) {
    const struct router_pattern *pattern = request->match.pattern;
    enum problem problem = PROBLEM_NONE;
    *is_answered = false;
    for (size_t i = 0; pattern != NULL && i < pattern->count; i++) {
        if (problem != PROBLEM_NONE || *is_answered)
            break;
        if (pattern->path[i] == PARAM_PATH_ARTICLE)
            problem = answer_article(request, reply, i, is_answered);
        else if (pattern->path[i] == PARAM_PATH_TERM)
            problem = answer_term(request, reply, i, is_answered);
    }
    return problem;
}
