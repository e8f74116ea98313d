/* reader_problem.c: what went wrong, in the words that programs get; and what a problem means. */
#include "surface/lists/list_forms.h"
#include "surface/reader/reader_parts.h"

void reader_problem_head(struct reader *page) {
    page->title = reader_text(page->json, "title");
}

/* What the address takes, but for what it refuses in a page. */
static bool is_for_pages(const struct reader *page, const char *name) {
    const struct route *route = page->request->match.route;
    for (size_t i = 0; route != NULL && route->taken[i] != PARAM_ID_COUNT; i++) {
        if (strcmp(param_specs[route->taken[i]].name, name) == 0)
            return !list_forms_is_of_json(route->taken[i]);
    }
    return false;
}

static void print_allowed(struct reader *page, const json_t *allowed) {
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(allowed); i++) {
        const char *name = json_string_value(json_array_get(allowed, i));
        if (name == NULL || !is_for_pages(page, name))
            continue;
        buffer_append_text(page->out, count++ == 0 ? "<p>Allowed are <code>" : "</code>, <code>");
        html_append_text(page->out, name);
    }
    buffer_append_text(page->out, count > 0 ? "</code>.</p>\n" : "");
}

static void print_errors(struct reader *page, const json_t *errors) {
    for (size_t i = 0; i < json_array_size(errors); i++) {
        const json_t *error = json_array_get(errors, i);
        reader_wrap(page->out, "<p>It is about the parameter <code>",
                    reader_text(error, "parameter"), "</code>.</p>\n");
        print_allowed(page, json_object_get(error, "allowed"));
    }
}

/* What is left of a thing that is gone: its versions, or what holds its text now. */
static void print_remains(struct buffer *out, const json_t *json) {
    const json_t *article = json_object_get(json, "article");
    struct span heir = reader_text(json, "merged_into");
    if (json_is_object(article)) {
        reader_wrap(out, "<p>It was called ‘<bdi>", reader_text(article, "title"), "</bdi>’. ");
        reader_link(out, reader_text(article, "revisions"), "", SPAN_LITERAL("Its versions"));
        buffer_append_text(out, " are kept.</p>\n");
    } else if (json_is_string(article)) {
        buffer_append_text(out, "<p>");
        reader_link(out, reader_text(json, "article"), "", SPAN_LITERAL("The article"));
        buffer_append_text(out, "</p>\n");
    }
    if (heir.bytes > 0) {
        buffer_append_text(out, "<p>");
        reader_link(out, heir, "", SPAN_LITERAL("The paragraph that holds its text now"));
        buffer_append_text(out, "</p>\n");
    }
}

void reader_problem(struct reader *page) {
    struct buffer *out = page->out;
    reader_wrap(out, "<h1>", page->title, "</h1>\n");
    reader_wrap(out, "<p class=\"detail\" dir=\"auto\">", reader_text(page->json, "detail"),
                "</p>\n");
    print_errors(page, json_object_get(page->json, "errors"));
    print_remains(out, page->json);
    buffer_append_text(out, "<p class=\"status\">");
    buffer_append_int(out, reader_number(page->json, "status"));
    buffer_append_text(out, " <code>");
    html_append(out, reader_text(page->json, "instance"));
    buffer_append_text(out, "</code> ");
    reader_link(out, reader_text(page->json, "type"), "", SPAN_LITERAL("What this means"));
    buffer_append_text(out, "</p>\n<p><a href=\"/\">The newest articles</a></p>\n");
}

/* ---- the page of a problem ---- */

void reader_help_head(struct reader *page) {
    page->title = reader_text(page->json, "title");
}

void reader_help(struct reader *page) {
    struct buffer *out = page->out;
    reader_wrap(out, "<h1>", page->title, "</h1>\n");
    reader_wrap(out, "<p>", reader_text(page->json, "remedy"), "</p>\n");
    buffer_printf(out, "<p class=\"status\">%lld <code>",
                  (long long)reader_number(page->json, "status"));
    html_append(out, reader_text(page->json, "code"));
    buffer_append_text(out, "</code></p>\n");
}
