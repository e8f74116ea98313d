/* article_edit.h: changes to one article, as people make them. Every function works inside a write
 * transaction of the caller, who commits; on a problem the caller undoes it. Each change keeps the
 * version before it (revision tables), adds one row to `change`, and bumps seq by one. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_EDIT_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_EDIT_H

#include <stdint.h>

#include "domain/articles/article.h"
#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/problem.h"

struct article_edit {
    struct store *store; /* the writer, in a transaction */
    struct arena *arena;
    int64_t now_s;
};

struct article_edit_result {
    int64_t article_id, version, seq;
    bool is_changed; /* false: the new text is the old one; nothing was written */
};

/* An article as it is stored now, with what its parts are known by. */
struct article_stored {
    int64_t id, version;
    struct span slug;
    struct article article;
    int64_t *paragraph_ids; /* one for each paragraph */
};

/* NOT_FOUND, or GONE when it was deleted. */
MUST_CHECK enum problem article_edit_load(struct article_edit *edit, int64_t article_id,
                                          struct article_stored *out);

/* `slug` .bytes 0: made from the title, and none that still redirects; one that is asked for takes
 * a redirect away. CONFLICT when it is that of another article (fault says which), or when an
 * article of the same title, authors and date exists; INVALID (fault->name "slug") when it is none.
 * What was deleted may be created again, as a new article. */
MUST_CHECK enum problem article_edit_create(struct article_edit *edit,
                                            const struct article *article, struct span slug,
                                            struct article_edit_result *result,
                                            struct fault *fault);

/* The whole article anew. `slug` .bytes 0: stays; another one keeps the old as a redirect.
 * `paragraph_ids`: for each new paragraph the id that it is to keep, whatever its text, or to get
 * back when it was removed from this article; 0 for one that is to be aligned with what is left
 * (NULL: align all). Problems as in create, NOT_FOUND, GONE, and INVALID (fault->name "paragraphs")
 * for an id that is no paragraph of this article or is given twice. */
MUST_CHECK enum problem article_edit_replace(struct article_edit *edit, int64_t article_id,
                                             const struct article *article, struct span slug,
                                             const int64_t *paragraph_ids,
                                             struct article_edit_result *result,
                                             struct fault *fault);

/* Writes an old version anew, as a new one: its text and its paragraphs under their ids. The slug
 * stays what it is now, terms that were renamed since are called as they are now. NOT_FOUND also
 * when that version is not kept. */
MUST_CHECK enum problem article_edit_restore(struct article_edit *edit, int64_t article_id,
                                             int64_t version, struct article_edit_result *result,
                                             struct fault *fault);

/* Leaves a tombstone; its paragraphs answer as gone, its versions stay readable. result->version is
 * the last that can be read. */
MUST_CHECK enum problem article_edit_delete(struct article_edit *edit, int64_t article_id,
                                            struct article_edit_result *result);

/* Changes a name, and with it the address unless only the spelling differs: the old slug stays as a
 * redirect, and whoever writes the old name means this term, until a term is called so again. Every
 * article that carries it gets a new version; a section's inner sections change with it. `slug`
 * .bytes 0: made from the name. CONFLICT when another term has that name (merge is meant then) or
 * slug. The term itself is the first row of `change`: type "tag" (...), op "update". *articles = how
 * many changed. */
MUST_CHECK enum problem article_edit_term_rename(struct article_edit *edit, int kind,
                                                 int64_t term_id, struct span name,
                                                 struct span slug, int64_t *articles,
                                                 struct fault *fault);

/* All articles with `from_id` get `into_id` in its place; `from` becomes a redirect, its name one
 * that means `into`, as in a rename, and it is the first row of `change`: type "tag" (...), op
 * "delete". A section's inner sections go along; CONFLICT when `into` lies in `from`. */
MUST_CHECK enum problem article_edit_term_merge(struct article_edit *edit, int kind,
                                                int64_t from_id, int64_t into_id, int64_t *articles,
                                                struct fault *fault);

#endif
