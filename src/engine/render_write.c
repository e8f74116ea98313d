/* render_write.c: JSON values into bytes, the way json_dumps() writes them, in one pass: a string
 * is copied eight bytes at a time while it is looked through for what must be escaped. */
#include <endian.h>
#include <stdint.h>

#include "engine/render.h"
#include "ground/decimal.h"

enum {
    WORD_BYTES = 8,
    ESCAPE_BYTES = 6,
    REAL_BYTES = 64,
    /* What may follow a string without asking for room again: quotes, ": " or ",", a bracket. */
    MARKS_BYTES = 8,
};

/* Where the next byte goes, and the end of the room there is: asked for once per value and not per
 * byte. `out->used` is true again after sink_settle(). */
struct sink {
    char *to;
    char *end;
    struct buffer *out;
    bool is_pretty;
};

static void sink_settle(struct sink *sink) {
    if (!sink->out->failed)
        sink->out->used = (size_t)(sink->to - sink->out->bytes);
}

static bool sink_grow(struct sink *sink, size_t bytes) {
    sink_settle(sink);
    if (!buffer_reserve(sink->out, bytes)) {
        /* No room from here on: nothing more is written. */
        sink->end = sink->to;
        return false;
    }
    sink->to = sink->out->bytes + sink->out->used;
    sink->end = sink->out->bytes + sink->out->capacity;
    return true;
}

static inline bool sink_room(struct sink *sink, size_t bytes) {
    return (size_t)(sink->end - sink->to) >= bytes || sink_grow(sink, bytes);
}

static inline void put(struct sink *sink, const char *bytes, size_t count) {
    if (!sink_room(sink, count))
        return;
    memcpy(sink->to, bytes, count);
    sink->to += count;
}

static inline void put_char(struct sink *sink, char c) {
    if (sink_room(sink, 1))
        *sink->to++ = c;
}

#define EACH_BYTE(value) (0x0101010101010101u * (uint64_t)(value))

/* The high bit of the first byte (the lowest one) that is below 0x20, '"' or '\\', perhaps with
 * bits above it; 0 when there is none: a subtraction borrows only from a byte that is one. */
static inline uint64_t find_special(uint64_t word) {
    uint64_t quote = word ^ EACH_BYTE('"');
    uint64_t backslash = word ^ EACH_BYTE('\\');
    uint64_t found = (word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1));
    return found & ~word & EACH_BYTE(0x80);
}

/* The first byte of the text becomes the lowest of the word. */
static inline uint64_t load_word(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return le64toh(word);
}

