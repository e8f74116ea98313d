/* json_load.c: jansson behind two rules of our own: depth, and sentences with a place. */
#include "surface/writing/json_load.h"

#include "surface/json_text.h"

enum { DEPTH_MAX = 32 };

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

enum problem json_load(struct span json, json_t **out, struct fault *fault) {
    size_t offset = 0;
    json_error_t error;
    if (!json_text_is_flat(json, DEPTH_MAX, &offset)) {
        struct json_place place = json_text_place(json, offset);
        fault_set_at(fault, place.line, place.column,
                     "objects and lists are nested more than %d deep", DEPTH_MAX);
        return PROBLEM_BAD_SOURCE;
    }
    *out = json_loadb(json.at, json.bytes, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    return *out == NULL ? refuse_syntax(json, &error, fault) : PROBLEM_NONE;
}
