/* feed_atom.c: Atom, RFC 4287, its pages linked by RFC 5005. */
#include "ground/date.h"
#include "ground/version.h"
#include "surface/feeds/feed_xml.h"

/* Readers differ in which of several alternates they open: there is one. */
static void print_link(const struct feed *feed, struct buffer *out, int depth, const char *relation,
                       const char *type, struct span address) {
    feed_xml_open(out, depth, "link");
    feed_xml_value(out, "rel", span_of(relation));
    feed_xml_value(out, "type", span_of(type));
    feed_xml_value_address(feed, out, "href", address);
    buffer_append_text(out, "/>\n");
}

static void print_author(struct buffer *out, int depth, struct span name) {
    feed_xml_open(out, depth, "author>\n");
    feed_xml_element(out, depth + 1, "name", name);
    feed_xml_open(out, depth, "/author>\n");
}

static void print_category(const struct feed *feed, struct buffer *out, const json_t *term,
                           const char *scheme) {
    feed_xml_open(out, 2, "category");
    feed_xml_value(out, "term", feed_text(term, "slug"));
    feed_xml_value_address(feed, out, "scheme", span_of(scheme));
    feed_xml_value(out, "label", feed_text(term, "name"));
    buffer_append_text(out, "/>\n");
}

static void print_categories(const struct feed *feed, struct buffer *out, const json_t *item) {
    const json_t *section = json_object_get(item, "section"), *tags = json_object_get(item, "tags");
    if (json_is_object(section))
        print_category(feed, out, section, "/v1/sections");
    for (size_t i = 0; i < json_array_size(tags); i++)
        print_category(feed, out, json_array_get(tags, i), "/v1/tags");
}

static void print_entry(const struct feed *feed, struct buffer *out, const json_t *item) {
    const json_t *authors = json_object_get(item, "authors");
    char id[FEED_ID_BYTES], published[INSTANT_BYTES];
    int64_t published_s;
    feed_id_of_item(feed, item, id);
    buffer_append_text(out, "  <entry>\n");
    feed_xml_element(out, 2, "id", span_of(id));
    feed_xml_element(out, 2, "title", feed_text(item, "title"));
    if (feed_published(item, &published_s)) {
        instant_print(published_s, published);
        feed_xml_element(out, 2, "published", span_of(published));
    }
    feed_xml_element(out, 2, "updated", feed_text(item, "updated_at"));
    for (size_t i = 0; i < json_array_size(authors); i++)
        print_author(out, 2, feed_text(json_array_get(authors, i), "name"));
    print_link(feed, out, 2, "alternate", FEED_PAGE_TYPE, feed_page(feed, item));
    print_link(feed, out, 2, "via", "application/json", feed_text(item, "url"));
    print_categories(feed, out, item);
    feed_xml_element(out, 2, "summary", feed_text(item, "lead"));
    feed_xml_html(out, 2, "content", " type=\"html\"", item);
    buffer_append_text(out, "  </entry>\n");
}

void feed_print_atom(const struct feed *feed, struct buffer *out) {
    char id[FEED_ID_BYTES], updated[INSTANT_BYTES];
    feed_id_of_list(feed, id);
    instant_print(feed->updated_s, updated);
    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                            "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    feed_xml_element(out, 1, "id", span_of(id));
    feed_xml_element(out, 1, "title", feed->title);
    feed_xml_element(out, 1, "updated", span_of(updated));
    print_author(out, 1, feed->request->service->title);
    feed_xml_open(out, 1, "generator");
    feed_xml_value(out, "version", span_of(PILCROW_VERSION));
    buffer_append_text(out, ">Pilcrow</generator>\n");
    print_link(feed, out, 1, "alternate", FEED_PAGE_TYPE, feed->page);
    print_link(feed, out, 1, "via", "application/json", feed->json);
    feed_xml_links(feed, out, 1, "link", "application/atom+xml");
    for (size_t i = 0; i < json_array_size(feed->items); i++)
        print_entry(feed, out, json_array_get(feed->items, i));
    buffer_append_text(out, "</feed>\n");
}
