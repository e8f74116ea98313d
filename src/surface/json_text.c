/* json_text.c: one scanner over the structure of JSON: strings are skipped, brackets counted. */
#include "surface/json_text.h"

#include "ground/utf8.h"

struct json_place json_text_place(struct span json, size_t offset) {
    size_t line = 1, start = 0;
    if (offset > json.bytes)
        offset = json.bytes;
    for (size_t i = 0; i < offset; i++) {
        if (json.at[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    return (struct json_place){line,
                               utf8_count((struct span){json.at + start, offset - start}) + 1};
}

/* The offset after the string that begins at `at`. */
static size_t skip_string(struct span json, size_t at) {
    for (at++; at < json.bytes && json.at[at] != '"'; at++) {
        if (json.at[at] == '\\')
            at++;
    }
    return at < json.bytes ? at + 1 : json.bytes;
}

bool json_text_is_flat(struct span json, size_t limit, size_t *offset) {
    size_t depth = 0;
    for (size_t at = 0; at < json.bytes;) {
        char c = json.at[at];
        if (c == '"') {
            at = skip_string(json, at);
            continue;
        }
        if ((c == '{' || c == '[') && ++depth > limit) {
            *offset = at;
            return false;
        }
        if ((c == '}' || c == ']') && depth > 0)
            depth--;
        at++;
    }
    return true;
}

size_t json_text_find_key(struct span json, const char *name) {
    size_t depth = 0;
    bool is_key = true; /* of the outermost object: after '{' or ',', before ':' */
    for (size_t at = 0; at < json.bytes;) {
        char c = json.at[at];
        if (c == '"') {
            size_t end = skip_string(json, at);
            struct span text = {json.at + at + 1, end - at >= 2 ? end - at - 2 : 0};
            if (depth == 1 && is_key && span_is(text, name))
                return at;
            at = end;
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        if ((c == '}' || c == ']') && depth > 0)
            depth--;
        if (depth == 1 && (c == ',' || c == ':'))
            is_key = c == ',';
        at++;
    }
    return 0;
}
