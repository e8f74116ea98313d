/* feed.h: a list of articles as a feed: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1, each with links to
 * the pages beside (RFC 5005, next_url). The bytes follow from the articles and the address alone:
 * no clock is asked.
 *
 * An article that has no date has none here either. One without authors is by the publication, of
 * which Atom says so for the whole feed. `updated` of a feed is that of its newest item. */
#ifndef PILCROW_SURFACE_FEEDS_FEED_H
#define PILCROW_SURFACE_FEEDS_FEED_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"

/* A page of a list. Addresses are relative; .at NULL: there is none. */
struct feed {
    struct request *request;
    const json_t *items; /* articles with their paragraphs */
    uint64_t hash;       /* of the list, whichever page it is */
    struct span self, first, next, previous;
    struct span json; /* the list that it is a form of */
    struct span page; /* the same for people */

    struct span base;  /* of all addresses */
    struct span title; /* of the publication and the list */
    int64_t updated_s; /* of its newest item; 0 when there is none */
};

enum { FEED_ID_BYTES = 46 }; /* "urn:uuid:", 36 characters, NUL */

/* Whether the address asks for one: then items need their paragraphs. */
bool feed_is_asked(const struct request *request);

/* `feed` is filled up to `page`. BAD_PARAMETER when the list is not one of articles. */
MUST_CHECK enum problem feed_reply(struct feed *feed, struct reply *reply);

/* The name of an article that stays whatever becomes of it and of this server's address: made of
 * the store's origin and the id (a UUID of version 8, RFC 9562). */
void feed_id_of_article(const struct request *request, int64_t id, char out[FEED_ID_BYTES]);

/* ---- for the three forms ---- */

void feed_id_of_list(const struct feed *feed, char out[FEED_ID_BYTES]);

/* A member that is a text; .bytes 0 when it is none. */
struct span feed_text(const json_t *object, const char *member);

/* "urn:uuid:...", of an item. */
void feed_id_of_item(const struct feed *feed, const json_t *item, char out[FEED_ID_BYTES]);

/* The beginning of the day of publication; false when that is not known. */
bool feed_published(const json_t *item, int64_t *unix_s);

/* What a reader's browser is sent to. */
#define FEED_PAGE_SUFFIX "html"
#define FEED_PAGE_TYPE "text/html"

/* The address of that of an item. */
struct span feed_page(const struct feed *feed, const json_t *item);

/* The address of what an author wrote; .at NULL when memory is out. */
struct span feed_author_page(struct arena *arena, const json_t *author);

/* The paragraphs as HTML: <p id="p7">. */
void feed_append_html(const json_t *item, struct buffer *out);

void feed_print_atom(const struct feed *feed, struct buffer *out);
void feed_print_rss(const struct feed *feed, struct buffer *out);
void feed_print_json(const struct feed *feed, struct buffer *out);

#endif
