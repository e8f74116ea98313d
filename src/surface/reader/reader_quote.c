/* reader_quote.c: a form that asks whether a quotation is right, and what is found out. */
#include "surface/reader/reader_parts.h"

void reader_quote_head(struct reader *page) {
    page->title = SPAN_LITERAL("Quote check");
}

static const struct {
    const char *status, *text;
} verdicts[] = {
    {"verbatim", "Word for word: the very characters stand there."},
    {"normalized",
     "The same words in the same order; case, accents, punctuation or blanks differ."},
    {"near", "Nearly: it stands there a little differently."},
    {"misattributed", "It stands elsewhere than was said."},
    {"none", "Found nowhere."},
};

static void print_verdict(struct buffer *out, struct span status) {
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        if (span_is(status, verdicts[i].status))
            buffer_printf(out, "<p class=\"verdict %s\" role=\"status\">%s</p>\n",
                          verdicts[i].status, verdicts[i].text);
    }
}

static void print_form(struct reader *page) {
    const struct param_value *asked = &page->request->params.values[PARAM_QUOTE_TEXT];
    struct buffer *out = page->out;
    buffer_append_text(out, "<form class=\"quote\" action=\"/v1/quotes.html\">\n"
                            "<label for=\"text\">The quotation</label>\n<input id=\"text\" "
                            "name=\"text\" maxlength=\"2000\" required value=\"");
    html_append(out, asked->has_value ? asked->text : SPAN_LITERAL(""));
    buffer_append_text(out, "\">\n<button>Where does it stand?</button>\n</form>\n");
}

/* ---- where it stands ---- */

/* "Title, paragraph 4" with the way to it; of the best match a browser marks the very words. */
static void print_place(struct buffer *out, const json_t *place) {
    const json_t *article = json_object_get(place, "article");
    buffer_append_text(out, "<a href=\"");
    html_append(out, reader_text(article, "url"));
    buffer_printf(out, ".html#p-%lld", (long long)reader_number(place, "paragraph"));
    html_append(out, reader_text(place, "fragment"));
    buffer_append_text(out, "\"><bdi>");
    html_append(out, reader_text(article, "title"));
    buffer_printf(out, "</bdi>, paragraph %lld</a> ", (long long)reader_number(place, "n"));
    reader_time(out, reader_text(article, "published"));
}

static void print_match(struct buffer *out, const json_t *match) {
    if (!json_is_object(match))
        return;
    buffer_append_text(out, "<blockquote>\n");
    reader_wrap(out, "<p dir=\"auto\">", reader_text(match, "text"), "</p>\n");
    const json_t *parts = json_object_get(match, "paragraphs");
    for (size_t i = 1; i < json_array_size(parts); i++)
        reader_wrap(out, "<p dir=\"auto\">", reader_text(json_array_get(parts, i), "text"),
                    "</p>\n");
    buffer_append_text(out, "</blockquote>\n<p class=\"place\">");
    print_place(out, match);
    buffer_append_text(out, "</p>\n");
    reader_wrap(out, "<h2>To cite it</h2>\n<p class=\"citation\" dir=\"auto\">",
                reader_text(match, "citation"), "</p>\n");
}

static void print_differences(struct buffer *out, const json_t *differences) {
    if (json_array_size(differences) == 0)
        return;
    buffer_append_text(out, "<h2>What differs</h2>\n<p class=\"legend\"><del>Quoted</del>, but "
                            "<ins>written</ins>:</p>\n<ul class=\"differences\">\n");
    for (size_t i = 0; i < json_array_size(differences); i++) {
        const json_t *difference = json_array_get(differences, i);
        reader_wrap(out, "<li class=\"", reader_text(difference, "op"), "\">");
        reader_wrap(out, "<del>", reader_text(difference, "quoted"), "</del> ");
        reader_wrap(out, "<ins>", reader_text(difference, "original"), "</ins>");
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ul>\n");
}

static void print_further(struct buffer *out, const json_t *places) {
    if (json_array_size(places) == 0)
        return;
    buffer_append_text(out, "<h2>Also in</h2>\n<ul class=\"places\">\n");
    for (size_t i = 0; i < json_array_size(places); i++) {
        buffer_append_text(out, "<li>");
        print_place(out, json_array_get(places, i));
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ul>\n");
}

void reader_quote(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<h1>Quote check</h1>\n<p>Where does a sentence stand, and is it "
                            "quoted right?</p>\n");
    print_form(page);
    print_verdict(out, reader_text(page->json, "status"));
    print_match(out, json_object_get(page->json, "match"));
    print_differences(out, json_object_get(page->json, "differences"));
    print_further(out, json_object_get(page->json, "also_in"));
}
