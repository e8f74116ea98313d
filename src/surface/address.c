/* address.c: addresses in answers. Written without printf: an article has one for each
 * paragraph. */
#include "surface/address.h"

#include <stdlib.h>

#include "ground/buffer.h"
#include "ground/decimal.h"

struct span address_by_id(struct arena *arena, const char *prefix, int64_t id, const char *suffix) {
    char room[DECIMAL_BYTES];
    struct span digits = decimal_print(id, room);
    size_t prefix_bytes = strlen(prefix), suffix_bytes = strlen(suffix);
    char *text = arena_alloc(arena, prefix_bytes + digits.bytes + suffix_bytes + 1);
    if (text == NULL)
        return (struct span){NULL, 0};
    memcpy(text, prefix, prefix_bytes);
    memcpy(text + prefix_bytes, digits.at, digits.bytes);
    memcpy(text + prefix_bytes + digits.bytes, suffix, suffix_bytes + 1);
    return (struct span){text, prefix_bytes + digits.bytes + suffix_bytes};
}

/* Commas and colons stand in our own parameter values and mean nothing else there. */
static void append_encoded(struct buffer *out, struct span text) {
    target_encode(text, ",:", out);
}

struct span address_by_text(struct arena *arena, const char *prefix, struct span text) {
    struct buffer out;
    buffer_init(&out);
    buffer_append_text(&out, prefix);
    append_encoded(&out, text);
    return arena_take_buffer(arena, &out);
}

static void append_pair(struct buffer *out, bool *is_first, struct span name, struct span value,
                        bool has_value) {
    buffer_append_char(out, *is_first ? '?' : '&');
    *is_first = false;
    append_encoded(out, name);
    if (has_value) {
        buffer_append_char(out, '=');
        append_encoded(out, value);
    }
}

struct span address_of_page(const struct request *request, const char *name, struct span value) {
    if (name != NULL && value.at == NULL)
        return (struct span){NULL, 0};
    struct buffer out;
    buffer_init(&out);
    buffer_append_span(&out, request->target.raw_path);
    bool is_first = true;
    for (size_t i = 0; i < request->target.pair_count; i++) {
        const struct target_pair *pair = &request->target.pairs[i];
        if (name != NULL && (span_is(pair->name, "cursor") || span_is(pair->name, "page") ||
                             span_is(pair->name, name)))
            continue;
        append_pair(&out, &is_first, pair->name, pair->value, pair->has_value);
    }
    if (name != NULL)
        append_pair(&out, &is_first, span_of(name), value, true);
    return arena_take_buffer(request->arena, &out);
}

struct span address_of_form(struct arena *arena, struct span address, const char *suffix) {
    size_t bytes = strlen(suffix), whole = address.bytes + (bytes > 0) + bytes;
    char *text = address.at == NULL ? NULL : arena_alloc(arena, whole + 1);
    if (text == NULL)
        return (struct span){NULL, 0};
    memcpy(text, address.at, address.bytes);
    if (bytes > 0)
        text[address.bytes] = '.';
    memcpy(text + whole - bytes, suffix, bytes + 1);
    return (struct span){text, whole};
}

const char *address_link_field(struct arena *arena, const struct address_link *links,
                               size_t count) {
    struct buffer out;
    buffer_init(&out);
    for (size_t i = 0; i < count; i++) {
        if (links[i].address.at == NULL)
            continue;
        buffer_append_text(&out, out.used == 0 ? "<" : ", <");
        buffer_append_span(&out, links[i].address);
        buffer_append_text(&out, ">; rel=\"");
        buffer_append_text(&out, links[i].relation);
        buffer_append_text(&out, "\"");
        if (links[i].type != NULL) {
            buffer_append_text(&out, "; type=\"");
            buffer_append_text(&out, links[i].type);
            buffer_append_text(&out, "\"");
        }
    }
    if (out.used == 0)
        out.failed = true;
    return arena_take_buffer(arena, &out).at;
}
