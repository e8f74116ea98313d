/* article_json.c: from JSON text to an article; which fields there are stands in
 * article_json_fields.c. */
#include "surface/articles/article_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "domain/articles/article_text.h"
#include "domain/text/slug.h"
#include "ground/utf8.h"
#include "surface/articles/article_json_fields.h"
#include "surface/json_text.h"
#include "surface/writing/json_load.h"

const char *article_json_library_version(void) {
    return jansson_version_str();
}

/* The parsed value no longer knows where its fields stood; the text does. */
static void point_at(struct span json, const char *field, struct fault *fault) {
    if (fault == NULL || fault->line != 0)
        return;
    struct json_place place = json_text_place(json, json_text_find_key(json, field));
    fault->line = place.line;
    fault->column = place.column;
}

__attribute__((format(printf, 2, 3))) static enum problem refuse_slug(struct fault *fault,
                                                                      const char *format, ...) {
    va_list values;
    va_start(values, format);
    fault_set_at_list(fault, 0, 0, format, values);
    va_end(values);
    if (fault != NULL)
        snprintf(fault->name, sizeof fault->name, "slug");
    return PROBLEM_BAD_SOURCE;
}

/* An address that this program would not give is none. */
static enum problem read_slug(const json_t *object, struct arena *arena, struct article *out,
                              struct fault *fault) {
    const json_t *value = json_object_get(object, "slug");
    if (value == NULL || json_is_null(value))
        return PROBLEM_NONE;
    if (!json_is_string(value))
        return refuse_slug(fault, "slug must be a text");
    struct span slug = {json_string_value(value), json_string_length(value)};
    out->slug = slug_make(slug, "article", arena);
    if (out->slug.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (span_equal(slug, out->slug))
        return PROBLEM_NONE;
    return refuse_slug(fault, SLUG_FLAW, UTF8_SHOWN(out->slug));
}

static enum problem read_article(struct span json, const json_t *object, struct arena *arena,
                                 struct article *out, struct fault *fault) {
    if (!json_is_object(object)) {
        fault_set_at(fault, 1, 1, "an article is an object {...}, and this is something else");
        return PROBLEM_BAD_SOURCE;
    }
    enum problem problem = article_json_fields_read(object, arena, out, fault_keep_first, fault);
    if (problem == PROBLEM_NONE)
        problem = article_check(out, fault);
    if (problem == PROBLEM_NONE)
        problem = read_slug(object, arena, out, fault);
    if (problem == PROBLEM_BAD_SOURCE && fault != NULL) {
        char field[FAULT_NAME_BYTES]; /* "paragraphs" of "paragraphs/3" */
        snprintf(field, sizeof field, "%.*s", (int)strcspn(fault->name, "[/"), fault->name);
        point_at(json, field, fault);
    }
    return problem;
}

enum problem article_json_parse(struct span json, struct arena *arena, struct article *out,
                                struct fault *fault) {
    json_t *object = NULL;
    memset(out, 0, sizeof *out);
    enum problem problem = json_load(json, &object, fault);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = read_article(json, object, arena, out, fault);
    json_decref(object);
    return problem;
}
