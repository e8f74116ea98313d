/* list_title.c: see list_title.h. */
#include "surface/list_title.h"

#include "surface/terms.h"

/* Which part of a list is shown says nothing about what list it is. */
static const enum param_id not_said[] = {PARAM_LIMIT, PARAM_CURSOR, PARAM_PAGE, PARAM_ID_COUNT};

/* The term, or what kind of things the list holds when they are no articles. */
static enum problem append_subject(struct request *request, struct buffer *out) {
    struct term term;
    struct span last = request->target.segments[request->target.segment_count - 1];
    if (!request->params.values[PARAM_PATH_TERM].has_value) {
        buffer_append_text(out, span_is(last, "articles") ? "" : ": ");
        buffer_append_span(out, span_is(last, "articles") ? SPAN_LITERAL("") : last);
        return PROBLEM_NONE;
    }
    enum problem problem = terms_find(request, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_append_text(out, ": ");
    buffer_append_span(out, term.name);
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
