/* reader_terms.c: tags, sections, authors: all of a kind, and one. */
#include "domain/articles/term.h"
#include "surface/reader/reader_parts.h"

/* By enum term_kind. */
static const struct kind {
    const char *heading, *noun, *collection;
} kinds[] = {
    [TERM_AUTHOR] = {"Authors", "author", "authors"},
    [TERM_SECTION] = {"Sections", "section", "sections"},
    [TERM_TAG] = {"Tags", "tag", "tags"},
};

static const struct kind *kind_of(const struct reader *page) {
    return &kinds[page->request->match.route->variant];
}

void reader_terms_head(struct reader *page) {
    page->title = span_of(kind_of(page)->heading);
}

/* Of a section where it stands: "HARBOUR / Lights". */
static void print_name(struct buffer *out, const json_t *term) {
    const json_t *path = json_object_get(term, "path");
    if (json_array_size(path) == 0) {
        reader_wrap(out, "<bdi>", reader_text(term, "name"), "</bdi>");
        return;
    }
    for (size_t i = 0; i < json_array_size(path); i++) {
        buffer_append_text(out, i > 0 ? " / " : "");
        reader_wrap(out, "<bdi>", reader_text(json_array_get(path, i), "name"), "</bdi>");
    }
}

static void print_term(struct buffer *out, const json_t *term) {
    buffer_append_text(out, "<li><a href=\"");
    html_append(out, reader_text(term, "articles"));
    buffer_append_text(out, ".html\">");
    print_name(out, term);
    buffer_printf(out, "</a> <span class=\"count\">%lld</span></li>\n",
                  (long long)reader_number(term, "count"));
}

static void print_form(struct reader *page) {
    const struct param_value *given = &page->request->params.values[PARAM_TERM_PREFIX];
    struct buffer *out = page->out;
    buffer_printf(out,
                  "<form class=\"filter\" action=\"/v1/%s.html\"><label for=\"begin\">Begins "
                  "with</label> <input type=\"search\" id=\"begin\" name=\"q\" maxlength=\"200\" "
                  "required value=\"",
                  kind_of(page)->collection);
    html_append(out, given->is_given ? given->text : SPAN_LITERAL(""));
    buffer_append_text(out, "\"> <button>Find</button></form>\n");
}

static void print_sorts(struct reader *page) {
    bool is_by_name = reader_has(page->request, "sort", SPAN_LITERAL("name"));
    struct buffer *out = page->out;
    buffer_append_text(out, "<nav class=\"sorts\" aria-label=\"Order\"><ul>\n<li><a href=\"");
    html_append(out, reader_with(page->request, "sort", SPAN_LITERAL("-count")));
    buffer_append_text(out, is_by_name ? "\">" : "\" aria-current=\"true\">");
    buffer_append_text(out, "Most articles first</a></li>\n<li><a href=\"");
    html_append(out, reader_with(page->request, "sort", SPAN_LITERAL("name")));
    buffer_append_text(out, is_by_name ? "\" aria-current=\"true\">" : "\">");
    buffer_append_text(out, "By name</a></li>\n</ul></nav>\n");
}

void reader_terms(struct reader *page) {
    const json_t *data = json_object_get(page->json, "data");
    struct buffer *out = page->out;
    reader_wrap(out, "<h1>", page->title, "</h1>\n");
    reader_total(page, kind_of(page)->noun);
    print_form(page);
    print_sorts(page);
    buffer_append_text(out, json_array_size(data) > 0 ? "<ul class=\"terms\">\n" : "");
    for (size_t i = 0; i < json_array_size(data); i++)
        print_term(out, json_array_get(data, i));
    buffer_append_text(out, json_array_size(data) > 0 ? "</ul>\n" : "");
    reader_pager(page);
}

/* ---- one ---- */

void reader_term_head(struct reader *page) {
    page->title = reader_text(page->json, "name");
    page->canonical = reader_text(page->json, "url");
}

static void print_related(struct buffer *out, const json_t *related) {
    if (json_array_size(related) == 0)
        return;
    buffer_append_text(out, "<section class=\"related\">\n<h2>Often with the tags</h2>\n"
                            "<ul class=\"terms\">\n");
    for (size_t i = 0; i < json_array_size(related); i++) {
        const json_t *other = json_array_get(related, i);
        buffer_append_text(out, "<li>");
        reader_term_link(out, "tags", other, "");
        buffer_printf(out, " <span class=\"count\">%lld</span></li>\n",
                      (long long)reader_number(other, "count"));
    }
    buffer_append_text(out, "</ul>\n</section>\n");
}

void reader_term(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<h1 dir=\"auto\">");
    print_name(out, page->json);
    buffer_append_text(out, "</h1>\n<p class=\"count\"><a href=\"");
    html_append(out, reader_text(page->json, "articles"));
    buffer_append_text(out, ".html\">");
    reader_count(out, reader_number(page->json, "count"), "article");
    buffer_append_text(out, "</a></p>\n");
    print_related(out, json_object_get(page->json, "related"));
}
