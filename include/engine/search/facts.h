/* facts.h: what facets count, packed, so that a hundred thousand articles are looked at in
 * milliseconds: of each article its year and its terms, of each paragraph its article and its
 * number of words. A block holds those of FACTS_ARTICLES (FACTS_PARAGRAPHS) ids and is one row.
 *
 *     article      gap from the id before, bytes of what follows, year (0 = no date),
 *                  each term as its id * 4 + kind, in the order of kinds and places
 *     paragraph    gap from the id before, difference of the articles (zigzag), words
 *
 * All are numbers of 7 bits a byte, the low ones first. The same facts are the same bytes. Pure. */
#ifndef PILCROW_ENGINE_SEARCH_FACTS_H
#define PILCROW_ENGINE_SEARCH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/buffer.h"
#include "ground/span.h"

enum { FACTS_ARTICLES = 256, FACTS_PARAGRAPHS = 1024 };

enum facts_of { FACTS_OF_ARTICLES, FACTS_OF_PARAGRAPHS, FACTS_OF_COUNT };

/* How many ids a block of these has. */
int64_t facts_block_ids(enum facts_of of);

/* What is left of a block, or of the facts of one article. */
struct facts {
    struct span rest;
    int64_t id;         /* of the one that was read or written last; of a new block the id before
                         * its first */
    int64_t article_id; /* of paragraphs: of that one */
    bool is_broken;     /* not what facts_put_...() wrote */
};

struct facts facts_begin(int64_t block, int64_t block_ids, struct span packed);

/* ---- articles ---- */

struct facts_article {
    int64_t id;
    int64_t year; /* 0 = not known */
    struct span packed;
    struct facts terms; /* for facts_next_term() */
};

/* False at the end of the block, and when it is broken. */
bool facts_next_article(struct facts *block, struct facts_article *out);
bool facts_next_term(struct facts *terms, int *kind, int64_t *term_id);

/* By rising ids; `facts` has been begun with nothing. First the year and terms of an article into
 * a buffer of their own, then that. */
void facts_put_year(struct buffer *packed, int64_t year);
void facts_put_term(struct buffer *packed, int kind, int64_t term_id);
void facts_put_article(struct buffer *out, struct facts *facts, int64_t id, struct span packed);

/* ---- paragraphs ---- */

struct facts_paragraph {
    int64_t id, article_id, words;
};

bool facts_next_paragraph(struct facts *block, struct facts_paragraph *out);
void facts_put_paragraph(struct buffer *out, struct facts *facts,
                         const struct facts_paragraph *paragraph);

#endif
