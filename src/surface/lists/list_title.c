/* list_title.c: see list_title.h. */
#include "surface/lists/list_title.h"

/* Which part of a list is shown says nothing about what list it is. */
static const enum param_id not_said[] = {PARAM_LIMIT,   PARAM_RELATED_LIMIT, PARAM_SUGGEST_LIMIT,
                                         PARAM_CURSOR,  PARAM_PAGE,          PARAM_SINCE,
                                         PARAM_ID_COUNT};

enum { TERM_NAME = 2 }; /* of term_by_slug */

static enum problem append_term(struct request *request, struct buffer *out) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_slug, &rows,
                STORE_VALUES(STORE_INT(request->match.route->variant),
                             STORE_TEXT(request->params.values[PARAM_PATH_TERM].text)));
    if (rows_next(&rows))
        buffer_append_span(out, rows_text(&rows, TERM_NAME));
    return rows_end(&rows);
}

/* The term, or what kind of things the list holds when they are no articles. */
static enum problem append_subject(struct request *request, struct buffer *out) {
    struct span last = request->target.segments[request->target.segment_count - 1];
    bool is_of_term = request->params.values[PARAM_PATH_TERM].has_value;
    if (!is_of_term && span_is(last, "articles"))
        return PROBLEM_NONE;
    buffer_append_text(out, ": ");
    if (is_of_term)
        return append_term(request, out);
    buffer_append_span(out, last);
    return PROBLEM_NONE;
}

/* As it was written, each time that it was. */
static void append_values(const struct request *request, enum param_id id, size_t *count,
                          struct buffer *out) {
    for (size_t i = 0; i < request->target.pair_count; i++) {
        const struct target_pair *pair = &request->target.pairs[i];
        if (!span_is(pair->name, param_specs[id].name))
            continue;
        buffer_append_text(out, (*count)++ == 0 ? " (" : ", ");
        buffer_append_span(out, pair->name);
        buffer_append_text(out, ": ");
        buffer_append_span(out, pair->value);
    }
}

static void append_asked(const struct request *request, struct buffer *out) {
    size_t count = 0;
    for (const enum param_id *id = request->match.route->taken; *id != PARAM_ID_COUNT; id++) {
        if (request->params.values[*id].is_given && !params_is_listed(not_said, *id))
            append_values(request, *id, &count, out);
    }
    buffer_append_text(out, count > 0 ? ")" : "");
}

enum problem list_title(struct request *request, struct span *title) {
    struct buffer text;
    buffer_init(&text);
    *title = (struct span){NULL, 0};
    buffer_append_span(&text, request->service->title);
    enum problem problem = append_subject(request, &text);
    append_asked(request, &text);
    if (problem == PROBLEM_NONE && !text.failed)
        *title = arena_copy(request->arena, buffer_span(&text));
    buffer_fini(&text);
    return problem == PROBLEM_NONE && title->at == NULL ? PROBLEM_OUT_OF_MEMORY : problem;
}
