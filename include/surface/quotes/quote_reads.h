/* quote_reads.h: paragraphs that were read for a quote, as tokens. For quote_lookup.c. */
#ifndef PILCROW_SURFACE_QUOTES_QUOTE_READS_H
#define PILCROW_SURFACE_QUOTES_QUOTE_READS_H

#include "engine/tally.h"
#include "surface/quotes/quotes.h"

enum {
    QUOTE_READ_BYTES_MAX = 1024 * 1024, /* of all paragraphs that one quote may cost */
    QUOTE_READ_ARTICLE_MAX = 512,       /* paragraphs of one article */
};

struct quote_read {
    int64_t id, article_id, position;
    struct quote_tokens tokens;
    size_t shared; /* quote_shared() */
    bool is_tried;
};

struct quote_reads {
    struct request *request;
    const struct quote *quote;
    struct arena *arena;
    int64_t until_ns;
    size_t bytes_left;
    struct quote_read *list;
    size_t count, capacity;
    size_t runs;   /* of the last search */
    bool has_all;  /* every place of some run was found, and there is one */
    bool has_more; /* some run has more places than were looked at */
};

void quote_reads_init(struct quote_reads *reads, struct request *request, const struct quote *quote,
                      struct arena *arena, int64_t until_ns);

/* From now on: sets what the store may take for one quote, and returns when its time is up. */
int64_t quote_reads_deadline(struct request *request);

/* QUERY_TIMEOUT once the time is up. */
MUST_CHECK enum problem quote_reads_check_time(const struct quote_reads *reads);

/* Adds one paragraph, unless it is there, too long for what is left, or shares nothing. */
MUST_CHECK enum problem quote_reads_add(struct quote_reads *reads, int64_t paragraph_id);

/* Paragraphs of an article from place `first` to `last`, which count is at most
 * QUOTE_READ_ARTICLE_MAX, all of them, in a list of their own. */
MUST_CHECK enum problem quote_reads_article(struct quote_reads *reads, int64_t article_id,
                                            int64_t first, int64_t last, struct quote_read **out,
                                            size_t *count);

/* The paragraphs that the index finds, the most promising first: what they share with the quote
 * says how promising they are. */
MUST_CHECK enum problem quote_reads_search(struct quote_reads *reads, enum quote_reach reach);

#endif
