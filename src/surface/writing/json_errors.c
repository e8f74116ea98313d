/* json_errors.c: errors[] of an answer about a JSON body. */
#include "surface/writing/json_errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "surface/json_text.h"

enum { POINTER_BYTES = FAULT_NAME_BYTES + 1 };

void json_errors_init(struct json_errors *errors, struct span text) {
    *errors = (struct json_errors){.text = text};
}

/* Where the outermost member stands; a member that is missing stands nowhere. Faults come by the
 * dozen in one list, whose place is looked for once. */
static bool add_place(struct json_errors *errors, const char *pointer, json_t *error) {
    char name[FAULT_NAME_BYTES];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(pointer, "/"), pointer);
    if (errors->text.at == NULL)
        return true;
    if (errors->count == 1 || strcmp(name, errors->placed) != 0) {
        size_t offset = json_text_find_key(errors->text, name);
        errors->place = (struct json_place){0, 0};
        if (offset != 0)
            errors->place = json_text_place(errors->text, offset);
        memcpy(errors->placed, name, sizeof name);
    }
    return errors->place.line == 0 ||
           (render_set(error, "line", json_integer((json_int_t)errors->place.line)) &&
            render_set(error, "column", json_integer((json_int_t)errors->place.column)));
}

static void add(struct json_errors *errors, const char *pointer, const char *text) {
    char full[POINTER_BYTES];
    if (errors->count++ >= JSON_ERRORS_MAX)
        return;
    if (errors->list == NULL)
        errors->list = json_array();
    snprintf(full, sizeof full, "%s%s", pointer[0] == '\0' ? "" : "/", pointer);
    json_t *error = json_object();
    bool is_whole = render_set(error, "pointer", render_text(span_of(full))) &&
                    render_set(error, "detail", render_text(span_of(text))) &&
                    add_place(errors, pointer, error) &&
                    json_array_append_new(errors->list, error) == 0;
    errors->has_failed = errors->has_failed || !is_whole;
}

void json_errors_add(struct json_errors *errors, const char *pointer, const char *format, ...) {
    struct fault fault;
    va_list values;
    fault_init(&fault);
    va_start(values, format);
    fault_set_at_list(&fault, 0, 0, format, values);
    va_end(values);
    add(errors, pointer, fault.text);
}

/* Whether one pointer leads to the other, or beyond it. */
static bool is_same_way(const char *a, const char *b) {
    size_t a_bytes = strlen(a), b_bytes = strlen(b);
    size_t bytes = a_bytes < b_bytes ? a_bytes : b_bytes;
    const char *longer = a_bytes < b_bytes ? b : a;
    return memcmp(a, b, bytes) == 0 && (longer[bytes] == '\0' || longer[bytes] == '/');
}

bool json_errors_has(const struct json_errors *errors, const char *pointer) {
    for (size_t i = 0; i < json_array_size(errors->list); i++) {
        const char *said =
            json_string_value(json_object_get(json_array_get(errors->list, i), "pointer"));
        if (said[0] == '/' && is_same_way(said + 1, pointer))
            return true;
    }
    return false;
}

void json_errors_say(void *context, const struct fault *fault) {
    add(context, fault->name, fault->text);
}

void json_errors_say_new(void *context, const struct fault *fault) {
    if (!json_errors_has(context, fault->name))
        add(context, fault->name, fault->text);
}
