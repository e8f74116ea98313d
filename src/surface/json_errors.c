/* json_errors.c: errors[] of an answer about a JSON body. */
#include "surface/json_errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "surface/json_text.h"

enum { POINTER_BYTES = FAULT_NAME_BYTES + 1 };

void json_errors_init(struct json_errors *errors, struct span text) {
    *errors = (struct json_errors){.text = text};
}

/* Where the outermost member stands; a member that is missing stands nowhere. */
static bool add_place(const struct json_errors *errors, const char *pointer, json_t *error) {
    char name[FAULT_NAME_BYTES];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(pointer, "/"), pointer);
    size_t offset = errors->text.at == NULL ? 0 : json_text_find_key(errors->text, name);
    if (offset == 0)
        return true;
    struct json_place place = json_text_place(errors->text, offset);
    return render_set(error, "line", json_integer((json_int_t)place.line)) &&
           render_set(error, "column", json_integer((json_int_t)place.column));
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

bool json_errors_has(const struct json_errors *errors, const char *pointer) {
    size_t bytes = strcspn(pointer, "/");
    for (size_t i = 0; i < json_array_size(errors->list); i++) {
        const char *said =
            json_string_value(json_object_get(json_array_get(errors->list, i), "pointer"));
        if (said[0] == '/' && strcspn(said + 1, "/") == bytes &&
            memcmp(said + 1, pointer, bytes) == 0)
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
