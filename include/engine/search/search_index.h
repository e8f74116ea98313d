/* search_index.h: the two indexes, of articles and of paragraphs: put, remove, look for. Another
 * engine can stand behind this header: nothing above it knows how words are kept. The rows of the
 * index change in the transaction of the rows they are about.
 *
 * Documents are given as terms: folded words (domain/text/words.h) with one space between;
 * SEARCH_BREAK between what is no running text (two paragraphs, two tags), so that no phrase is
 * found across it. */
#ifndef PILCROW_ENGINE_SEARCH_SEARCH_INDEX_H
#define PILCROW_ENGINE_SEARCH_SEARCH_INDEX_H

#include <stdint.h>

#include "engine/search/search_query.h"
#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/problem.h"

#define SEARCH_BREAK "\xC2\xB6" /* the pilcrow sign: no word holds it */

/* The number of a document orders the documents: newest first is by falling number. An article's
 * holds its date and id; a paragraph's its article's date and its own id, so that the paragraphs of
 * an article come in the order in which they were made. */
int64_t search_article_number(struct span published, int64_t article_id);
int64_t search_paragraph_number(struct span published, int64_t paragraph_id);
int64_t search_number_id(enum search_scope scope, int64_t number); /* which article or paragraph */

/* All documents of the period: numbers in [*low, *high]. Empty dates = no bound. */
void search_period(struct span first, struct span last, int64_t *low, int64_t *high);

/* Title, tags, authors and sections hold their variants themselves, behind a break: a word is found
 * in its field however it is written. */
struct search_article {
    struct span title, tags, authors, sections, lead,
        body;             /* lead = the first paragraph, body = the others */
    struct span variants; /* paragraphs that have any, written with them */
};

/* ---- for the writer ---- */

/* What a transaction changes in the indexes, made at its end in the order that the engine likes
 * best. Terms are borrowed: they live in `terms` until the batch is applied or cleared. */
struct search_change;
struct search_batch {
    struct arena terms;
    struct search_change *changes;
    size_t count, capacity;
};

void search_batch_init(struct search_batch *batch);
void search_batch_fini(struct search_batch *batch);
void search_batch_clear(struct search_batch *batch);

/* To remove a document takes the very terms that were put. */
MUST_CHECK enum problem search_article_put(struct search_batch *batch, int64_t number,
                                           const struct search_article *article);
MUST_CHECK enum problem search_article_remove(struct search_batch *batch, int64_t number,
                                              const struct search_article *article);
MUST_CHECK enum problem search_paragraph_put(struct search_batch *batch, int64_t number,
                                             struct span terms, struct span variants);
MUST_CHECK enum problem search_paragraph_remove(struct search_batch *batch, int64_t number,
                                                struct span terms, struct span variants);

/* Inside the transaction of the rows; outside of any store_mark(), which costs the engine a write.
 * The batch is empty afterwards. */
MUST_CHECK enum problem search_batch_apply(struct search_batch *batch, struct store *store);

/* What the terms were made with; empty while the index is not whole. In `arena`. */
MUST_CHECK enum problem search_version(struct store *store, struct arena *arena,
                                       struct span *version);
MUST_CHECK enum problem search_version_set(struct store *store, struct span version);

/* Takes all documents out of both indexes; the version is then empty. */
MUST_CHECK enum problem search_empty(struct store *store);

/* ---- for everyone ---- */

/* SEARCH_NOT_READY while the index is not whole. */
MUST_CHECK enum problem search_is_whole(struct store *store);

/* A running search: documents by falling number. Fields of a paragraph search are its article's and
 * are not looked at: of SEARCH_PARAGRAPHS an item with a field finds nothing. */
struct search_hits {
    struct rows rows;
    bool is_ranked;
};

/* Documents in [low, high] that the query finds, newest first. `is_ranked`: with a score. One of a
 * scope runs at a time. QUERY_TIMEOUT when the store's deadline passes, SEARCH_NOT_READY while the
 * index is not whole. */
MUST_CHECK enum problem search_begin(struct store *store, enum search_scope scope,
                                     const struct search_query *query, int64_t low, int64_t high,
                                     bool is_ranked, struct arena *arena, struct search_hits *hits);
/* The same without scores and oldest first, which takes the engine half the time. */
MUST_CHECK enum problem search_begin_rising(struct store *store, enum search_scope scope,
                                            const struct search_query *query, int64_t low,
                                            int64_t high, struct arena *arena,
                                            struct search_hits *hits);

/* *score: larger is better (title > tags, authors > lead > body); 0 when not ranked. NULL is
 * allowed. */
bool search_next(struct search_hits *hits, int64_t *number, double *score);
MUST_CHECK enum problem search_end(struct search_hits *hits);

/* What the engine is asked, for explain=1; empty: nothing, as it could find nothing. .at NULL when
 * out of memory. */
struct span search_explain(enum search_scope scope, const struct search_query *query,
                           struct arena *arena);

#endif
