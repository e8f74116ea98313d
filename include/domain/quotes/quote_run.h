/* quote_run.h: paragraphs that follow one another as one run of tokens, and how a part of a quote
 * lies in it. Inside of quote_*.c only. */
#ifndef PILCROW_DOMAIN_QUOTES_QUOTE_RUN_H
#define PILCROW_DOMAIN_QUOTES_QUOTE_RUN_H

#include "domain/quotes/quote.h"

struct quote_seen {
    const struct quote_token *token;
    size_t paragraph;
};

struct quote_run {
    const struct quote_tokens *paragraphs;
    struct quote_seen *seen;
    size_t count;
};

enum quote_step_kind { QUOTE_STEP_SAME, QUOTE_STEP_REPLACED, QUOTE_STEP_MISSING, QUOTE_STEP_ADDED };

struct quote_step {
    enum quote_step_kind kind;
    size_t quoted; /* index of the quote's token; of MISSING: of the next one */
    size_t seen;   /* index into the run; of ADDED: of the next one */
};

/* How the part lies there: each of its tokens in order. Steps live in the arena. */
struct quote_alignment {
    struct quote_step *steps;
    size_t count;
    double score;       /* 0: it does not */
    size_t first, stop; /* of the run; first == stop when nothing of it is used */
};

/* Folded alike. */
static inline bool quote_token_equal(const struct quote_token *a, const struct quote_token *b) {
    return a->hash == b->hash || a->variant == b->hash || b->variant == a->hash;
}

/* Where the part stands word for word at or behind `from`; SIZE_MAX when it does not. */
size_t quote_run_find(const struct quote_run *run, const struct quote *quote,
                      struct quote_segment part, size_t from);

/* The cheapest way to lay the part into the run behind `from`, near where most of its pairs are.
 * Takes its cells from *effort; when there are not enough of them, the score is 0. */
MUST_CHECK enum problem quote_run_align(const struct quote_run *run, const struct quote *quote,
                                        struct quote_segment part, size_t from, size_t *effort,
                                        struct arena *arena, struct quote_alignment *out);

/* What it costs to take one word for the other: 0 for the same, weight/2 or so for a slip. */
unsigned quote_replace_cost(const struct quote_token *quoted, const struct quote_token *seen);

#endif
