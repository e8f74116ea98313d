/* feed_entry.h: an item of any list as an entry of a feed. What things there are and where each has
 * its title, its time and its text is known here alone; the forms print entries. */
#ifndef PILCROW_SURFACE_FEEDS_FEED_ENTRY_H
#define PILCROW_SURFACE_FEEDS_FEED_ENTRY_H

#include "surface/feeds/feed.h"

/* Texts are the item's, or in the arena. */
struct feed_entry {
    const json_t *item;
    char id[FEED_ID_BYTES]; /* "urn:uuid:..." */
    struct span title;
    struct span page;    /* address of what a reader's browser is sent to */
    struct span json;    /* the same for programs; .at NULL: there is none */
    struct span updated; /* an instant */
    bool has_published;
    int64_t published_s;
    struct span summary; /* .at NULL: there is none */
    const json_t
        *about; /* the article that has its authors, section and tags; NULL: there is none */
};

void feed_entry_read(const struct feed *feed, const json_t *item, struct feed_entry *entry);

/* What it holds. */
void feed_entry_append_html(const struct feed_entry *entry, struct buffer *out);

/* When an item was changed last, as an instant. */
struct span feed_entry_updated(const json_t *item);

#endif
