/* list.h: what all lists have in common: where a page begins, how far it goes, how it links to the
 * pages beside it, how it is counted.
 *
 * A handler begins a list, walks an index and offers each row's keys to list_take() until that has
 * enough, settles the list, makes `data` out of list->rows, and replies. */
#ifndef PILCROW_SURFACE_LISTS_LIST_H
#define PILCROW_SURFACE_LISTS_LIST_H

#include <jansson.h>

#include "engine/cursor.h"
#include "engine/reply.h"
#include "engine/request.h"

enum { LIST_BOUND = 10000 }; /* where count=bounded stops */

/* The keys that order the list; together they name one row. */
struct list_row {
    struct store_value keys[CURSOR_KEYS_MAX];
};

struct list {
    struct request *request;
    size_t key_count;
    uint64_t hash;
    struct cursor cursor;
    bool has_cursor;
    bool is_backward;    /* walk against the order, from the cursor towards the first row */
    bool has_more;       /* in the direction of the walk */
    bool has_failed;     /* no memory */
    int64_t page;        /* 1-based; 0 = pages by cursor */
    uint64_t skip_count; /* rows before the page that are still to come */
    size_t limit;
    struct list_row *rows; /* in the arena */
    size_t row_count;
};

struct list_total {
    bool is_known;
    bool is_lower_bound;
    int64_t count;
};

/* Reads limit, cursor and page. BAD_CURSOR with a sentence. */
MUST_CHECK enum problem list_begin(struct list *list, struct request *request,
                                   const enum store_type *key_types, size_t key_count);

/* The keys behind which the walk begins; NULL = at the first row. */
static inline const struct store_value *list_after(const struct list *list) {
    return list->has_cursor ? list->cursor.keys : NULL;
}

/* Steps over the next `count` rows of the walk when all of them lie before the page; else false,
 * and each of them must be offered. */
bool list_skip(struct list *list, uint64_t count);

/* Offers the next row of the walk; text is copied. False when the list has enough. */
bool list_take(struct list *list, const struct store_value *keys);

/* After the walk: list->rows are the page, in the order of the list. */
MUST_CHECK enum problem list_settle(struct list *list);

/* How many rows `count` wants to be counted: 0 = none, LIST_BOUND + 1, or INT64_MAX. */
int64_t list_count_limit(const struct request *request);

/* What counting up to that limit has found. */
struct list_total list_total_of(int64_t count, int64_t limit);

/* {"data", "links", "meta"} and the Link field. `meta` may hold more already; NULL = nothing
 * more. `data` NULL: the items stand in the reply already (list_written.h). */
MUST_CHECK enum problem list_reply(struct list *list, struct reply *reply, json_t *data,
                                   json_t *meta, struct list_total total, enum param_id fields_id);

/* The same for a list that is one page by its nature. `seq` is the last write that the answer can
 * depend on: an answer that is good until its article changes must not name a later one. */
MUST_CHECK enum problem list_reply_whole(struct request *request, struct reply *reply, json_t *data,
                                         int64_t total, int64_t seq, enum param_id fields_id);

/* The items in a form beside JSON, of a list that writes its JSON itself; the Link field is the
 * caller's. Of a page beside that is not there .at is NULL. */
MUST_CHECK enum problem list_reply_form(struct request *request, struct reply *reply, json_t *data,
                                        struct span next, struct span prev,
                                        enum param_id fields_id);

#endif
