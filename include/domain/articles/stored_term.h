/* stored_term.h: terms as they are stored, for article_edit_term.c alone. */
#ifndef PILCROW_DOMAIN_ARTICLES_STORED_TERM_H
#define PILCROW_DOMAIN_ARTICLES_STORED_TERM_H

#include <stdint.h>

#include "domain/articles/article.h"
#include "domain/articles/article_edit.h"
#include "domain/articles/article_store.h"

struct stored_term {
    int kind;
    int64_t id, parent_id /* 0 = none */, article_count;
    struct span slug, name, key;
    struct span_list path; /* names from the outermost section; else the name alone */
};

/* NOT_FOUND when there is no such term of that kind. */
MUST_CHECK enum problem stored_term_find(struct article_edit *edit, int kind, int64_t id,
                                         struct stored_term *out);

/* The path with another last name. */
MUST_CHECK enum problem stored_term_path(struct article_edit *edit, const struct stored_term *term,
                                         struct span name, struct span_list *path);

/* The row, its old address, and those of the sections inside. */
MUST_CHECK enum problem stored_term_rename(struct article_edit *edit,
                                           const struct stored_term *term, struct span_list path,
                                           struct span slug, struct fault *fault);

/* `from`, which no article carries any more, and what lies in it, redirect to `into`. */
MUST_CHECK enum problem stored_term_merge(struct article_edit *edit, const struct stored_term *from,
                                          const struct stored_term *into);

/* A row of `change` for a term. */
MUST_CHECK enum problem stored_term_say(struct article_edit *edit, const struct stored_term *term,
                                        const char *op, const char *changed);

#endif
