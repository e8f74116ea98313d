/* reader_search.c: what a search found, with the proof, and what to ask instead. */
#include "surface/reader/reader_parts.h"

void reader_search_head(struct reader *page) {
    struct buffer text;
    const struct param_value *asked = &page->request->params.values[PARAM_Q];
    page->title = SPAN_LITERAL("Search");
    if (!asked->has_value)
        return;
    buffer_init(&text);
    buffer_append_text(&text, "Search: ");
    buffer_append_span(&text, asked->text);
    page->title = arena_take_buffer(page->request->arena, &text);
}

/* ---- one match ---- */

static void print_evidence(struct buffer *out, struct span article, const json_t *paragraph) {
    long long id = (long long)reader_number(paragraph, "id");
    buffer_append_text(out, "<blockquote class=\"evidence\">\n<p dir=\"auto\">");
    reader_marked(out, reader_text(paragraph, "html"));
    buffer_append_text(out, " <a class=\"anchor\" href=\"");
    html_append(out, article);
    buffer_printf(out,
                  ".html#p-%lld\" aria-label=\"Paragraph %lld, in its article\">¶ %lld</a>"
                  "</p>\n</blockquote>\n",
                  id, (long long)reader_number(paragraph, "n"),
                  (long long)reader_number(paragraph, "n"));
}

static void print_title(struct buffer *out, const json_t *article, struct span marked) {
    buffer_append_text(out, "<h2 dir=\"auto\"><a href=\"");
    html_append(out, reader_text(article, "url"));
    buffer_append_text(out, ".html\"><bdi>");
    if (marked.bytes > 0)
        reader_marked(out, marked);
    else
        html_append(out, reader_text(article, "title"));
    buffer_append_text(out, "</bdi></a></h2>\n");
}

static void print_article(struct buffer *out, const json_t *article) {
    const json_t *evidence = json_object_get(article, "evidence");
    print_title(out, article, reader_text(json_object_get(article, "highlights"), "title"));
    reader_byline(out, article);
    for (size_t i = 0; i < json_array_size(evidence); i++)
        print_evidence(out, reader_text(article, "url"), json_array_get(evidence, i));
    if (json_array_size(evidence) == 0)
        reader_wrap(out, "<p class=\"lead\" dir=\"auto\">", reader_text(article, "lead"), "</p>\n");
}

static void print_match(struct buffer *out, const json_t *match) {
    const json_t *article = json_object_get(match, "article");
    buffer_append_text(out, "<li><article>\n");
    if (article == NULL) {
        print_article(out, match);
    } else {
        print_title(out, article, (struct span){NULL, 0});
        print_evidence(out, reader_text(article, "url"), match);
    }
    buffer_append_text(out, "</article></li>\n");
}

/* ---- what was understood ---- */

static void print_notes(struct buffer *out, const json_t *meta) {
    const json_t *notes = json_object_get(json_object_get(meta, "query"), "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        reader_wrap(out, "<p class=\"notice\">",
                    (struct span){json_string_value(note), json_string_length(note)}, "</p>\n");
    }
    if (json_is_true(json_object_get(meta, "is_bounded")))
        buffer_append_text(out, "<p class=\"notice\">The newest of very many are ranked; the order "
                                "‘newest first’ shows all of them.</p>\n");
}

static void print_suggestions(struct buffer *out, const json_t *suggestions) {
    if (json_array_size(suggestions) == 0)
        return;
    buffer_append_text(out,
                       "<section class=\"suggestions\">\n<h2>These find something</h2>\n<ul>\n");
    for (size_t i = 0; i < json_array_size(suggestions); i++) {
        const json_t *hint = json_array_get(suggestions, i);
        buffer_append_text(out, "<li><a href=\"");
        html_append(out, reader_text(hint, "url"));
        reader_wrap(out, "\"><bdi>", reader_text(hint, "q"), "</bdi></a></li>\n");
    }
    buffer_append_text(out, "</ul>\n</section>\n");
}

/* ---- choices ---- */

struct choice {
    const char *name, *value, *text; /* value NULL: the parameter is left out */
};

static const struct choice choices[] = {
    {"sort", NULL, "Best first"},
    {"sort", "newest", "Newest first"},
    {"scope", NULL, "Articles"},
    {"scope", "paragraphs", "Paragraphs"},
};

static bool is_chosen(const struct reader *page, const struct choice *choice) {
    static const struct choice others[] = {{"sort", "newest", ""}, {"scope", "paragraphs", ""}};
    for (size_t i = 0; choice->value == NULL && i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i].name, choice->name) == 0)
            return !reader_has(page->request, choice->name, span_of(others[i].value));
    }
    return reader_has(page->request, choice->name, span_of(choice->value));
}

static void print_choices(struct reader *page) {
    struct buffer *out = page->out;
    buffer_append_text(out, "<nav class=\"sorts\" aria-label=\"Order and kind\"><ul>\n");
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        buffer_append_text(out, "<li><a href=\"");
        html_append(out, reader_with(page->request, choices[i].name, span_of(choices[i].value)));
        buffer_printf(out, "\"%s>%s</a></li>\n",
                      is_chosen(page, &choices[i]) ? " aria-current=\"true\"" : "",
                      choices[i].text);
    }
    buffer_append_text(out, "</ul></nav>\n");
}

void reader_search(struct reader *page) {
    const json_t *meta = json_object_get(page->json, "meta");
    const json_t *data = json_object_get(page->json, "data");
    struct buffer *out = page->out;
    bool is_of_paragraphs = reader_has(page->request, "scope", SPAN_LITERAL("paragraphs"));
    reader_wrap(out, "<h1 dir=\"auto\">", page->title, "</h1>\n");
    if (meta == NULL) {
        buffer_append_text(out, "<p>Words are looked for in titles, texts, names and tags; "
                                "<code>&quot;a phrase&quot;</code>, <code>-without</code>, "
                                "<code>begin*</code>, <code>this OR that</code>, "
                                "<code>title:word</code>.</p>\n");
        return;
    }
    reader_total(page, is_of_paragraphs ? "paragraph" : "article");
    print_notes(out, meta);
    print_suggestions(out, json_object_get(meta, "suggestions"));
    print_choices(page);
    buffer_append_text(out, json_array_size(data) > 0 ? "<ol class=\"articles hits\">\n" : "");
    for (size_t i = 0; i < json_array_size(data); i++)
        print_match(out, json_array_get(data, i));
    buffer_append_text(out, json_array_size(data) > 0 ? "</ol>\n" : "");
    reader_pager(page);
    reader_facets(page);
}
