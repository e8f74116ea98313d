/* reader_article.c: one article, or one of its versions, to read. */
#include "surface/reader/reader_parts.h"

void reader_article_head(struct reader *page) {
    page->title = reader_text(page->json, "title");
    page->description = reader_text(page->json, "lead");
    page->canonical = reader_text(page->json, "url");
    page->is_article = true;
}

/* ---- what is known about it ---- */

static void print_authors(struct buffer *out, const json_t *authors) {
    for (size_t i = 0; i < json_array_size(authors); i++) {
        buffer_append_text(out, i == 0 ? "<span class=\"authors\">By " : ", ");
        reader_term_link(out, "authors", json_array_get(authors, i), " rel=\"author\"");
    }
    buffer_append_text(out, json_array_size(authors) > 0 ? "</span> " : "");
}

static void print_section(struct buffer *out, const json_t *section) {
    const json_t *path = json_object_get(section, "path");
    for (size_t i = 0; i < json_array_size(path); i++) {
        buffer_append_text(out, i == 0 ? " <span class=\"section\">" : " / ");
        reader_term_link(out, "sections", json_array_get(path, i), "");
    }
    buffer_append_text(out, json_array_size(path) > 0 ? "</span>" : "");
}

void reader_byline(struct buffer *out, const json_t *article) {
    buffer_append_text(out, "<p class=\"byline\">");
    print_authors(out, json_object_get(article, "authors"));
    reader_time(out, reader_text(article, "published"));
    print_section(out, json_object_get(article, "section"));
    buffer_append_text(out, "</p>\n");
}

void reader_tags(struct buffer *out, const json_t *article) {
    const json_t *tags = json_object_get(article, "tags");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        buffer_append_text(out, i == 0 ? "<ul class=\"tags\" aria-label=\"Tags\">\n<li>" : "<li>");
        reader_term_link(out, "tags", json_array_get(tags, i), " rel=\"tag\"");
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, json_array_size(tags) > 0 ? "</ul>\n" : "");
}

/* ---- the text ---- */

static void append_number(struct buffer *out, const char *before, int64_t number) {
    buffer_append_text(out, before);
    buffer_append_int(out, number);
}

/* Without printf: an article has many. */
static void print_paragraph(struct buffer *out, const json_t *paragraph) {
    int64_t id = reader_number(paragraph, "id"), n = reader_number(paragraph, "n");
    append_number(out, "<p id=\"p-", id);
    append_number(out, "\" class=\"para\" data-pid=\"", id);
    append_number(out, "\" data-n=\"", n);
    buffer_append_text(out, "\" dir=\"auto\">");
    html_append(out, reader_text(paragraph, "text"));
    append_number(out, " <a class=\"anchor\" href=\"#p-", id);
    append_number(out, "\" aria-label=\"Link to paragraph ", n);
    buffer_append_text(out, "\">¶</a></p>\n");
}

/* A version says so: its address is not that of the article. */
static void print_version(struct buffer *out, const json_t *article) {
    struct span now = reader_article_of_version(article);
    if (now.bytes == 0)
        return;
    buffer_printf(out, "<p class=\"notice\">This is version %lld, of ",
                  (long long)reader_number(article, "version"));
    reader_time(out, reader_text(article, "updated_at"));
    buffer_append_text(out, ". ");
    reader_link(out, now, "", SPAN_LITERAL("The article as it is now"));
    buffer_append_text(out, "</p>\n");
}

static void print_text(struct reader *page) {
    struct buffer *out = page->out;
    const json_t *article = page->json, *paragraphs = json_object_get(article, "paragraphs");
    buffer_printf(out, "<article data-id=\"%lld\" data-version=\"%lld\" data-slug=\"",
                  (long long)reader_number(article, "id"),
                  (long long)reader_number(article, "version"));
    html_append(out, reader_text(article, "slug"));
    buffer_append_text(out, "\">\n<header>\n<h1 dir=\"auto\">");
    html_append(out, page->title);
    buffer_append_text(out, "</h1>\n");
    reader_byline(out, article);
    print_version(out, article);
    buffer_append_text(out, "</header>\n<div class=\"text\">\n");
    for (size_t i = 0; i < json_array_size(paragraphs); i++)
        print_paragraph(out, json_array_get(paragraphs, i));
    buffer_append_text(out, "</div>\n");
    reader_tags(out, article);
    buffer_append_text(out, "</article>\n");
}

/* ---- what is beside it ---- */

static void print_history(struct buffer *out, const json_t *article) {
    long long id = (long long)reader_number(article, "id");
    buffer_printf(out, "<p class=\"history\">Version %lld, of ",
                  (long long)reader_number(article, "version"));
    reader_time(out, reader_text(article, "updated_at"));
    buffer_printf(out, ". <a href=\"/v1/articles/%lld/revisions.html\">History</a></p>\n", id);
}

static void print_related(struct buffer *out, const json_t *article) {
    const json_t *related = json_object_get(article, "related");
    if (json_array_size(related) == 0)
        return;
    buffer_append_text(out, "<aside class=\"related\" aria-labelledby=\"related\">\n"
                            "<h2 id=\"related\"><a href=\"");
    html_append(out, reader_text(article, "url"));
    buffer_append_text(out, "/related.html\">Related articles</a></h2>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(related); i++) {
        const json_t *other = json_array_get(related, i);
        buffer_append_text(out, "<li>");
        reader_link(out, reader_text(other, "url"), "", reader_text(other, "title"));
        buffer_append_char(out, ' ');
        reader_time(out, reader_text(other, "published"));
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ul>\n</aside>\n");
}

static void print_neighbour(struct buffer *out, const json_t *other, const char *relation,
                            const char *label) {
    if (!json_is_object(other))
        return;
    buffer_append_text(out, "<p>");
    buffer_append_text(out, label);
    reader_link(out, reader_text(other, "url"), relation, reader_text(other, "title"));
    buffer_append_text(out, "</p>\n");
}

static void print_neighbours(struct buffer *out, const json_t *neighbours) {
    const json_t *previous = json_object_get(neighbours, "previous");
    const json_t *next = json_object_get(neighbours, "next");
    if (!json_is_object(previous) && !json_is_object(next))
        return;
    buffer_append_text(out, "<nav class=\"neighbours\" aria-label=\"Neighbours\">\n");
    print_neighbour(out, previous, " rel=\"prev\"", "Earlier: ");
    print_neighbour(out, next, " rel=\"next\"", "Later: ");
    buffer_append_text(out, "</nav>\n");
}

void reader_article(struct reader *page) {
    print_text(page);
    print_history(page->out, page->json);
    print_related(page->out, page->json);
    print_neighbours(page->out, json_object_get(page->json, "neighbors"));
}
