/* reader_list.c: lists of articles, and the front page, which is the newest of them with what they
 * are spread over. */
#include <ctype.h>

#include "surface/lists/list_title.h"
#include "surface/reader/reader_parts.h"

/* ---- parts ---- */

static void print_page_link(struct buffer *out, struct span address, const char *relation,
                            const char *text) {
    if (address.bytes == 0)
        return;
    buffer_printf(out, "<a rel=\"%s\" href=\"", relation);
    html_append(out, address);
    buffer_printf(out, "\">%s</a>\n", text);
}

void reader_pager(struct reader *page) {
    const json_t *links = json_object_get(page->json, "links");
    struct span next = reader_text(links, "next"), prev = reader_text(links, "prev");
    if (next.bytes == 0 && prev.bytes == 0)
        return;
    if (json_array_size(json_object_get(page->json, "data")) == 0 && prev.bytes > 0)
        buffer_append_text(page->out, "<p class=\"notice\">The list has fewer pages.</p>\n");
    buffer_append_text(page->out, "<nav class=\"pager\" aria-label=\"Pages\">\n");
    print_page_link(page->out, prev, "prev", "Previous page");
    print_page_link(page->out, next, "next", "Next page");
    buffer_append_text(page->out, "</nav>\n");
}

/* "tag:zzz" */
static void print_unknown(struct buffer *out, const json_t *unknown) {
    for (size_t i = 0; i < json_array_size(unknown); i++) {
        const json_t *name = json_array_get(unknown, i);
        reader_wrap(out, i == 0 ? "<p class=\"notice\">Nothing is known as <bdi>" : ", <bdi>",
                    (struct span){json_string_value(name), json_string_length(name)}, "</bdi>");
    }
    buffer_append_text(out, json_array_size(unknown) > 0 ? "</p>\n" : "");
}

static void print_missing(struct buffer *out, const json_t *ids) {
    for (size_t i = 0; i < json_array_size(ids); i++) {
        buffer_append_text(out, i == 0 ? "<p class=\"notice\">Not there: " : ", ");
        buffer_append_int(out, json_integer_value(json_array_get(ids, i)));
    }
    buffer_append_text(out, json_array_size(ids) > 0 ? "</p>\n" : "");
}

void reader_total(struct reader *page, const char *noun) {
    const json_t *meta = json_object_get(page->json, "meta");
    const json_t *total = json_object_get(meta, "total");
    if (json_is_integer(total)) {
        bool is_more = json_is_true(json_object_get(meta, "total_is_lower_bound"));
        buffer_append_text(page->out, "<p class=\"count\">");
        buffer_append_text(page->out, is_more ? "More than " : "");
        reader_count(page->out, json_integer_value(total), noun);
        buffer_append_text(page->out, "</p>\n");
    }
    print_unknown(page->out, json_object_get(meta, "unknown"));
    print_missing(page->out, json_object_get(meta, "missing"));
    if (json_is_true(json_object_get(meta, "changed_since_cursor")))
        buffer_append_text(page->out, "<p class=\"notice\">Something was written since the page "
                                      "before: places may have shifted.</p>\n");
}

static void print_item(struct buffer *out, const json_t *article) {
    buffer_append_text(out, "<li><article>\n<h2 dir=\"auto\">");
    reader_link(out, reader_text(article, "url"), "", reader_text(article, "title"));
    buffer_append_text(out, "</h2>\n");
    reader_byline(out, article);
    reader_wrap(out, "<p class=\"lead\" dir=\"auto\">", reader_text(article, "lead"), "</p>\n");
    buffer_append_text(out, "</article></li>\n");
}

static void print_items(struct reader *page) {
    const json_t *data = json_object_get(page->json, "data");
    if (json_array_size(data) == 0)
        return;
    buffer_append_text(page->out, "<ol class=\"articles\">\n");
    for (size_t i = 0; i < json_array_size(data); i++)
        print_item(page->out, json_array_get(data, i));
    buffer_append_text(page->out, "</ol>\n");
}

/* ---- a list ---- */

/* Of "Pilcrow: Ferry (date: 2018)" what stands behind the publication; a word for things that are
 * no name begins with a capital. */
