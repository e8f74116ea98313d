/* list_form.c: see list_form.h. */
#include "surface/lists/list_form.h"

#include "engine/render.h"

enum { COLUMNS_MAX = 64 };

struct columns {
    struct span names[COLUMNS_MAX];
    size_t count;
};

bool list_form_is_asked(const struct request *request) {
    return span_is(request->target.suffix, "csv") || span_is(request->target.suffix, "ndjson");
}

/* ---- columns ---- */

static bool is_left_out(const struct request *request, enum param_id fields_id,
                        const char *member) {
    for (size_t i = 0; i < param_need_count; i++) {
        const struct param_need *need = &param_needs[i];
        if (need->fields == fields_id && strcmp(need->member, member) == 0)
            return !params_has_word(&request->params, need->include, need->word);
    }
    return false;
}

static void find_columns(const struct request *request, enum param_id fields_id,
                         struct columns *columns) {
    const struct param_value *given = &request->params.values[fields_id];
    columns->count = 0;
    for (size_t i = 0; given->is_given && i < given->item_count && i < COLUMNS_MAX; i++)
        columns->names[columns->count++] = given->items[i];
    const char *const *word = param_specs[fields_id].words;
    for (; !given->is_given && *word != NULL && columns->count < COLUMNS_MAX; word++) {
        if (strchr(*word, '.') == NULL && !is_left_out(request, fields_id, *word))
            columns->names[columns->count++] = span_of(*word);
    }
}

/* ---- cells ---- */

static void put_text(struct buffer *cell, const char *text, size_t bytes) {
    buffer_append(cell, text, bytes);
}

/* What an object is known by. */
static const json_t *face_of(const json_t *object) {
    static const char *const names[] = {"path", "name", "title", "text", "slug"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const json_t *face = json_object_get(object, names[i]);
        if (face != NULL)
            return face;
    }
    return NULL;
}

/* A value by itself: scalars, and objects by what they are known by. */
static void put_scalar(struct buffer *cell, const json_t *value) {
    if (json_is_string(value))
        put_text(cell, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        buffer_append_int(cell, json_integer_value(value));
    else if (json_is_boolean(value))
        buffer_append_text(cell, json_is_true(value) ? "true" : "false");
    else if (value != NULL && !json_is_null(value))
        render_write(value, false, cell);
}

static struct span next_step(struct span *path) {
    const char *dot = path->bytes == 0 ? NULL : memchr(path->at, '.', path->bytes);
    struct span step = {path->at, dot == NULL ? path->bytes : (size_t)(dot - path->at)};
    size_t passed = step.bytes + (dot != NULL);
    *path = (struct span){path->at + passed, path->bytes - passed};
    return step;
}

static const json_t *member_of(const json_t *object, struct span name) {
    for (void *i = json_object_iter((json_t *)(uintptr_t)object); i != NULL;
         i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
        if (span_is(name, json_object_iter_key(i)))
            return json_object_iter_value(i);
    }
    return NULL;
}

/* Follows the path; a list on the way is looked through, once: lists in lists are given as JSON. */
static void put_value(struct buffer *cell, const json_t *value, struct span path, bool is_path) {
    while (json_is_object(value)) {
        if (path.bytes > 0) {
            struct span step = next_step(&path);
            is_path = span_is(step, "path");
            value = member_of(value, step);
        } else {
            const json_t *face = face_of(value);
            is_path = face != NULL && face == json_object_get(value, "path");
            if (face == NULL)
                break;
            value = face;
        }
    }
    if (!json_is_array(value)) {
        put_scalar(cell, value);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        if (i > 0)
            buffer_append_text(cell, is_path ? " / " : "; ");
        if (json_is_array(item))
            put_scalar(cell, item);
        else
            put_value(cell, item, path, false);
    }
}

static void append_cell(struct buffer *out, struct span cell) {
    bool is_plain = true;
    for (size_t i = 0; i < cell.bytes; i++)
        is_plain = is_plain && memchr(",\"\r\n", cell.at[i], 4) == NULL;
    if (cell.bytes > 0 && (cell.at[0] == ' ' || cell.at[cell.bytes - 1] == ' '))
        is_plain = false;
    if (is_plain) {
        buffer_append_span(out, cell);
        return;
    }
    buffer_append_char(out, '"');
    for (size_t i = 0; i < cell.bytes; i++) {
        if (cell.at[i] == '"')
            buffer_append_char(out, '"');
        buffer_append_char(out, cell.at[i]);
    }
    buffer_append_char(out, '"');
}

static void append_row(struct buffer *out, const struct columns *columns, const json_t *item,
                       struct buffer *cell) {
    for (size_t i = 0; i < columns->count; i++) {
        buffer_clear(cell);
        if (item == NULL)
            buffer_append_span(cell, columns->names[i]);
        else
            put_value(cell, item, columns->names[i], false);
        if (i > 0)
            buffer_append_char(out, ',');
        append_cell(out, buffer_span(cell));
        out->failed = out->failed || cell->failed;
    }
    buffer_append_text(out, "\r\n");
}

static enum problem reply_csv(struct request *request, struct reply *reply, const json_t *data,
                              enum param_id fields_id) {
    struct columns columns;
    struct buffer cell;
    buffer_init(&cell);
    find_columns(request, fields_id, &columns);
    append_row(&reply->body, &columns, NULL, &cell);
    for (size_t i = 0; i < json_array_size(data); i++)
        append_row(&reply->body, &columns, json_array_get(data, i), &cell);
    buffer_fini(&cell);
    return reply_text(reply, "text/csv; charset=utf-8; header=present");
}

static enum problem reply_ndjson(struct request *request, struct reply *reply, json_t *data,
                                 enum param_id fields_id) {
    const struct param_value *fields = &request->params.values[fields_id];
    if (fields->is_given)
        render_prune(data, fields->items, fields->item_count);
    for (size_t i = 0; i < json_array_size(data); i++) {
        render_write(json_array_get(data, i), false, &reply->body);
        buffer_append_char(&reply->body, '\n');
    }
    return reply_text(reply, LIST_FORM_NDJSON_TYPE);
}

enum problem list_form_reply(struct request *request, struct reply *reply, json_t *data,
                             enum param_id fields_id) {
    if (data == NULL || request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (span_is(request->target.suffix, "csv"))
        return reply_csv(request, reply, data, fields_id);
    return reply_ndjson(request, reply, data, fields_id);
}
