/* feed_xml.c: see feed_xml.h. */
#include "surface/feeds/feed_xml.h"

#include "ground/markup.h"

static void indent(struct buffer *out, int depth) {
    for (int i = 0; i < depth; i++)
        buffer_append_text(out, "  ");
}

void feed_xml_open(struct buffer *out, int depth, const char *name) {
    indent(out, depth);
    buffer_append_char(out, '<');
    buffer_append_text(out, name);
}

static void end(struct buffer *out, const char *name) {
    buffer_append_text(out, "</");
    buffer_append_text(out, name);
    buffer_append_text(out, ">\n");
}

void feed_xml_element(struct buffer *out, int depth, const char *name, struct span text) {
    feed_xml_open(out, depth, name);
    buffer_append_char(out, '>');
    markup_append_xml(out, text);
    end(out, name);
}

void feed_xml_address(const struct feed *feed, struct buffer *out, int depth, const char *name,
                      struct span address) {
    feed_xml_open(out, depth, name);
    buffer_append_char(out, '>');
    markup_append_xml(out, feed->base);
    markup_append_xml(out, address);
    end(out, name);
}

void feed_xml_value(struct buffer *out, const char *name, struct span value) {
    buffer_append_char(out, ' ');
    buffer_append_text(out, name);
    buffer_append_text(out, "=\"");
    markup_append_xml_value(out, value);
    buffer_append_char(out, '"');
}

void feed_xml_value_address(const struct feed *feed, struct buffer *out, const char *name,
                            struct span address) {
    buffer_append_char(out, ' ');
    buffer_append_text(out, name);
    buffer_append_text(out, "=\"");
    markup_append_xml_value(out, feed->base);
    markup_append_xml_value(out, address);
    buffer_append_char(out, '"');
}

void feed_xml_links(const struct feed *feed, struct buffer *out, int depth, const char *name,
                    const char *type) {
    const struct {
        const char *relation;
        struct span address;
    } links[] = {
        {"self", feed->self},
        {"first", feed->first},
        {"previous", feed->previous},
        {"next", feed->next},
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].address.at == NULL)
            continue;
        feed_xml_open(out, depth, name);
        feed_xml_value(out, "rel", span_of(links[i].relation));
        feed_xml_value(out, "type", span_of(type));
        feed_xml_value_address(feed, out, "href", links[i].address);
        buffer_append_text(out, "/>\n");
    }
}

/* Escaped twice: as HTML, and that as text of XML. */
static void append_html(struct buffer *out, int depth, const char *name, const char *more,
                        const struct buffer *html) {
    feed_xml_open(out, depth, name);
    buffer_append_text(out, more);
    buffer_append_char(out, '>');
    markup_append_xml(out, buffer_span(html));
    end(out, name);
    out->failed = out->failed || html->failed;
}

void feed_xml_html_text(struct buffer *out, int depth, const char *name, struct span text) {
    struct buffer html;
    buffer_init(&html);
    markup_append_html(&html, text);
    append_html(out, depth, name, "", &html);
    buffer_fini(&html);
}

void feed_xml_html(struct buffer *out, int depth, const char *name, const char *more,
                   const struct feed_entry *entry) {
    struct buffer html;
    buffer_init(&html);
    feed_entry_append_html(entry, &html);
    append_html(out, depth, name, more, &html);
    buffer_fini(&html);
}
