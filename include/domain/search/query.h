/* query.h: the search language. Every text is a query: what is no operator, or is a broken one, is
 * read as words, and the notes say so. Pure.
 *
 *     harbour ferry        both words, anywhere
 *     "the last ferry"     the phrase
 *     ferry OR boat        one of the two; binds tighter than the AND between words
 *     -boat  -"by boat"    not this
 *     harb*                words that begin so (3 letters at least; 1 of a script without spaces)
 *     title: author: tag: section:   in front of a word or phrase: only there
 */
#ifndef PILCROW_DOMAIN_SEARCH_QUERY_H
#define PILCROW_DOMAIN_SEARCH_QUERY_H

#include "engine/search/search_query.h"
#include "ground/arena.h"
#include "ground/problem.h"

enum {
    QUERY_BYTES_MAX = 256,
    QUERY_TERMS_MAX = 12, /* words; of a script without spaces two characters are one */
    QUERY_WORDS_MAX = 2 * QUERY_TERMS_MAX, /* of the tree: pairs are words there */
    QUERY_NOTES_MAX = 8,
    QUERY_PREFIX_MIN = 3 /* letters; a syllable of Hangul is two */
};

struct query {
    struct search_query search;
    /* Printed again, in one normal form within the limits: query_parse() of it is the same. */
    struct span understood;
    const char *notes[QUERY_NOTES_MAX]; /* sentences: what was not taken as an operator, and why */
    size_t note_count;
    bool has_words; /* false: nothing can be looked for ("!?"), or only what is excluded */
};

/* OUT_OF_MEMORY or nothing. Of a text beyond the limits the beginning is taken, and a note says so;
 * so it is with a query without words, which finds nothing. */
MUST_CHECK enum problem query_parse(struct span text, struct arena *arena, struct query *out);

/* ---- where a query's words stand in one text: highlights, evidence, exact form first ---- */

struct query_mark {
    size_t start, end; /* code points into the whole text; in order, never overlapping */
};

struct query_match {
    struct query_mark *marks; /* in the arena */
    size_t mark_count;
    size_t group_count; /* how many of the query's groups are found here */
    size_t exact_count; /* how many of the marked words are written exactly as asked for */
};

/* Items of `field` and SEARCH_FIELD_ANY are looked for. Of a paragraph: SEARCH_FIELD_ANY. At most
 * `marks_max` marks are given. */
MUST_CHECK enum problem query_match(const struct query *query, enum search_field field,
                                    struct span text, size_t marks_max, struct arena *arena,
                                    struct query_match *out);

/* Text as HTML, escaped first, then <mark> around the marks, cut to about `width` code points
 * around the first mark at word bounds with an ellipsis where it is cut; 0 = all of it. .at NULL
 * when out of memory. */
struct span query_html(struct span text, const struct query_match *match, size_t width,
                       struct arena *arena);

#endif
