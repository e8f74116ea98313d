/* quote.h: whether, where and how exactly the words of a quotation stand in a text. What is
 * compared are words (domain/text/words.h) and signs that carry meaning (%, €, &): case, accents,
 * quotation marks, dashes, ellipses, other punctuation and white space are levelled. Pure.
 *
 * The caller finds paragraphs in which the quote may stand (quote_shingles_choose() says what to
 * look for), reads them into tokens, and asks quote_find() about some that follow one another. */
#ifndef PILCROW_DOMAIN_QUOTES_QUOTE_H
#define PILCROW_DOMAIN_QUOTES_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/search/search_query.h"
#include "ground/arena.h"
#include "ground/problem.h"
#include "ground/span.h"

enum {
    QUOTE_CHARACTERS_MAX = 2000,
    QUOTE_SEGMENTS_MAX = 8,   /* parts between ellipses; what comes after the last is part of it */
    QUOTE_SHORT_WORDS = 3,    /* so few words are found as they are, or not at all */
    QUOTE_EFFORT = 3000000,   /* cells of alignments that one quote may cost */
    QUOTE_PARAGRAPHS_MAX = 8, /* ranges of one match */
    QUOTE_DIFFERENCES_MAX = 64,
};

/* A word, a character of a script without spaces, or a sign. */
struct quote_token {
    uint64_t hash, variant; /* of the folded form and of its variant (words.h); 0 = it has none */
    struct span folded;
    size_t at, stop;   /* bytes of the text */
    size_t start, end; /* the same in code points */
    unsigned weight;   /* what it costs when it is missing: more for long words */
    uint32_t letters;  /* which letters it has, for a first look at how alike two are */
};

struct quote_set;

struct quote_tokens {
    struct span text;
    struct quote_token *list;
    size_t count;
};

/* The text must live as long as the tokens do. */
MUST_CHECK enum problem quote_tokens_read(struct span text, struct arena *arena,
                                          struct quote_tokens *out);

struct quote_segment {
    size_t first, count; /* of the quote's tokens; count > 0 */
};

struct quote {
    struct span text; /* without outer quotation marks, ellipses and white space */
    struct quote_tokens tokens;
    struct quote_segment segments[QUOTE_SEGMENTS_MAX];
    size_t segment_count;    /* 0: no words at all; 1: no ellipsis in it */
    struct quote_set *pairs; /* of neighbouring tokens (quote_set.h) */
};

MUST_CHECK enum problem quote_parse(struct span text, struct arena *arena, struct quote *out);

/* ---- where to look ---- */

enum { QUOTE_ITEMS_MAX = 12 };

enum quote_reach {
    QUOTE_REACH_RARE,  /* runs of three words: all their places, unless they are too many */
    QUOTE_REACH_LONG,  /* longer ones: fewer places, and right when nothing was changed */
    QUOTE_REACH_SHORT, /* short runs, so that some are left between changes */
};

/* Items of an OR, at most QUOTE_ITEMS_MAX, spread over the quote. *count = 0 when there is nothing
 * to ask that another reach does not ask. */
MUST_CHECK enum problem quote_shingles_choose(const struct quote *quote, enum quote_reach reach,
                                              struct arena *arena, struct search_item **items,
                                              size_t *count);

/* How many pairs of neighbouring tokens of the quote stand in the text, each counted once; of a
 * quote of one token, whether that does. */
size_t quote_shared(const struct quote *quote, const struct quote_tokens *tokens);

/* ---- how it stands there ---- */

enum quote_status {
    QUOTE_NONE,
    QUOTE_NEAR,       /* with differences */
    QUOTE_NORMALIZED, /* the same words */
    QUOTE_VERBATIM,   /* the very characters */
};

struct quote_range {
    size_t paragraph;  /* index into what was given to quote_find() */
    size_t at, stop;   /* bytes of its text */
    size_t start, end; /* code points */
};

enum quote_op { QUOTE_REPLACED, QUOTE_MISSING, QUOTE_ADDED };

struct quote_difference {
    enum quote_op op; /* as seen from the original: MISSING stands there and not in the quote */
    struct span quoted, original; /* .bytes = 0 when there is nothing */
    struct quote_range place;     /* of ADDED: empty, where it would stand */
};

struct quote_match {
    enum quote_status status;
    double score; /* 0..1; 1 unless NEAR */
    struct quote_range ranges[QUOTE_PARAGRAPHS_MAX];
    size_t range_count;
    struct quote_difference *differences; /* in the order of the quote; in the arena */
    size_t difference_count;
    bool has_gaps; /* found in parts, as its ellipses say */
};

/* The best match in paragraphs that follow one another. *effort is what alignments may still cost;
 * once it is 0 only exact matches are found. */
MUST_CHECK enum problem quote_find(const struct quote *quote, const struct quote_tokens *paragraphs,
                                   size_t paragraph_count, size_t *effort, struct arena *arena,
                                   struct quote_match *out);

/* ---- texts that are alike ---- */

/* What three neighbouring words of `a` and of `b` have in common, of all that either has
 * (Jaccard): 0..1. Texts of fewer words than that are alike when they are equal. */
MUST_CHECK enum problem quote_likeness(const struct quote_tokens *a, const struct quote_tokens *b,
                                       struct arena *arena, double *out);

#endif
