/* reader_page.c: what stands around every page: head, header, footer. */
#include "surface/lists/list_forms.h"
#include "surface/reader/reader_parts.h"
#include "surface/representation.h"

/* ---- the head ---- */

static void print_alternate(struct reader *page, const char *suffix) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<link rel=\"alternate\" type=\"");
    buffer_append_text(out, representation_type(span_of(suffix)));
    buffer_append_text(out, "\" href=\"");
    html_append(out, suffix[0] == '\0' ? reader_json_address(page->request)
                                       : list_forms_address(page->request, suffix));
    buffer_append_text(out, "\">\n");
}

/* Of a problem, and of a form that was not filled in yet, there is nothing to fetch. */
static bool has_data(const struct reader *page) {
    return page->view->answer != NULL && json_object_size(page->json) > 0;
}

static void print_alternates(struct reader *page) {
    const struct route *route = page->request->match.route;
    if (!has_data(page))
        return;
    print_alternate(page, "");
    if (strcmp(page->view->answer, "front") == 0)
        buffer_append_text(page->out, "<link rel=\"alternate\" type=\"application/atom+xml\" "
                                      "href=\"/v1/articles.atom\">\n");
    for (size_t i = 0; route->formats[i] != NULL; i++) {
        if (strcmp(route->formats[i], "html") != 0)
            print_alternate(page, route->formats[i]);
    }
}

static void print_meta(struct reader *page, const char *attribute, const char *name,
                       struct span content) {
    if (content.bytes == 0)
        return;
    buffer_append_text(page->out, "<meta ");
    buffer_append_text(page->out, attribute);
    buffer_append_text(page->out, "=\"");
    buffer_append_text(page->out, name);
    reader_wrap(page->out, "\" content=\"", content, "\">\n");
}

static void print_canonical(struct reader *page) {
    struct buffer *out = page->out;
    if (page->canonical.bytes == 0)
        return;
    buffer_append_text(out, "<link rel=\"canonical\" href=\"");
    html_append(out, page->request->service->public_url);
    html_append(out, page->canonical);
    buffer_append_text(out, ".html\">\n");
    if (page->request->service->public_url.bytes == 0)
        return; /* og:url must be whole */
    buffer_append_text(out, "<meta property=\"og:url\" content=\"");
    html_append(out, page->request->service->public_url);
    html_append(out, page->canonical);
    buffer_append_text(out, ".html\">\n");
}

static void print_asset(struct buffer *out, const char *before, const char *name,
                        const char *after) {
    buffer_append_text(out, before);
    buffer_append_text(out, reader_asset_folder);
    buffer_append_text(out, name);
    buffer_append_text(out, after);
}

static void print_head(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<title>");
    html_append(out, page->title);
    if (page->view->answer == NULL || strcmp(page->view->answer, "front") != 0)
        reader_wrap(out, " – ", page->request->service->title, "");
    buffer_append_text(out, "</title>\n");
    print_meta(page, "name", "description", page->description);
    print_canonical(page);
    print_meta(page, "property", "og:title", page->is_article ? page->title : (struct span){0});
    print_meta(page, "property", "og:type",
               page->is_article ? SPAN_LITERAL("article") : (struct span){0});
    print_meta(page, "property", "og:description",
               page->is_article ? page->description : (struct span){0});
    print_alternates(page);
    print_asset(out, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"", "icon.svg", "\">\n");
    print_asset(out, "<link rel=\"stylesheet\" href=\"", "reader.css", "\">\n");
    print_asset(out, "<script src=\"", "early.js", "\"></script>\n");
    print_asset(out, "<script type=\"module\" src=\"", "reader.js", "\"></script>\n</head>\n");
}

/* ---- the header ---- */

static const struct {
    const char *path, *text;
} places[] = {
    {"/v1/articles.html", "Articles"},  {"/v1/tags.html", "Tags"},
    {"/v1/sections.html", "Sections"},  {"/v1/authors.html", "Authors"},
    {"/v1/quotes.html", "Quote check"},
};

