/* article_load.h: an article out of its rows: as it is, or as it was in a version. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_LOAD_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_LOAD_H

#include <stdint.h>

#include "domain/articles/article.h"
#include "domain/articles/article_store.h"
#include "ground/problem.h"

/* Paragraphs come with their ids. */
MUST_CHECK enum problem article_load_stored(const struct article_put *put,
                                            const struct stored_article *stored,
                                            struct article *article, int64_t **paragraph_ids);

/* NOT_FOUND when that version is not kept. */
MUST_CHECK enum problem article_load_revision(const struct article_put *put, int64_t article_id,
                                              int64_t version, struct article *article,
                                              int64_t **paragraph_ids);

#endif
