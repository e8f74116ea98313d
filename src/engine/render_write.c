/* render_write.c: JSON values into bytes, the way json_dumps() writes them, in one pass: a string
 * is copied eight bytes at a time while it is looked through for what must be escaped. */
#include <stdint.h>

#include "engine/render.h"

enum { WORD_BYTES = 8, ESCAPE_BYTES = 6, REAL_BYTES = 64 };

#define EACH_BYTE(value) (0x0101010101010101u * (uint64_t)(value))

/* Whether one of the eight bytes is below 0x20, '"' or '\\'. A subtraction borrows only from a byte
 * that is one of them, so the answer is exact, though not which byte it is. */
static inline bool has_special(uint64_t word) {
    uint64_t high = EACH_BYTE(0x80);
    uint64_t quote = word ^ EACH_BYTE('"');
    uint64_t backslash = word ^ EACH_BYTE('\\');
    uint64_t found = (word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1));
    return (found & ~word & high) != 0;
}

static inline bool is_special(char c) {
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static char *put_escape(char *to, char c) {
    static const char hex[] = "0123456789ABCDEF";
    static const char letters[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    unsigned char byte = (unsigned char)c;
    *to++ = '\\';
    if (byte >= 0x20) {
        *to++ = c;
    } else if (byte < sizeof letters && letters[byte] != 0) {
        *to++ = letters[byte];
    } else {
        memcpy(to, "u00", 3);
        to[3] = hex[byte >> 4];
        to[4] = hex[byte & 15];
        to += 5;
    }
    return to;
}

/* The room reserved for `left` source bytes: each copied as it is, one escape, the closing quote,
 * and what the last whole word may write past its end. */
static bool reserve_string(struct buffer *out, size_t left) {
    return buffer_reserve(out, left + ESCAPE_BYTES + 2 + WORD_BYTES);
}

static void write_string(const char *text, size_t bytes, struct buffer *out) {
    if (!reserve_string(out, bytes))
        return;
    char *to = out->bytes + out->used;
    size_t at = 0;
    *to++ = '"';
    while (at < bytes) {
        uint64_t word;
        while (bytes - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            if (has_special(word))
                break;
            memcpy(to, &word, sizeof word);
            to += sizeof word;
            at += sizeof word;
        }
        while (at < bytes && !is_special(text[at]))
            *to++ = text[at++];
        if (at == bytes)
            break;
        to = put_escape(to, text[at++]);
        out->used = (size_t)(to - out->bytes);
        if (!reserve_string(out, bytes - at))
            return;
        to = out->bytes + out->used;
    }
    *to++ = '"';
    out->used = (size_t)(to - out->bytes);
}

/* Never part of an answer today, so the library's own form is good enough and exact. */
static void write_real(const json_t *json, struct buffer *out) {
    if (!buffer_reserve(out, REAL_BYTES))
        return;
    out->used += json_dumpb(json, out->bytes + out->used, REAL_BYTES, JSON_ENCODE_ANY);
}

struct layout {
    bool is_pretty;
    size_t depth;
};

static void write_value(const json_t *json, struct layout layout, struct buffer *out);

static void write_break(struct layout layout, struct buffer *out) {
    if (!layout.is_pretty)
        return;
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < layout.depth; i++)
        buffer_append(out, "  ", 2);
}

static void write_array(const json_t *array, struct layout layout, struct buffer *out) {
    size_t count = json_array_size(array);
    struct layout inner = {layout.is_pretty, layout.depth + 1};
    buffer_append_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_char(out, ',');
        write_break(inner, out);
        write_value(json_array_get(array, i), inner, out);
    }
    if (count > 0)
        write_break(layout, out);
    buffer_append_char(out, ']');
}

static void write_object(json_t *object, struct layout layout, struct buffer *out) {
    struct layout inner = {layout.is_pretty, layout.depth + 1};
    void *first = json_object_iter(object);
    buffer_append_char(out, '{');
    for (void *i = first; i != NULL; i = json_object_iter_next(object, i)) {
        if (i != first)
            buffer_append_char(out, ',');
        write_break(inner, out);
        write_string(json_object_iter_key(i), json_object_iter_key_len(i), out);
        buffer_append(out, ": ", layout.is_pretty ? 2 : 1);
        write_value(json_object_iter_value(i), inner, out);
    }
    if (first != NULL)
        write_break(layout, out);
    buffer_append_char(out, '}');
}

static void write_value(const json_t *json, struct layout layout, struct buffer *out) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        /* The iterators take no const object, and change nothing. */
        write_object((json_t *)json, layout, out);
        return;
    case JSON_ARRAY:
        write_array(json, layout, out);
        return;
    case JSON_STRING:
        write_string(json_string_value(json), json_string_length(json), out);
        return;
    case JSON_INTEGER:
        buffer_append_int(out, json_integer_value(json));
        return;
    case JSON_REAL:
        write_real(json, out);
        return;
    case JSON_TRUE:
        buffer_append(out, "true", 4);
        return;
    case JSON_FALSE:
        buffer_append(out, "false", 5);
        return;
    case JSON_NULL:
        buffer_append(out, "null", 4);
        return;
    }
}

void render_write(const json_t *json, bool is_pretty, struct buffer *out) {
    write_value(json, (struct layout){is_pretty, 0}, out);
    if (is_pretty)
        buffer_append_char(out, '\n');
}
