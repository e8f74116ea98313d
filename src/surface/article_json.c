/* article_json.c: from JSON text to an article; which fields there are stands in
 * article_json_fields.c. */
#include "surface/article_json.h"

#include <jansson.h>
#include <stdio.h>

#include "domain/article_text.h"
#include "surface/article_json_fields.h"
#include "surface/json_text.h"

enum { DEPTH_MAX = 32 };

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

static enum problem read_article(struct span json, const json_t *object, struct arena *arena,
                                 struct article *out, struct fault *fault) {
    if (!json_is_object(object)) {
        fault_set_at(fault, 1, 1, "an article is an object {...}, and this is something else");
        return PROBLEM_BAD_SOURCE;
    }
    enum problem problem = article_json_fields_read(object, arena, out, fault);
    if (problem == PROBLEM_NONE)
        problem = article_check(out, fault);
    if (problem == PROBLEM_BAD_SOURCE && fault != NULL) {
        char field[FAULT_NAME_BYTES]; /* "paragraphs" of "paragraphs/3" */
        snprintf(field, sizeof field, "%.*s", (int)strcspn(fault->name, "[/"), fault->name);
        point_at(json, field, fault);
    }
    return problem;
}

/* Jansson's own words stay where they say more than ours. */
static enum problem refuse_syntax(struct span json, const json_error_t *error,
                                  struct fault *fault) {
    static const struct {
        enum json_error_code code;
        const char *text;
    } sentences[] = {
        {json_error_premature_end_of_input, "the JSON ends too early"},
        {json_error_invalid_utf8, "there are bytes that are not UTF-8"},
        {json_error_null_character, "the character NUL (\\u0000) is not allowed"},
        {json_error_null_byte_in_key, "the character NUL (\\u0000) is not allowed"},
        {json_error_duplicate_key, "a field stands twice in one object"},
        {json_error_end_of_input_expected, "something follows after the end of the object"},
    };
    enum json_error_code code = json_error_code(error);
    if (code == json_error_out_of_memory)
        return PROBLEM_OUT_OF_MEMORY;
    size_t offset = error->position > 0 ? (size_t)error->position - 1 : 0;
    struct json_place place = json_text_place(json, offset);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (sentences[i].code == code)
            fault_set_at(fault, place.line, place.column, "%s", sentences[i].text);
    }
    fault_set_at(fault, place.line, place.column, "this is not JSON: %s", error->text);
    return PROBLEM_BAD_SOURCE;
}

enum problem article_json_parse(struct span json, struct arena *arena, struct article *out,
                                struct fault *fault) {
    size_t offset = 0;
    json_error_t error;
    memset(out, 0, sizeof *out);
    if (!json_text_is_flat(json, DEPTH_MAX, &offset)) {
        struct json_place place = json_text_place(json, offset);
        fault_set_at(fault, place.line, place.column,
                     "objects and lists are nested more than %d deep", DEPTH_MAX);
        return PROBLEM_BAD_SOURCE;
    }
    json_t *object =
        json_loadb(json.at, json.bytes, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (object == NULL)
        return refuse_syntax(json, &error, fault);
    enum problem problem = read_article(json, object, arena, out, fault);
    json_decref(object);
    return problem;
}
