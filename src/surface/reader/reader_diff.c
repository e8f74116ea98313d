/* reader_diff.c: what became of each paragraph from one version to another. */
#include "surface/reader/reader_parts.h"

void reader_diff_head(struct reader *page) {
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "Version %lld to %lld",
                  (long long)reader_number(json_object_get(page->json, "from"), "version"),
                  (long long)reader_number(json_object_get(page->json, "to"), "version"));
    page->title = arena_take_buffer(page->request->arena, &text);
}

/* ---- fields ---- */

/* A text, a list of names, or nothing. */
static void print_field(struct buffer *out, const char *element, const json_t *value) {
    if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
        return;
    buffer_printf(out, "<%s>", element);
    if (json_is_string(value))
        html_append(out, (struct span){json_string_value(value), json_string_length(value)});
    for (size_t i = 0; i < json_array_size(value); i++) {
        buffer_append_text(out, i > 0 ? ", " : "");
        html_append(out, reader_text(json_array_get(value, i), "name"));
    }
    buffer_printf(out, "</%s> ", element);
}

static void print_fields(struct buffer *out, const json_t *fields) {
    const char *name;
    json_t *pair;
    if (json_object_size(fields) == 0)
        return;
    buffer_append_text(out, "<dl class=\"fields\">\n");
    json_object_foreach((json_t *)(uintptr_t)fields, name, pair) {
        buffer_append_text(out, "<dt>");
        html_append_text(out, name);
        buffer_append_text(out, "</dt>\n<dd>");
        print_field(out, "del", json_object_get(pair, "from"));
        print_field(out, "ins", json_object_get(pair, "to"));
        buffer_append_text(out, "</dd>\n");
    }
    buffer_append_text(out, "</dl>\n");
}

/* ---- paragraphs ---- */

static bool is_same(const json_t *paragraph) {
    return span_is(reader_text(paragraph, "status"), "same");
}

/* Of those that did not change only the places are shown, of neighbours once: what stands there is
 * in either version. Returns how many these are. */
static size_t print_same(struct buffer *out, const json_t *paragraphs, size_t first) {
    size_t count = 0;
    while (is_same(json_array_get(paragraphs, first + count)))
        count++;
    if (count == 0)
        return 0;
    long long from = (long long)reader_number(json_array_get(paragraphs, first), "to");
    long long to = (long long)reader_number(json_array_get(paragraphs, first + count - 1), "to");
    buffer_append_text(out, "<p class=\"same\">");
    if (count == 1)
        buffer_printf(out, "Paragraph %lld did not change.</p>\n", from);
    else
        buffer_printf(out, "Paragraphs %lld to %lld did not change.</p>\n", from, to);
    return count;
}

static void print_spans(struct buffer *out, const json_t *spans) {
    for (size_t i = 0; i < json_array_size(spans); i++) {
        const json_t *span = json_array_get(spans, i);
        struct span op = reader_text(span, "op"), text = reader_text(span, "text");
        if (span_is(op, "delete"))
            reader_wrap(out, "<del>", text, "</del>");
        else if (span_is(op, "insert"))
            reader_wrap(out, "<ins>", text, "</ins>");
        else
            html_append(out, text);
    }
}

static void print_origin(struct buffer *out, const char *before, struct span address) {
    if (address.bytes == 0)
        return;
    buffer_append_text(out, before);
    reader_link(out, address, "", SPAN_LITERAL("another paragraph"));
}

/* "Paragraph 4, edited, moved from place 2"; one that is gone has no page any more. */
static void print_what(struct buffer *out, const json_t *paragraph) {
    struct span status = reader_text(paragraph, "status");
    long long from = (long long)reader_number(paragraph, "from");
    long long to = (long long)reader_number(paragraph, "to");
    if (to > 0)
        reader_wrap(out, "<h2><a href=\"", reader_text(paragraph, "url"), ".html\">");
    buffer_printf(out, to > 0 ? "Paragraph %lld</a>, " : "<h2>Earlier paragraph %lld, ",
                  to > 0 ? to : from);
    html_append(out, status);
    if (json_is_true(json_object_get(paragraph, "moved")) || span_is(status, "moved"))
        buffer_printf(
            out, span_is(status, "moved") ? " from place %lld" : ", moved from place %lld", from);
    print_origin(out, " off ", reader_text(paragraph, "came_from"));
    print_origin(out, " into ", reader_text(paragraph, "merged_into"));
    buffer_append_text(out, "</h2>\n");
}

static void print_paragraph(struct buffer *out, const json_t *paragraph) {
    struct span text = reader_text(paragraph, "text");
    const json_t *spans = json_object_get(paragraph, "spans");
    bool is_gone = !json_is_integer(json_object_get(paragraph, "to"));
    reader_wrap(out, "<div class=\"", reader_text(paragraph, "status"), "\" data-pid=\"");
    buffer_append_int(out, reader_number(paragraph, "id"));
    buffer_append_text(out, "\">\n");
    print_what(out, paragraph);
    if (text.bytes > 0 || json_array_size(spans) > 0) {
        buffer_append_text(out, "<p dir=\"auto\">");
        print_spans(out, spans);
        reader_wrap(out, is_gone ? "<del>" : "<ins>", text, is_gone ? "</del>" : "</ins>");
        buffer_append_text(out, "</p>\n");
    }
    buffer_append_text(out, "</div>\n");
}

static void print_version(struct buffer *out, const json_t *version) {
    struct buffer text;
    buffer_init(&text);
    buffer_printf(&text, "version %lld", (long long)reader_number(version, "version"));
    reader_link(out, reader_text(version, "url"), "", buffer_span(&text));
    out->failed = out->failed || text.failed;
    buffer_fini(&text);
    buffer_append_text(out, ", ");
    reader_time(out, reader_text(version, "updated_at"));
}

void reader_diff(struct reader *page) {
    struct buffer *out = page->out;
    const json_t *paragraphs = json_object_get(page->json, "paragraphs");
    struct span article = reader_text(page->json, "article");
    buffer_append_text(out, "<h1>What changed</h1>\n<p class=\"byline\">From ");
    print_version(out, json_object_get(page->json, "from"));
    buffer_append_text(out, " to ");
    print_version(out, json_object_get(page->json, "to"));
    buffer_append_text(out, "</p>\n<p><a href=\"");
    html_append(out, article);
    buffer_append_text(out, "/revisions.html\">All versions</a></p>\n");
    if (json_is_true(json_object_get(page->json, "is_coarse")))
        buffer_append_text(out, "<p class=\"notice\">Comparing was cut short: more is marked as "
                                "changed than was.</p>\n");
    print_fields(out, json_object_get(page->json, "fields"));
    buffer_append_text(out, "<div class=\"diff\">\n");
    for (size_t i = 0; i < json_array_size(paragraphs);) {
        size_t same = print_same(out, paragraphs, i);
        if (same == 0)
            print_paragraph(out, json_array_get(paragraphs, i));
        i += same == 0 ? 1 : same;
    }
    buffer_append_text(out, "</div>\n");
}
