/* article_index.h: keeps the search index, and the facts that facets count (article_facts.h), in
 * step with the articles. What an article was and what
 * it became are read from its rows, before they change and after; the difference goes into a batch
 * that is applied in the same transaction. */
#ifndef PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_H
#define PILCROW_DOMAIN_SEARCH_ARTICLE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/search/article_facts.h"
#include "domain/search/search_terms.h"
#include "engine/search/search_index.h"
#include "engine/store/store.h"
#include "ground/problem.h"

/* What one transaction or one run changes. */
struct article_index {
    struct store *store;
    struct search_terms terms;
    struct search_batch batch;
    struct article_facts facts;
    bool leaves_facts; /* they are made elsewhere */
    bool is_on; /* else the index is not whole, and made anew when the store is next opened */
};

/* An article as the index holds it. */
struct article_indexed {
    int64_t id; /* 0: there is none, or the index is not whole */
    char published[DATE_BYTES];
    int64_t *paragraph_ids;
    struct search_document document;
};

void article_index_init(struct article_index *index, struct store *store);
void article_index_fini(struct article_index *index);

/* In a write transaction, before the first change. The index of an empty store begins here. */
MUST_CHECK enum problem article_index_begin(struct article_index *index);

/* Before the rows of an article change, and after: `old` is what the first call gave, and none of a
 * new article. After a deletion only article_index_gone(). `index` may be NULL: then nothing is to
 * be found. What is read lives in `arena`, which may be reset once the change is told. */
MUST_CHECK enum problem article_index_before(struct article_index *index, int64_t id,
                                             struct arena *arena, struct article_indexed *old);
MUST_CHECK enum problem article_index_after(struct article_index *index, int64_t id,
                                            struct arena *arena, const struct article_indexed *old);
MUST_CHECK enum problem article_index_gone(struct article_index *index,
                                           const struct article_indexed *old);

/* Outside of marks, before the commit. */
MUST_CHECK enum problem article_index_apply(struct article_index *index);

/* The same when so much is gathered that it should not wait for the commit. */
MUST_CHECK enum problem article_index_relieve(struct article_index *index);

/* One change alone: _start() is init and begin, _finish() applies unless the change ended with a
 * problem, which it gives back, and is fini. */
MUST_CHECK enum problem article_index_start(struct article_index *index, struct store *store);
MUST_CHECK enum problem article_index_finish(struct article_index *index, enum problem problem);

/* Makes both indexes and the facts anew unless they are whole and made by this program; in
 * transactions of its own, a bounded part at a time. For whoever opened the writer, before anyone
 * reads. */
MUST_CHECK enum problem article_index_prepare(struct store *writer);
MUST_CHECK enum problem article_index_rebuild(struct store *writer);

#endif