static void print_navigation(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<nav aria-label=\"Main\"><ul>\n");
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bool is_here = span_is(page->request->target.raw_path, places[i].path);
        buffer_printf(out, "<li><a href=\"%s\"%s>%s</a></li>\n", places[i].path,
                      is_here ? " aria-current=\"page\"" : "", places[i].text);
    }
    buffer_append_text(out, "</ul></nav>\n");
}

static struct span asked_for(const struct request *request) {
    for (size_t i = 0; i < request->target.pair_count; i++) {
        if (span_is(request->target.pairs[i].name, "q"))
            return request->target.pairs[i].value;
    }
    return SPAN_LITERAL("");
}

static void print_header(struct reader *page) {
    struct buffer *out = page->out;
    bool is_search = page->view->answer != NULL && strcmp(page->view->answer, "search_list") == 0;
    buffer_append_text(out, "<body class=\"");
    buffer_append_text(out, page->view->class);
    buffer_append_text(out, "\">\n<a class=\"skip\" href=\"#main\">To the text</a>\n"
                            "<header class=\"site\">\n<p class=\"title\"><a href=\"/\">");
    html_append(out, page->request->service->title);
    buffer_append_text(out, "</a></p>\n");
    print_navigation(page);
    buffer_append_text(out, "<form class=\"search\" role=\"search\" action=\"/v1/search.html\">"
                            "<label for=\"q\">Search</label> <input type=\"search\" id=\"q\" "
                            "name=\"q\" maxlength=\"256\" required autocomplete=\"off\" value=\"");
    html_append(out, is_search ? asked_for(page->request) : SPAN_LITERAL(""));
    buffer_append_text(out, "\"> <button>Search</button></form>\n</header>\n"
                            "<main id=\"main\" tabindex=\"-1\">\n");
}

/* ---- the footer ---- */

/* Where no address is set, that of a server that was started without settings stands there; the
 * script writes the one that the reader sees. */
static void print_command(struct reader *page) {
    struct buffer *out = page->out;
    struct span base = page->request->service->public_url;
    if (!has_data(page))
        return;
    buffer_append_text(out, "<section class=\"curl\">\n<h2>The same by curl</h2>\n"
                            "<pre tabindex=\"0\"><code>curl '<span class=\"origin\">");
    reader_append_shell(out, base.bytes > 0 ? base : SPAN_LITERAL("http://127.0.0.1:8080"));
    buffer_append_text(out, "</span>");
    reader_append_shell(out, reader_json_address(page->request));
    buffer_append_text(out, "'</code></pre>\n</section>\n");
}

static void print_forms(struct reader *page) {
    const struct route *route = page->request->match.route;
    struct buffer *out = page->out;
    if (!has_data(page))
        return;
    buffer_append_text(out, "<p class=\"forms\">Also as <a href=\"");
    html_append(out, reader_json_address(page->request));
    buffer_append_text(out, "\">JSON</a>");
    for (size_t i = 0; route->formats[i] != NULL; i++) {
        if (strcmp(route->formats[i], "html") == 0)
            continue;
        buffer_append_text(out, ", <a href=\"");
        html_append(out, list_forms_address(page->request, route->formats[i]));
        buffer_printf(out, "\">.%s</a>", route->formats[i]);
    }
    buffer_append_text(out, "</p>\n");
}

void reader_print(struct reader *page) {
    print_head(page);
    print_header(page);
    page->view->print(page);
    buffer_append_text(page->out, "</main>\n<footer>\n");
    print_command(page);
    print_forms(page);
    buffer_append_text(page->out, "<p class=\"about\"><a href=\"/docs.html\">The API behind these "
                                  "pages</a></p>\n</footer>\n</body>\n</html>\n");
}

void reader_protect(struct reply *reply) {
    reply_field(reply, "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                "img-src 'self' data:; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'");
}
