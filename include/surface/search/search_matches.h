/* search_matches.h: what `q` finds: the query, the filters beside it, and a walk over what passes
 * both, newest first. Shared by /v1/search and by the lists that take `q`. */
#ifndef PILCROW_SURFACE_SEARCH_SEARCH_MATCHES_H
#define PILCROW_SURFACE_SEARCH_SEARCH_MATCHES_H

#include "domain/search/query.h"
#include "engine/search/search_index.h"
#include "surface/articles/article_filter.h"
#include "surface/articles/article_weights.h"

struct search {
    struct request *request;
    struct article_filter_term in_path;
    enum search_scope scope;
    struct query query;
    struct search_query asked; /* of the index: in paragraphs what stands in their text */
    const char *note;          /* of the scope, beside those of the query; NULL = none */
    struct article_filter filter;
    bool finds_nothing;
    bool is_filtered; /* by `filter`; facets look at matches without it */
    int64_t low, high;
    int64_t min_words; /* of a paragraph; 0 = any */
    bool needs_place;  /* of each paragraph its article is wanted */

    /* What title:, author: ... of a paragraph search ask of the article. */
    bool has_articles, has_excluded;
    struct idset articles, excluded;

    /* The paragraphs of the articles that filter and query leave, when they are few: to ask of each
     * paragraph which article it is of would cost more. Holds while is_filtered. */
    bool has_paragraphs;
    struct idset paragraphs;
};

struct search_match {
    int64_t number;     /* orders the matches */
    int64_t id;         /* of the article or the paragraph */
    int64_t article_id; /* of a paragraph only when needs_place; else 0 */
    double score;
};

struct search_walk {
    const struct search *search;
    struct search_hits hits;
    int64_t looked_at, looked_at_max; /* documents that the index gave; the walk ends at so many */
    int64_t last_number;              /* of them */
    enum problem problem;
};

/* Reads `q` and the filters. BAD_PARAMETER with the query's own sentence. From here on the deadline
 * of searches holds. */
MUST_CHECK enum problem search_matches_prepare(struct search *search, struct request *request,
                                               enum search_scope scope,
                                               struct article_filter_term in_path);

/* How long the store may work for a search; 0 = no limit. */
unsigned search_matches_deadline_ms(const struct request *request);

/* Another text in the place of `q`, under the same filters. */
MUST_CHECK enum problem search_matches_ask(struct search *search, struct span text);

/* Matches with numbers in [low, high], by falling number. */
void search_matches_begin(struct search_walk *walk, const struct search *search, int64_t low,
                          int64_t high, bool is_ranked);
/* The same by rising number. */
void search_matches_begin_rising(struct search_walk *walk, const struct search *search, int64_t low,
                                 int64_t high);
bool search_matches_next(struct search_walk *walk, struct search_match *match);
MUST_CHECK enum problem search_matches_end(struct search_walk *walk);

/* All of them, up to `limit` (see list_count_limit()). */
MUST_CHECK enum problem search_matches_count(const struct search *search, int64_t limit,
                                             int64_t *count);

/* All of them, of articles: for lists in another order, and for facets. */
MUST_CHECK enum problem search_matches_gather(const struct search *search, struct idset *set);

/* Of paragraphs, when no filter holds: their articles, and how many matches each has. */
MUST_CHECK enum problem search_matches_weigh(const struct search *search, struct idset *set,
                                             struct article_weights *weights);

#endif
