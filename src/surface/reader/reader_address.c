/* reader_address.c: addresses that pages are linked by, and the one that their data come from. */
#include "surface/lists/list_forms.h"
#include "surface/reader/reader_parts.h"

static void append_pair(struct buffer *out, bool *is_first, struct span name, struct span value,
                        bool has_value) {
    buffer_append_char(out, *is_first ? '?' : '&');
    *is_first = false;
    target_encode(name, "", out);
    if (has_value) {
        buffer_append_char(out, '=');
        target_encode(value, ",:", out);
    }
}

static bool is_of_page(struct span name) {
    return span_is(name, "cursor") || span_is(name, "page");
}

struct span reader_with(const struct request *request, const char *name, struct span value) {
    struct buffer text;
    bool is_first = true;
    buffer_init(&text);
    buffer_append_span(&text, request->target.raw_path);
    for (size_t i = 0; i < request->target.pair_count; i++) {
        const struct target_pair *pair = &request->target.pairs[i];
        if (!is_of_page(pair->name) && !span_is(pair->name, name))
            append_pair(&text, &is_first, pair->name, pair->value, pair->has_value);
    }
    if (value.at != NULL)
        append_pair(&text, &is_first, span_of(name), value, true);
    return arena_take_buffer(request->arena, &text);
}

static bool is_between_commas(struct span list, struct span value) {
    while (list.bytes > 0) {
        const char *comma = memchr(list.at, ',', list.bytes);
        size_t bytes = comma == NULL ? list.bytes : (size_t)(comma - list.at);
        if (span_equal((struct span){list.at, bytes}, value))
            return true;
        bytes += comma != NULL;
        list = (struct span){list.at + bytes, list.bytes - bytes};
    }
    return false;
}

bool reader_has(const struct request *request, const char *name, struct span value) {
    for (size_t i = 0; i < request->target.pair_count; i++) {
        const struct target_pair *pair = &request->target.pairs[i];
        if (span_is(pair->name, name) && is_between_commas(pair->value, value))
            return true;
    }
    return false;
}

/* ---- the data ---- */

static void append_defaults(const struct request *request, struct buffer *out) {
    bool is_first = memchr(out->bytes, '?', out->used) == NULL;
    for (size_t i = 0; i < reader_default_count; i++) {
        const struct reader_default *fallback = &reader_defaults[i];
        const struct param_spec *spec = &param_specs[fallback->id];
        bool is_said = spec->fallback != NULL && strcmp(spec->fallback, fallback->value) == 0;
        if (!is_said && reader_default_holds(request, fallback))
            append_pair(out, &is_first, span_of(spec->name), span_of(fallback->value), true);
    }
}

struct span reader_json_address(const struct request *request) {
    struct buffer text;
    buffer_init(&text);
    if (span_is(request->target.raw_path, "/"))
        buffer_append_text(&text, "/v1/articles");
    else
        buffer_append_span(&text, list_forms_address(request, ""));
    if (!text.failed && text.used > 0)
        append_defaults(request, &text);
    return arena_take_buffer(request->arena, &text);
}

/* A quote would end the word: it is written as a reference of addresses. */
void reader_append_shell(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '\'')
            buffer_append_text(out, "%27");
        else
            html_append(out, (struct span){text.at + i, 1});
    }
}
