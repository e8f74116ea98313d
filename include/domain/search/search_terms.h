/* search_terms.h: an article as the terms that the index holds. Pure: the same article gives the
 * same terms, which is how a document is found again to be removed. */
#ifndef PILCROW_DOMAIN_SEARCH_SEARCH_TERMS_H
#define PILCROW_DOMAIN_SEARCH_SEARCH_TERMS_H

#include "domain/articles/article.h"
#include "engine/search/search_index.h"
#include "ground/arena.h"
#include "ground/buffer.h"
#include "ground/problem.h"

/* Part of search_terms_version(): goes up when the same words would become other terms. */
#define SEARCH_TERMS_NUMBER "2"

struct search_text {
    struct span terms, variants;
};

struct search_document {
    struct search_article article;
    struct search_text *paragraphs; /* one for each of the article */
    size_t paragraph_count;
};

/* What is used again from article to article. */
struct search_terms {
    struct arena words;
    struct buffer terms, variants;
};

void search_terms_init(struct search_terms *terms);
void search_terms_fini(struct search_terms *terms);

/* In `arena`. OUT_OF_MEMORY or nothing. */
MUST_CHECK enum problem search_terms_make(struct search_terms *terms, const struct article *article,
                                          struct arena *arena, struct search_document *out);

/* What the terms of this program are made with, in `arena`; .at NULL when out of memory. */
struct span search_terms_version(struct arena *arena);

#endif
