/* feed_rss.c: RSS 2.0, with what it has no words for from Atom, Dublin Core and the content module:
 * where the feed itself is, names of authors (RSS knows only their mail), whole texts. */
#include "ground/date.h"
#include "ground/markup.h"
#include "ground/version.h"
#include "surface/feeds/feed_xml.h"

static void print_instant(struct buffer *out, int depth, const char *name, int64_t unix_s) {
    char text[INSTANT_MAIL_BYTES];
    instant_print_mail(unix_s, text);
    feed_xml_element(out, depth, name, span_of(text));
}

static void print_category(const struct feed *feed, struct buffer *out, const json_t *term,
                           const char *domain) {
    feed_xml_open(out, 3, "category");
    feed_xml_value_address(feed, out, "domain", span_of(domain));
    buffer_append_char(out, '>');
    markup_append_xml(out, feed_text(term, "name"));
    buffer_append_text(out, "</category>\n");
}

static void print_terms(const struct feed *feed, struct buffer *out, const json_t *about) {
    const json_t *authors = json_object_get(about, "authors");
    const json_t *section = json_object_get(about, "section");
    const json_t *tags = json_object_get(about, "tags");
    for (size_t i = 0; i < json_array_size(authors); i++)
        feed_xml_element(out, 3, "dc:creator", feed_text(json_array_get(authors, i), "name"));
    if (json_is_object(section))
        print_category(feed, out, section, "/v1/sections");
    for (size_t i = 0; i < json_array_size(tags); i++)
        print_category(feed, out, json_array_get(tags, i), "/v1/tags");
}

static void print_item(const struct feed *feed, struct buffer *out, const json_t *item) {
    struct feed_entry entry;
    feed_entry_read(feed, item, &entry);
    buffer_append_text(out, "    <item>\n");
    feed_xml_element(out, 3, "title", entry.title);
    feed_xml_address(feed, out, 3, "link", entry.page);
    feed_xml_open(out, 3, "guid isPermaLink=\"false\">");
    buffer_append_text(out, entry.id);
    buffer_append_text(out, "</guid>\n");
    if (entry.has_published)
        print_instant(out, 3, "pubDate", entry.published_s);
    print_terms(feed, out, entry.about);
    if (entry.summary.at != NULL)
        feed_xml_html_text(out, 3, "description", entry.summary);
    feed_xml_html(out, 3, "content:encoded", "", &entry);
    buffer_append_text(out, "    </item>\n");
}

void feed_print_rss(const struct feed *feed, struct buffer *out) {
    buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                            "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                            "  <channel>\n");
    feed_xml_element(out, 2, "title", feed->title);
    feed_xml_address(feed, out, 2, "link", feed_home(feed));
    feed_xml_html_text(out, 2, "description", feed->title);
    if (feed->updated_s > 0)
        print_instant(out, 2, "lastBuildDate", feed->updated_s);
    feed_xml_element(out, 2, "generator", SPAN_LITERAL("Pilcrow " PILCROW_VERSION));
    feed_xml_links(feed, out, 2, "atom:link", "application/rss+xml");
    for (size_t i = 0; i < json_array_size(feed->items); i++)
        print_item(feed, out, json_array_get(feed->items, i));
    buffer_append_text(out, "  </channel>\n</rss>\n");
}
