/* feed.h: a list as a feed: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1, each with links to the pages
 * beside (RFC 5005, next_url). The bytes follow from the items and the address alone: no clock is
 * asked. What an item of each kind says is read in feed_entry.h.
 *
 * An article that has no date has none here either. What has no authors is by the publication, of
 * which Atom says so for the whole feed. `updated` of a feed is that of its newest item. */
#ifndef PILCROW_SURFACE_FEEDS_FEED_H
#define PILCROW_SURFACE_FEEDS_FEED_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"

/* A page of a list. Addresses are relative; .at NULL: there is none. */
struct feed {
    struct request *request;
    const json_t *items; /* with what only feeds say of them */
    uint64_t hash;       /* of the list, whichever page it is */
    struct span self, first, next, previous;
    struct span json; /* the list that it is a form of */
    struct span page; /* the same for people; .at NULL: there is none */

    struct span base;  /* of all addresses */
    struct span title; /* of the publication and the list */
    int64_t updated_s; /* of its newest item; 0 when there is none */
};

enum { FEED_ID_BYTES = 46 }; /* "urn:uuid:", 36 characters, NUL */

/* Whether the address asks for one. Items then need more than JSON shows: an article its
 * paragraphs, a paragraph the whole article beside it and "updated_at", a version its terms and
 * paragraphs, a term "id" and "updated_at", a change "title" and "page". */
bool feed_is_asked(const struct request *request);

/* `feed` is filled up to `page`. */
MUST_CHECK enum problem feed_reply(struct feed *feed, struct reply *reply);

/* What has a number of its own; written into ids, so that these values stay. */
enum feed_id_kind {
    FEED_ID_ARTICLE = 0,
    FEED_ID_PARAGRAPH = 1,
    FEED_ID_REVISION = 2, /* by the seq that wrote it */
    FEED_ID_TERM = 3,
    FEED_ID_CHANGE = 4, /* by its seq */
};

/* The name of a thing that stays whatever becomes of it and of this server's address: made of the
 * store's origin, the kind and the number (a UUID of version 8, RFC 9562). */
void feed_id_print(const struct request *request, enum feed_id_kind kind, uint64_t number,
                   char out[FEED_ID_BYTES]);

/* ---- for the three forms ---- */

void feed_id_of_list(const struct feed *feed, char out[FEED_ID_BYTES]);

/* A member that is a text; .bytes 0 when it is none. */
struct span feed_text(const json_t *object, const char *member);

/* What a reader's browser is sent to. */
#define FEED_PAGE_SUFFIX "html"
#define FEED_PAGE_TYPE "text/html"

/* The address of what an author wrote; .at NULL when memory is out. */
struct span feed_author_page(struct arena *arena, const json_t *author);

/* What a reader's browser is sent to for the whole list: its page, or else its JSON. */
struct span feed_home(const struct feed *feed);

void feed_print_atom(const struct feed *feed, struct buffer *out);
void feed_print_rss(const struct feed *feed, struct buffer *out);
void feed_print_json(const struct feed *feed, struct buffer *out);

#endif
