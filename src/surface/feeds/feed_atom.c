/* feed_atom.c: Atom, RFC 4287, its pages linked by RFC 5005. */
#include "ground/date.h"
#include "ground/version.h"
#include "surface/feeds/feed_xml.h"

/* Readers differ in which of several alternates they open: there is one. */
static void print_link(const struct feed *feed, struct buffer *out, int depth, const char *relation,
                       const char *type, struct span address) {
    if (address.at == NULL)
        return;
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

static void print_authors(struct buffer *out, const json_t *about) {
    const json_t *authors = json_object_get(about, "authors");
    for (size_t i = 0; i < json_array_size(authors); i++)
        print_author(out, 2, feed_text(json_array_get(authors, i), "name"));
}

static void print_categories(const struct feed *feed, struct buffer *out, const json_t *about) {
    const json_t *section = json_object_get(about, "section");
    const json_t *tags = json_object_get(about, "tags");
    if (json_is_object(section))
        print_category(feed, out, section, "/v1/sections");
    for (size_t i = 0; i < json_array_size(tags); i++)
        print_category(feed, out, json_array_get(tags, i), "/v1/tags");
}

static void print_entry(const struct feed *feed, struct buffer *out, const json_t *item) {
    struct feed_entry entry;
    char published[INSTANT_BYTES];
    feed_entry_read(feed, item, &entry);
    buffer_append_text(out, "  <entry>\n");
    feed_xml_element(out, 2, "id", span_of(entry.id));
    feed_xml_element(out, 2, "title", entry.title);
    if (entry.has_published) {
        instant_print(entry.published_s, published);
        feed_xml_element(out, 2, "published", span_of(published));
    }
    feed_xml_element(out, 2, "updated", entry.updated);
    print_authors(out, entry.about);
    print_link(feed, out, 2, "alternate", FEED_PAGE_TYPE, entry.page);
    print_link(feed, out, 2, "via", "application/json", entry.json);
    print_categories(feed, out, entry.about);
    if (entry.summary.at != NULL)
        feed_xml_element(out, 2, "summary", entry.summary);
    feed_xml_html(out, 2, "content", " type=\"html\"", &entry);
    buffer_append_text(out, "  </entry>\n");
}

static void print_home(const struct feed *feed, struct buffer *out) {
    bool has_page = feed->page.at != NULL;
    print_link(feed, out, 1, "alternate", has_page ? FEED_PAGE_TYPE : "application/json",
               feed_home(feed));
    if (has_page)
        print_link(feed, out, 1, "via", "application/json", feed->json);
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
    print_home(feed, out);
    feed_xml_links(feed, out, 1, "link", "application/atom+xml");
    for (size_t i = 0; i < json_array_size(feed->items); i++)
        print_entry(feed, out, json_array_get(feed->items, i));
    buffer_append_text(out, "</feed>\n");
}
