/* reader_history.c: the versions of an article, each with the way to what changed in it. */
#include "surface/reader/reader_parts.h"

static const json_t *newest_of(const struct reader *page) {
    return json_array_get(json_object_get(page->json, "data"), 0);
}

void reader_history_head(struct reader *page) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_text(&text, "History: ");
    buffer_append_span(&text, reader_text(newest_of(page), "title"));
    page->title = arena_take_buffer(page->request->arena, &text);
}

static void print_changed(struct buffer *out, const json_t *changed) {
    for (size_t i = 0; i < json_array_size(changed); i++) {
        const char *name = json_string_value(json_array_get(changed, i));
        buffer_append_text(out, i == 0 ? "<p class=\"changed\">Changed: " : ", ");
        html_append_text(out, name == NULL ? "" : name);
    }
    buffer_append_text(out, json_array_size(changed) > 0 ? "</p>\n" : "");
}

static void print_diff_link(struct buffer *out, const json_t *revision, long long version) {
    if (version < 2)
        return;
    buffer_append_text(out, "<p class=\"compare\"><a href=\"");
    html_append(out, reader_article_of_version(revision));
    buffer_printf(out,
                  "/diff.html?from=%lld&amp;to=%lld\">What changed since version %lld</a></p>\n",
                  version - 1, version, version - 1);
}

static void print_revision(struct buffer *out, const json_t *revision) {
    long long version = (long long)reader_number(revision, "version");
    buffer_append_text(out, "<li>\n<h2><a href=\"");
    html_append(out, reader_text(revision, "url"));
    buffer_printf(out, ".html\">Version %lld</a></h2>\n<p class=\"byline\">", version);
    reader_time(out, reader_text(revision, "updated_at"));
    buffer_append_char(out, ' ');
    reader_count(out, reader_number(revision, "paragraph_count"), "paragraph");
    buffer_append_text(out, ", ");
    reader_count(out, reader_number(revision, "word_count"), "word");
    buffer_append_text(out, "</p>\n");
    reader_wrap(out, "<p class=\"lead\" dir=\"auto\">", reader_text(revision, "title"), "</p>\n");
    print_changed(out, json_object_get(revision, "changed"));
    print_diff_link(out, revision, version);
    buffer_append_text(out, "</li>\n");
}

static void print_choice(struct buffer *out, const char *name, const char *label, long long newest,
                         long long version) {
    buffer_printf(out,
                  "<label>%s <input type=\"number\" name=\"%s\" min=\"1\" max=\"%lld\" "
                  "value=\"%lld\" required></label>\n",
                  label, name, newest, version);
}

/* Any two versions can be compared, not only neighbours; of two there is a link already. */
static void print_comparison(struct buffer *out, struct span article, long long newest) {
    if (newest < 3)
        return;
    buffer_append_text(out, "<form class=\"compare\" action=\"");
    html_append(out, article);
    buffer_append_text(out, "/diff.html\">\n");
    print_choice(out, "from", "From version", newest, 1);
    print_choice(out, "to", "to version", newest, newest);
    buffer_append_text(out, "<button>Compare</button>\n</form>\n");
}

/* What was deleted has no page of its own any more. */
static void print_present(struct buffer *out, struct span article, struct span deleted_at) {
    if (deleted_at.bytes == 0) {
        buffer_append_text(out, "<p>");
        reader_link(out, article, "", SPAN_LITERAL("The article as it is now"));
        buffer_append_text(out, "</p>\n");
        return;
    }
    buffer_append_text(out, "<p class=\"notice\">The article was deleted on ");
    reader_time(out, deleted_at);
    buffer_append_text(out, ".</p>\n");
}

void reader_history(struct reader *page) {
    const json_t *data = json_object_get(page->json, "data");
    const json_t *meta = json_object_get(page->json, "meta");
    struct buffer *out = page->out;
    struct span article = reader_article_of_version(newest_of(page));
    reader_wrap(out, "<h1 dir=\"auto\">", page->title, "</h1>\n");
    reader_total(page, "version");
    if (article.bytes > 0) {
        print_present(out, article, reader_text(meta, "deleted_at"));
        print_comparison(out, article, (long long)reader_number(meta, "total"));
    }
    buffer_append_text(out, json_array_size(data) > 0 ? "<ol class=\"revisions\">\n" : "");
    for (size_t i = 0; i < json_array_size(data); i++)
        print_revision(out, json_array_get(data, i));
    buffer_append_text(out, json_array_size(data) > 0 ? "</ol>\n" : "");
    reader_pager(page);
}
