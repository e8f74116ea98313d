/* article_walk.h: articles that a filter lets through, in any order, from any place on. It follows
 * one index; rows that are equal in the first key are ordered by the further ones here. A filter
 * that leaves few articles is walked by id and ordered here altogether. */
#ifndef PILCROW_SURFACE_ARTICLES_ARTICLE_WALK_H
#define PILCROW_SURFACE_ARTICLES_ARTICLE_WALK_H

#include "engine/cursor.h"
#include "surface/articles/article_filter.h"

/* The last key of every order is the id, in the direction of the first. */
struct article_order {
    struct param_sort_key keys[PARAM_SORT_MAX]; /* word = enum param_article_sort_word */
    size_t count;
};

struct article_walk {
    struct store *store;
    struct arena *arena;
    const struct article_filter *filter;
    struct article_order order;      /* as walked */
    const struct store_value *after; /* order.count + 1 keys; NULL = from the beginning */
    struct rows rows;
    struct list_row *group; /* rows that are ordered here */
    size_t group_count, group_next, group_capacity;
    struct list_row peeked; /* the row that ended the group before */
    bool has_peeked;
    bool is_by_id;
    bool is_exhausted;
    enum problem problem;
};

/* newest first */
extern const struct article_order article_order_newest;

/* The order that `sort` asks for. */
struct article_order article_order_of(const struct request *request);

/* Types of the keys of an order, the id included; returns how many there are. */
size_t article_order_types(const struct article_order *order,
                           enum store_type types[CURSOR_KEYS_MAX]);

/* `filter` and `after` are borrowed until the end. Backward: against the order. */
void article_walk_begin(struct article_walk *walk, struct request *request,
                        const struct article_filter *filter, const struct article_order *order,
                        bool is_backward, const struct store_value *after);

/* The keys of the next row, the last of them the id; text is borrowed until the next call. */
bool article_walk_next(struct article_walk *walk, struct store_value keys[CURSOR_KEYS_MAX]);

MUST_CHECK enum problem article_walk_end(struct article_walk *walk);

#endif
