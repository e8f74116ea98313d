/* reader_text.c: small things that are the same on every page. */
#include <inttypes.h>

#include "ground/date.h"
#include "surface/reader/reader_parts.h"

struct span reader_text(const json_t *object, const char *member) {
    const json_t *value = json_object_get(object, member);
    return (struct span){json_string_value(value), json_string_length(value)};
}

int64_t reader_number(const json_t *object, const char *member) {
    return json_integer_value(json_object_get(object, member));
}

struct span reader_article_of_version(const json_t *version) {
    static const char between[] = "/revisions/";
    struct span url = reader_text(version, "url");
    const char *end =
        url.at == NULL ? NULL : memmem(url.at, url.bytes, between, sizeof between - 1);
    return (struct span){url.at, end == NULL ? 0 : (size_t)(end - url.at)};
}

void reader_wrap(struct buffer *out, const char *before, struct span text, const char *after) {
    if (text.bytes == 0)
        return;
    buffer_append_text(out, before);
    html_append(out, text);
    buffer_append_text(out, after);
}

/* Names are isolated: what a name says about direction ends with it. */
void reader_link(struct buffer *out, struct span address, const char *more, struct span text) {
    buffer_append_text(out, "<a href=\"");
    html_append(out, address);
    buffer_append_text(out, ".html\"");
    buffer_append_text(out, more);
    buffer_append_text(out, "><bdi>");
    html_append(out, text);
    buffer_append_text(out, "</bdi></a>");
}

void reader_term_link(struct buffer *out, const char *collection, const json_t *term,
                      const char *more) {
    buffer_append_text(out, "<a href=\"/v1/");
    buffer_append_text(out, collection);
    buffer_append_char(out, '/');
    target_encode(reader_text(term, "slug"), ",:", out);
    buffer_append_text(out, "/articles.html\"");
    buffer_append_text(out, more);
    reader_wrap(out, "><bdi>", reader_text(term, "name"), "</bdi>");
    buffer_append_text(out, "</a>");
}

void reader_time(struct buffer *out, struct span text) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct date date;
    struct span day = {text.at, text.bytes < DATE_BYTES - 1 ? text.bytes : DATE_BYTES - 1};
    if (text.bytes == 0 || !date_parse_iso(day, &date))
        return;
    reader_wrap(out, "<time datetime=\"", text, "\">");
    buffer_printf(out, "%d %s %d", date.day, months[date.month - 1], date.year);
    if (text.bytes >= sizeof "2018-06-03T12:00" - 1)
        buffer_printf(out, ", %.5s UTC", text.at + DATE_BYTES);
    buffer_append_text(out, "</time>");
}

void reader_count(struct buffer *out, int64_t count, const char *noun) {
    buffer_printf(out, "%" PRId64 " %s%s", count, noun, count == 1 ? "" : "s");
}

static bool begins_with(struct span text, size_t at, const char *word) {
    size_t bytes = strlen(word);
    return text.bytes - at >= bytes && memcmp(text.at + at, word, bytes) == 0;
}

void reader_marked(struct buffer *out, struct span html) {
    for (size_t i = 0; i < html.bytes; i++) {
        bool is_markup = begins_with(html, i, "<mark>") || begins_with(html, i, "</mark>");
        if (html.at[i] == '<' && !is_markup)
            buffer_append_text(out, "&lt;");
        else
            buffer_append_char(out, html.at[i]);
    }
}
