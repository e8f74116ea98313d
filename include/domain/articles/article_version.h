/* article_version.h: one version of an article as it was, whether it is the present one or not. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_VERSION_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_VERSION_H

#include "domain/articles/article.h"
#include "domain/articles/term.h"
#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/problem.h"

struct article_version_term {
    enum term_kind kind;
    struct span slug, name;
};

struct article_version_paragraph {
    int64_t id;
    bool is_split;      /* it came out of a split */
    int64_t related_id; /* of a split: where its text stood before; 0 = none */
    struct span text;
};

/* All text lives in the arena. */
struct article_version {
    int64_t id, version, updated_at;
    struct span slug;
    struct article article;
    struct article_version_term *terms; /* authors, section, tags */
    size_t term_count;
    struct article_version_paragraph *paragraphs; /* article.paragraphs.count */
};

/* NOT_FOUND when there is no such version, or it was not kept. */
MUST_CHECK enum problem article_version_load(struct store *store, int64_t article_id,
                                             int64_t version, struct arena *arena,
                                             struct article_version *out);

#endif