void reader_list_head(struct reader *page) {
    struct span title = {NULL, 0};
    size_t publication = page->request->service->title.bytes;
    bool is_name = page->request->params.values[PARAM_PATH_TERM].has_value;
    if (list_title(page->request, &title) != PROBLEM_NONE || title.bytes < publication)
        page->out->failed = true; /* the page ends as out of memory */
    else
        title = (struct span){title.at + publication, title.bytes - publication};
    struct buffer text;
    buffer_init(&text);
    bool is_said = title.bytes > 2 && memcmp(title.at, ": ", 2) == 0;
    buffer_append_text(&text, is_said ? "" : "Articles");
    if (is_said)
        title = (struct span){title.at + 2, title.bytes - 2};
    buffer_append_span(&text, title);
    if (is_said && !is_name && text.used > 0)
        text.bytes[0] = (char)toupper((unsigned char)text.bytes[0]);
    page->title = arena_take_buffer(page->request->arena, &text);
}

static void print_sorts(struct reader *page) {
    static const struct {
        const char *value, *text;
    } sorts[] = {{"-published", "Newest first"},
                 {"published", "Oldest first"},
                 {"title", "By title"},
                 {"-updated", "Changed last"}};
    struct buffer *out = page->out;
    bool is_given = page->request->params.values[PARAM_ARTICLE_SORT].is_given ||
                    page->request->params.values[PARAM_Q].is_given;
    buffer_append_text(out, "<nav class=\"sorts\" aria-label=\"Order\"><ul>\n");
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        struct span value = span_of(sorts[i].value);
        bool is_here = is_given ? reader_has(page->request, "sort", value) : i == 0;
        buffer_append_text(out, "<li><a href=\"");
        html_append(out, reader_with(page->request, "sort", value));
        buffer_printf(out, "\"%s>%s</a></li>\n", is_here ? " aria-current=\"true\"" : "",
                      sorts[i].text);
    }
    buffer_append_text(out, "</ul></nav>\n");
}

void reader_list(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<h1 dir=\"auto\">");
    html_append(out, page->title);
    buffer_append_text(out, "</h1>\n");
    reader_total(page, "article");
    if (params_is_listed(page->request->match.route->taken, PARAM_ARTICLE_SORT))
        print_sorts(page);
    print_items(page);
    reader_pager(page);
    reader_facets(page);
}

/* ---- the front page ---- */

void reader_front_head(struct reader *page) {
    page->title = page->request->service->title;
}

/* A value of a facet has its slug and name, as terms have. */
static void print_terms(struct reader *page, const char *facet, const char *collection,
                        const char *heading) {
    struct buffer *out = page->out;
    const json_t *facets = json_object_get(json_object_get(page->json, "meta"), "facets");
    const json_t *values = json_object_get(json_object_get(facets, facet), "values");
    if (json_array_size(values) == 0)
        return;
    buffer_printf(out, "<section class=\"%s\">\n<h2><a href=\"/v1/%s.html\">%s</a></h2>\n<ul>\n",
                  collection, collection, heading);
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        buffer_append_text(out, "<li>");
        reader_term_link(out, collection, value, "");
        buffer_printf(out, " <span class=\"count\">%lld</span></li>\n",
                      (long long)reader_number(value, "count"));
    }
    buffer_append_text(out, "</ul>\n</section>\n");
}

void reader_front(struct reader *page) {
    buffer_append_text(page->out, "<h1>Newest articles</h1>\n");
    if (json_array_size(json_object_get(page->json, "data")) == 0)
        buffer_append_text(page->out, "<p class=\"notice\">There are no articles yet; "
                                      "<code>pilcrow import</code> brings them in.</p>\n");
    print_items(page);
    buffer_append_text(page->out, "<p class=\"more\"><a href=\"/v1/articles.html\">All articles"
                                  "</a></p>\n<aside class=\"terms\">\n");
    print_terms(page, "section", "sections", "Sections");
    print_terms(page, "tag", "tags", "Tags");
    buffer_append_text(page->out, "</aside>\n");
}
