/* list_page.c: see list_page.h. */
#include "surface/lists/list_page.h"

#include "domain/articles/article_markdown.h"
#include "surface/lists/list_title.h"

struct page {
    struct request *request;
    struct buffer *out;
    bool is_markdown;
};

bool list_page_is_asked(const struct request *request) {
    return span_is(request->target.suffix, "md") || span_is(request->target.suffix, "txt");
}

static struct span text_of(const json_t *object, const char *member) {
    const json_t *value = json_object_get(object, member);
    return (struct span){json_string_value(value), json_string_length(value)};
}

/* ---- what is said of a thing ---- */

static struct span heading_of(const json_t *item) {
    struct span title = text_of(item, "title");
    if (title.bytes == 0)
        title = text_of(item, "name");
    return title.bytes > 0 ? title : text_of(json_object_get(item, "article"), "title");
}

/* The same form of what it leads to, where that has one. */
static void append_address(const struct page *page, const json_t *item) {
    struct span articles = text_of(item, "articles");
    bool is_version = strcmp(page->request->match.route->answer, "revision_list") == 0;
    bool has_form = articles.bytes > 0 || is_version || json_object_get(item, "lead") != NULL;
    buffer_append_span(page->out, articles.bytes > 0 ? articles : text_of(item, "url"));
    if (!has_form)
        return;
    buffer_append_char(page->out, '.');
    buffer_append_span(page->out, page->request->target.suffix);
}

static void join(struct buffer *line, const char *between, struct span text) {
    if (text.bytes == 0)
        return;
    buffer_append_text(line, line->used > 0 ? between : "");
    buffer_append_span(line, text);
}

/* Names of a list of things, after what stands there already. */
static void join_names(struct buffer *line, const json_t *things, const char *between) {
    for (size_t i = 0; i < json_array_size(things); i++)
        join(line, i == 0 ? " | " : between, text_of(json_array_get(things, i), "name"));
}

static void join_number(struct buffer *line, const json_t *item, const char *member,
                        const char *called) {
    const json_t *number = json_object_get(item, member);
    if (!json_is_integer(number))
        return;
    buffer_append_text(line, line->used > 0 ? " | " : "");
    buffer_append_text(line, called);
    buffer_append_int(line, json_integer_value(number));
}

/* "update | 2026-10-05T12:00:00Z | article 7" */
static void print_change(const json_t *item, struct buffer *line) {
    join(line, "", text_of(item, "op"));
    join(line, " | ", text_of(item, "at"));
    join(line, " | ", text_of(item, "type"));
    buffer_append_char(line, ' ');
    buffer_append_int(line, json_integer_value(json_object_get(item, "id")));
}

/* "Nora Quill, Ada Byron | 2018-06-03 | WORLD / Asia" */
static void print_facts(const json_t *item, struct buffer *line) {
    bool is_article = json_object_get(item, "lead") != NULL;
    if (json_object_get(item, "op") != NULL)
        print_change(item, line);
    join_names(line, json_object_get(item, "authors"), ", ");
    join(line, " | ", text_of(item, "published"));
    join_names(line, json_object_get(json_object_get(item, "section"), "path"), " / ");
    join_number(line, item, "n", "paragraph ");
    join_number(line, item, "count", "articles: ");
    if (is_article)
        return;
    join_number(line, item, "version", "version ");
    join(line, " | ", text_of(item, "updated_at"));
}

/* ---- the page ---- */

static void append_line(const struct page *page, struct span text) {
    if (text.bytes == 0)
        return;
    if (page->is_markdown) {
        buffer_append_char(page->out, '\n');
        article_markdown_append_line(text, page->out);
    } else {
        buffer_append_span(page->out, text);
        buffer_append_char(page->out, '\n');
    }
}

static void append_heading(const struct page *page, const json_t *item) {
    struct span heading = heading_of(item);
    if (!page->is_markdown) {
        buffer_append_char(page->out, '\n');
        append_line(page, heading);
        append_address(page, item);
        buffer_append_char(page->out, '\n');
        return;
    }
    buffer_append_text(page->out, "\n## [");
    if (heading.bytes > 0)
        article_markdown_append_title(heading, page->out);
    else
        append_address(page, item);
    buffer_append_text(page->out, "](");
    append_address(page, item);
    buffer_append_text(page->out, ")\n");
}

static void append_item(const struct page *page, const json_t *item, struct buffer *line) {
    struct span lead = text_of(item, "lead");
    buffer_clear(line);
    print_facts(item, line);
    append_heading(page, item);
    append_line(page, buffer_span(line));
    append_line(page, lead.bytes > 0 ? lead : text_of(item, "text"));
    page->out->failed = page->out->failed || line->failed;
}

static void append_title(const struct page *page, struct span title) {
    if (page->is_markdown) {
        buffer_append_text(page->out, "# ");
        article_markdown_append_title(title, page->out);
    } else {
        buffer_append_span(page->out, title);
    }
    buffer_append_char(page->out, '\n');
}

static void append_next(const struct page *page, struct span next) {
    if (next.at == NULL)
        return;
    buffer_append_text(page->out, page->is_markdown ? "\n[Next page](" : "\nNext page: ");
    buffer_append_span(page->out, next);
    buffer_append_text(page->out, page->is_markdown ? ")\n" : "\n");
}

enum problem list_page_reply(struct request *request, struct reply *reply, const json_t *data,
                             struct span next) {
    struct page page = {request, &reply->body, span_is(request->target.suffix, "md")};
    struct span title;
    enum problem problem = list_title(request, &title);
    if (problem != PROBLEM_NONE)
        return problem;
    if (data == NULL || request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    struct buffer line;
    buffer_init(&line);
    append_title(&page, title);
    for (size_t i = 0; i < json_array_size(data); i++)
        append_item(&page, json_array_get(data, i), &line);
    append_next(&page, next);
    buffer_fini(&line);
    return reply_text(reply, page.is_markdown ? "text/markdown; charset=utf-8"
                                              : "text/plain; charset=utf-8");
}
