/* term_filter.c: see term_filter.h. */
#include "surface/terms/term_filter.h"

#include "engine/render.h"

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

enum problem term_filter_find(struct request *request, const struct term_filter *filter,
                              struct span slug, json_t **unknown, struct term_filter_match *match) {
    rows_auto struct rows rows = {0};
    *match = (struct term_filter_match){0, 0};
    store_query(request->store, SQL_term_by_slug, &rows,
                STORE_VALUES(STORE_INT(filter->kind), STORE_TEXT(slug)));
    if (rows_next(&rows))
        *match = (struct term_filter_match){rows_int(&rows, 0), rows_int(&rows, 3)};
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && match->id == 0 ? say_unknown(filter->param, slug, unknown)
                                                     : problem;
}
