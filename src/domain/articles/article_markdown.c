/* article_markdown.c: an article as CommonMark:
 *
 *     # Title
 *
 *     Author and Author | 2018-06-03 | SECTION / Subsection
 *
 *     Paragraphs
 *
 *     Tags: A; B
 *
 * Every character that CommonMark or its common extensions could take for markup gets a backslash,
 * in the places where it could; a paragraph is one line, so that only its beginning can be a
 * block. */
#include "domain/articles/article_markdown.h"

/* Markup anywhere in a line. A `~` strikes out and `|` makes tables in extensions. */
static const char INLINE_MARKUP[] = "\\`*_[]<&~|";

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* `#`, `>`, `-`, `+` and `=` open headings, quotations, lists and rules. */
static bool opens_block(char c) {
    return c == '#' || c == '>' || c == '-' || c == '+' || c == '=';
}

/* `12.` and `12)` open lists: returns how many digits stand before the sign, or 0. */
static size_t list_number_digits(struct span text) {
    size_t digits = 0;
    while (digits < text.bytes && is_digit(text.at[digits]))
        digits++;
    bool is_number =
        digits > 0 && digits < text.bytes && (text.at[digits] == '.' || text.at[digits] == ')');
    return is_number ? digits : 0;
}

static void print_inline(struct span text, const char *also, struct buffer *out) {
    size_t start = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        if (c == '\0' || (strchr(INLINE_MARKUP, c) == NULL && strchr(also, c) == NULL))
            continue;
        buffer_append(out, text.at + start, i - start);
        buffer_append_char(out, '\\');
        start = i;
    }
    buffer_append(out, text.at + start, text.bytes - start);
}

void article_markdown_append_line(struct span text, struct buffer *out) {
    size_t digits = list_number_digits(text);
    buffer_append(out, text.at, digits);
    text.at += digits;
    text.bytes -= digits;
    if (digits > 0 || (text.bytes > 0 && opens_block(text.at[0]))) {
        buffer_append_char(out, '\\');
        buffer_append_char(out, text.at[0]);
        text.at++;
        text.bytes--;
    }
    print_inline(text, "", out);
    buffer_append_char(out, '\n');
}

/* Number signs at the end would close a heading. */
void article_markdown_append_title(struct span text, struct buffer *out) {
    print_inline(text, "#", out);
}

static void print_list(const struct span_list *list, const char *joint, const char *last_joint,
                       struct buffer *out) {
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_text(out, i + 1 == list->count ? last_joint : joint);
        buffer_append_span(out, list->items[i]);
    }
}

/* What is known of authors, date and section; escaped as a whole. */
static void print_byline(const struct article *article, struct buffer *out) {
    struct buffer line;
    buffer_init(&line);
    print_list(&article->authors, ", ", " and ", &line);
    if (article->published[0] != '\0') {
        buffer_append_text(&line, line.used > 0 ? " | " : "");
        buffer_append_text(&line, article->published);
    }
    if (article->section.count > 0) {
        buffer_append_text(&line, line.used > 0 ? " | " : "");
        print_list(&article->section, " / ", " / ", &line);
    }
    if (line.used > 0) {
        buffer_append_char(out, '\n');
        article_markdown_append_line(buffer_span(&line), out);
    }
    out->failed = out->failed || line.failed;
    buffer_fini(&line);
}

static void print_tags(const struct span_list *tags, struct buffer *out) {
    buffer_append_text(out, "\nTags: ");
    for (size_t i = 0; i < tags->count; i++) {
        buffer_append_text(out, i > 0 ? "; " : "");
        print_inline(tags->items[i], "", out);
    }
    buffer_append_char(out, '\n');
}

void article_markdown_print(const struct article *article, struct buffer *out) {
    buffer_append_text(out, "# ");
    article_markdown_append_title(article->title, out);
    buffer_append_char(out, '\n');
    print_byline(article, out);
    for (size_t i = 0; i < article->paragraphs.count; i++) {
        buffer_append_char(out, '\n');
        article_markdown_append_line(article->paragraphs.items[i], out);
    }
    if (article->tags.count > 0)
        print_tags(&article->tags, out);
}