/* The same of 1 to 7 bytes, with blanks after them, in two loads or three that may overlap. */
static inline uint64_t load_part(const char *text, size_t bytes) {
    uint64_t word;
    if (bytes >= 4) {
        uint32_t low, high;
        memcpy(&low, text, sizeof low);
        memcpy(&high, text + bytes - 4, sizeof high);
        word = le32toh(low) | (uint64_t)le32toh(high) << (8 * (bytes - 4));
    } else {
        word = (unsigned char)text[0] |
               (uint64_t)(unsigned char)text[bytes / 2] << (8 * (bytes / 2)) |
               (uint64_t)(unsigned char)text[bytes - 1] << (8 * (bytes - 1));
    }
    return word | EACH_BYTE(' ') << (8 * bytes);
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

/* Room for `left` bytes copied as they are, one escape, the marks that follow, and what the last
 * whole word writes past its end. */
static inline bool room_for_text(struct sink *sink, size_t left) {
    return sink_room(sink, left + ESCAPE_BYTES + MARKS_BYTES + WORD_BYTES);
}

static void write_string(const char *text, size_t bytes, struct sink *sink) {
    if (!room_for_text(sink, bytes))
        return;
    char *to = sink->to;
    *to++ = '"';
    for (size_t at = 0; at < bytes;) {
        size_t part = bytes - at < WORD_BYTES ? bytes - at : WORD_BYTES;
        uint64_t word = part == WORD_BYTES ? load_word(text + at) : load_part(text + at, part);
        uint64_t special = find_special(word);
        uint64_t stored = htole64(word);
        memcpy(to, &stored, sizeof stored);
        if (special == 0) {
            to += part;
            at += part;
            continue;
        }
        size_t clean = (size_t)__builtin_ctzll(special) / 8;
        at += clean;
        to = put_escape(to + clean, text[at++]);
        sink->to = to;
        if (!room_for_text(sink, bytes - at))
            return;
        to = sink->to;
    }
    *to++ = '"';
    sink->to = to;
}

static void write_int(int64_t value, struct sink *sink) {
    char room[DECIMAL_BYTES];
    struct span digits = decimal_print(value, room);
    put(sink, digits.at, digits.bytes);
}

/* Rare, so the library's own form is good enough. It allocates, and so may fail. */
static void write_real(const json_t *json, struct sink *sink) {
    if (!sink_room(sink, REAL_BYTES))
        return;
    size_t bytes = json_dumpb(json, sink->to, REAL_BYTES,
                              JSON_ENCODE_ANY | JSON_REAL_PRECISION(RENDER_REAL_DIGITS));
    if (bytes == 0 || bytes > REAL_BYTES)
        sink->out->failed = true;
    else
        sink->to += bytes;
}

static void write_value(const json_t *json, size_t depth, struct sink *sink);

static void write_break(size_t depth, struct sink *sink) {
    if (!sink->is_pretty)
        return;
    put_char(sink, '\n');
    for (size_t i = 0; i < depth; i++)
        put(sink, "  ", 2);
}

static void write_array(const json_t *array, size_t depth, struct sink *sink) {
    size_t count = json_array_size(array);
    put_char(sink, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put_char(sink, ',');
        write_break(depth + 1, sink);
        write_value(json_array_get(array, i), depth + 1, sink);
    }
    if (count > 0)
        write_break(depth, sink);
    put_char(sink, ']');
}

static void write_object(json_t *object, size_t depth, struct sink *sink) {
    void *first = json_object_iter(object);
    put_char(sink, '{');
    for (void *i = first; i != NULL; i = json_object_iter_next(object, i)) {
        if (i != first)
            put_char(sink, ',');
        write_break(depth + 1, sink);
        write_string(json_object_iter_key(i), json_object_iter_key_len(i), sink);
        put(sink, ": ", sink->is_pretty ? 2 : 1);
        write_value(json_object_iter_value(i), depth + 1, sink);
    }
    if (first != NULL)
        write_break(depth, sink);
    put_char(sink, '}');
}

static void write_value(const json_t *json, size_t depth, struct sink *sink) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        /* The iterators take no const object, and change nothing. */
        write_object((json_t *)json, depth, sink);
        return;
    case JSON_ARRAY:
        write_array(json, depth, sink);
        return;
    case JSON_STRING:
        write_string(json_string_value(json), json_string_length(json), sink);
        return;
    case JSON_INTEGER:
        write_int(json_integer_value(json), sink);
        return;
    case JSON_REAL:
        write_real(json, sink);
        return;
    case JSON_TRUE:
        put(sink, "true", 4);
        return;
    case JSON_FALSE:
        put(sink, "false", 5);
        return;
    case JSON_NULL:
        put(sink, "null", 4);
        return;
    }
}

void render_write_inside(const json_t *json, bool is_pretty, size_t depth, struct buffer *out) {
    if (!buffer_reserve(out, WORD_BYTES))
        return;
    struct sink sink = {out->bytes + out->used, out->bytes + out->capacity, out, is_pretty};
    write_value(json, depth, &sink);
    sink_settle(&sink);
}

void render_write(const json_t *json, bool is_pretty, struct buffer *out) {
    render_write_inside(json, is_pretty, 0, out);
    if (is_pretty)
        buffer_append_char(out, '\n');
}
