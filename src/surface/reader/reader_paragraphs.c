/* reader_paragraphs.c: paragraphs of one article or of many, each with the way to where it
 * stands. */
#include "surface/reader/reader_parts.h"

/* Nothing is above one of the article that the address names. */
static void print_article(struct buffer *out, const json_t *article) {
    if (article == NULL)
        return;
    buffer_append_text(out, "<h2 dir=\"auto\">");
    reader_link(out, reader_text(article, "url"), "", reader_text(article, "title"));
    buffer_append_text(out, "</h2>\n<p class=\"byline\">");
    reader_time(out, reader_text(article, "published"));
    buffer_append_text(out, "</p>\n");
}

static void print_paragraph(struct buffer *out, const json_t *paragraph) {
    long long n = (long long)reader_number(paragraph, "n");
    buffer_append_text(out, "<li><article>\n");
    print_article(out, json_object_get(paragraph, "article"));
    buffer_append_text(out, "<blockquote class=\"evidence\">\n<p dir=\"auto\">");
    html_append(out, reader_text(paragraph, "text"));
    buffer_append_text(out, " <a class=\"anchor\" href=\"");
    html_append(out, reader_text(paragraph, "url"));
    buffer_printf(out, ".html\" aria-label=\"Paragraph %lld, in its article\">¶ %lld</a></p>\n", n,
                  n);
    buffer_append_text(out, "</blockquote>\n</article></li>\n");
}

void reader_paragraphs(struct reader *page) {
    const json_t *data = json_object_get(page->json, "data");
    struct buffer *out = page->out;
    reader_wrap(out, "<h1 dir=\"auto\">", page->title, "</h1>\n");
    reader_total(page, "paragraph");
    buffer_append_text(out, json_array_size(data) > 0 ? "<ol class=\"articles hits\">\n" : "");
    for (size_t i = 0; i < json_array_size(data); i++)
        print_paragraph(out, json_array_get(data, i));
    buffer_append_text(out, json_array_size(data) > 0 ? "</ol>\n" : "");
    reader_pager(page);
}
