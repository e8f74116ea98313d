/* feed_xml.h: what Atom and RSS are written with. Names and indents are constants. */
#ifndef PILCROW_SURFACE_FEEDS_FEED_XML_H
#define PILCROW_SURFACE_FEEDS_FEED_XML_H

#include "surface/feeds/feed_entry.h"

/* <name>text</name> on a line of its own, `depth` steps in. */
void feed_xml_element(struct buffer *out, int depth, const char *name, struct span text);

/* The same of an address below the feed's base: base + address. */
void feed_xml_address(const struct feed *feed, struct buffer *out, int depth, const char *name,
                      struct span address);

/* Up to the first value: `<name`, on a line of its own. */
void feed_xml_open(struct buffer *out, int depth, const char *name);

/* ` name="value"`, inside of a tag; the same of an address. */
void feed_xml_value(struct buffer *out, const char *name, struct span value);
void feed_xml_value_address(const struct feed *feed, struct buffer *out, const char *name,
                            struct span address);

/* Links to itself and to the pages beside, for Atom and for who took them from there: `name` is
 * "link" or "atom:link". */
void feed_xml_links(const struct feed *feed, struct buffer *out, int depth, const char *name,
                    const char *type);

/* Where HTML is expected: a text, or what an entry holds. */
void feed_xml_html_text(struct buffer *out, int depth, const char *name, struct span text);
void feed_xml_html(struct buffer *out, int depth, const char *name, const char *more,
                   const struct feed_entry *entry);

#endif
