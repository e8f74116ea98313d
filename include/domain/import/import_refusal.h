/* import_refusal.h: why an import leaves a text out, in words. Each sets the fault and returns
 * CONFLICT. For import_put.c, and for import_remote.c, which compares articles of two requests. */
#ifndef PILCROW_DOMAIN_IMPORT_IMPORT_REFUSAL_H
#define PILCROW_DOMAIN_IMPORT_IMPORT_REFUSAL_H

#include "domain/articles/article_store.h"

/* `other`: the source of the text that came first; may be empty. */
enum problem import_refuse_twin(struct span other, struct fault *fault);
enum problem import_refuse_unlike(const struct stored_article *stored, struct fault *fault);
enum problem import_refuse_existing(int64_t id, struct fault *fault);
enum problem import_refuse_source(int64_t id, struct fault *fault);
enum problem import_refuse_again(int64_t id, struct fault *fault);

#endif
