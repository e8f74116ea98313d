/* feed_json.c: JSON Feed 1.1. It has links to the next page alone. */
#include "engine/render.h"
#include "ground/date.h"
#include "surface/absolute.h"
#include "surface/feeds/feed_entry.h"

/* base + address; null when there is none. */
static json_t *absolute(const struct feed *feed, struct span address) {
    struct span whole = absolute_join(feed->request->arena, feed->base, address);
    return whole.at == NULL ? NULL : render_text(whole);
}

static json_t *authors_of(const struct feed *feed, const json_t *about) {
    const json_t *authors = json_object_get(about, "authors");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(authors); i++) {
        const json_t *author = json_array_get(authors, i);
        json_t *json = json_object();
        render_set(json, "name", render_text(feed_text(author, "name")));
        struct span address = feed_author_page(feed->request->arena, author);
        render_set(json, "url", absolute(feed, address));
        if (json_array_append_new(list, json) != 0)
            return NULL;
    }
    return list;
}

/* The section, which JSON Feed does not know, and the tags. */
static json_t *tags_of(const json_t *about) {
    const json_t *tags = json_object_get(about, "tags");
    const json_t *section = json_object_get(about, "section");
    json_t *list = json_array();
    if (json_is_object(section))
        json_array_append_new(list, render_text(feed_text(section, "name")));
    for (size_t i = 0; i < json_array_size(tags); i++)
        json_array_append_new(list, render_text(feed_text(json_array_get(tags, i), "name")));
    return list;
}

static json_t *html_of(const struct feed_entry *entry) {
    struct buffer html;
    buffer_init(&html);
    feed_entry_append_html(entry, &html);
    json_t *json = html.failed ? NULL : render_text(buffer_span(&html));
    buffer_fini(&html);
    return json;
}

static json_t *item_of(const struct feed *feed, const json_t *item) {
    struct feed_entry entry;
    char published[INSTANT_BYTES];
    feed_entry_read(feed, item, &entry);
    json_t *json = json_object(), *authors = authors_of(feed, entry.about);
    render_set(json, "id", render_text(span_of(entry.id)));
    render_set(json, "url", absolute(feed, entry.page));
    render_set(json, "title", render_text(entry.title));
    render_set(json, "content_html", html_of(&entry));
    if (entry.summary.at != NULL)
        render_set(json, "summary", render_text(entry.summary));
    if (entry.has_published) {
        instant_print(entry.published_s, published);
        render_set(json, "date_published", render_text(span_of(published)));
    }
    render_set(json, "date_modified", render_text(entry.updated));
    if (json_array_size(authors) > 0)
        render_set(json, "authors", authors);
    return render_set(json, "tags", tags_of(entry.about)) ? json : NULL;
}

void feed_print_json(const struct feed *feed, struct buffer *out) {
    json_t *json = json_object(), *items = json_array();
    render_set(json, "version", render_text(SPAN_LITERAL("https://jsonfeed.org/version/1.1")));
    render_set(json, "title", render_text(feed->title));
    render_set(json, "home_page_url", absolute(feed, feed_home(feed)));
    render_set(json, "feed_url", absolute(feed, feed->self));
    if (feed->next.at != NULL)
        render_set(json, "next_url", absolute(feed, feed->next));
    for (size_t i = 0; i < json_array_size(feed->items); i++)
        json_array_append_new(items, item_of(feed, json_array_get(feed->items, i)));
    bool is_whole = render_set(json, "items", items) && !feed->request->arena->has_failed;
    if (is_whole)
        render_write(json, feed->request->params.values[PARAM_PRETTY].number != 0, out);
    out->failed = out->failed || !is_whole;
}
