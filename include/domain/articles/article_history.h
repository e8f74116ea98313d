/* article_history.h: what a write leaves behind: the version before it, one row of `change` for its
 * seq, and redirects from old addresses. Inside a write transaction of the caller. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_HISTORY_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_HISTORY_H

#include <stdint.h>

#include "engine/store/store.h"
#include "ground/problem.h"

/* Copies the article as it is now; to be called before anything of it changes. */
MUST_CHECK enum problem article_history_keep(struct store *store, int64_t article_id);

struct article_history_change {
    const char *op;   /* "create", "update", "delete" */
    const char *type; /* "article", or the kind of a term */
    int64_t id, version;
    struct span changed;
    int64_t now_s;
    int64_t articles, paragraphs; /* how many more there are now */
};

/* The next seq, and the totals; then the row of that seq, once its id is known. */
MUST_CHECK enum problem
article_history_seq(struct store *store, const struct article_history_change *change, int64_t *seq);
MUST_CHECK enum problem
article_history_add(struct store *store, const struct article_history_change *change, int64_t seq);

/* `slug` becomes an address of something; what redirected from there does so no more. */
MUST_CHECK enum problem article_history_claim(struct store *store, int kind, struct span slug);

/* `old` redirects to `target_id`, whose address is `slug` now. */
MUST_CHECK enum problem article_history_redirect(struct store *store, int kind, struct span old,
                                                 struct span slug, int64_t target_id);

/* How many changes one call forgets at most: more than a batch of an import makes. */
enum { ARTICLE_HISTORY_TRIM_MAX = 1000 };

/* Forgets the oldest changes but `keep`. Only to be called in a transaction that has a new seq:
 * under the old one readers were told what is the oldest. */
MUST_CHECK enum problem article_history_trim(struct store *store, int64_t keep);

/* The same for a store that nobody reads yet, in transactions of its own and without a new seq:
 * the store gets another birth instead, so that no tag from before says that all is as it was.
 * *is_changed: `store` has to be opened anew, as it read its birth when it was opened. */
MUST_CHECK enum problem article_history_trim_all(struct store *store, int64_t keep,
                                                 bool *is_changed);

#endif
