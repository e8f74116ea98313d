/* term_filter.c: see term_filter.h. */
#include "surface/terms/term_filter.h"

#include "engine/render.h"
#include "surface/moved.h"

static enum problem say_unknown(enum param_id param, struct span slug, json_t **unknown) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_text(&text, param_specs[param].name);
    buffer_append_char(&text, ':');
    buffer_append_span(&text, slug);
    if (*unknown == NULL)
        *unknown = json_array();
    bool is_said =
        !text.failed && json_array_append_new(*unknown, render_text(buffer_span(&text))) == 0;
    buffer_fini(&text);
    return is_said ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem find(struct request *request, enum term_kind kind,
                         struct term_filter_match *match) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_slug, &rows,
                STORE_VALUES(STORE_INT(kind), STORE_TEXT(match->slug)));
    if (rows_next(&rows)) {
        match->id = rows_int(&rows, 0);
        match->article_count = rows_int(&rows, 3);
    }
    return rows_end(&rows);
}

enum problem term_filter_find(struct request *request, const struct term_filter *filter,
                              struct span slug, json_t **unknown, struct term_filter_match *match) {
    struct span now;
    *match = (struct term_filter_match){0, 0, slug};
    enum problem problem = find(request, filter->kind, match);
    if (problem != PROBLEM_NONE || match->id != 0)
        return problem;
    problem = moved_term_slug(request, filter->kind, slug, &now);
    if (problem != PROBLEM_NONE)
        return problem;
    if (now.at == NULL)
        return say_unknown(filter->param, slug, unknown);
    match->slug = now;
    return find(request, filter->kind, match);
}
