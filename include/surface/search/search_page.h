/* search_page.h: a page of matches: newest first, or by relevance. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_PAGE_H
#define PILCROW_SURFACE_SEARCH_SEARCH_PAGE_H

#include "surface/lists/list.h"
#include "surface/search/search_rank.h"

struct search_page {
    struct search *search;
    struct list list;
    bool is_by_relevance;
    bool has_changed;              /* something was written since the cursor was given out */
    struct search_ranking ranking; /* when by relevance */
    struct list_total total;
    int64_t looked_at; /* matches that the index gave for the page, before the filters */
};

/* Begins the list, and settles it. BAD_CURSOR with a sentence. */
MUST_CHECK enum problem search_page_find(struct search_page *page, struct search *search,
                                         bool is_by_relevance);

/* Which article or paragraph stands in row `row`, and its score (0 when not by relevance). */
int64_t search_page_id(const struct search_page *page, size_t row);
double search_page_score(const struct search_page *page, size_t row);

#endif
