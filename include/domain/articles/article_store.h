/* article_store.h: one article into the rows of the store, its present state kept as a version
 * before. Every function works inside a write transaction of the caller; on a problem the caller
 * undoes it. Which stored article a text belongs to is decided by import.h and article_edit.h. */
#ifndef PILCROW_DOMAIN_ARTICLES_ARTICLE_STORE_H
#define PILCROW_DOMAIN_ARTICLES_ARTICLE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/articles/article.h"
#include "domain/articles/term.h"
#include "domain/revisions/revision.h"
#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/fault.h"
#include "ground/hash.h"
#include "ground/problem.h"

/* What is to be stored, and what was worked out about it. All borrowed but the hashes. */
struct article_index; /* article_index.h */
struct article_put {
    struct store *store;
    struct article_index *index; /* NULL: what is put is not to be found, as in a dry run */
    struct arena *arena;
    const struct article *article;
    struct span source;
    struct span slug; /* a free one; .bytes 0: made from the title, or stays */
    unsigned touched; /* bit (1 << kind): terms that changed though their names here may not */
    bool is_kept;     /* the version before is in the history already */
    int64_t now_s;
    char identity[HASH_TEXT_BYTES]; /* title, authors, date */
    char content[HASH_TEXT_BYTES];  /* everything the author wrote */
    char imported[HASH_TEXT_BYTES]; /* the source as it was read; "" = this is no import */
    struct span title_key;
    struct span lead;
    size_t *words; /* of each paragraph */
    size_t word_count;
};

/* An article that is stored already; text lives in the arena of the put. */
struct stored_article {
    int64_t id; /* 0 = there is none */
    int64_t version;
    size_t paragraph_count;
    struct span content, published, source, title, slug, identity, imported;
};

/* Those in the article by position, then removed ones that come back. */
struct stored_paragraphs {
    int64_t *ids;
    struct span *texts;
    size_t live_count, count;
};

/* Before names are replaced: what the source says, and the slug if it says one. */
void article_put_imported(struct article_put *put);

/* The hash of title, authors and date alone. Needs no store. */
MUST_CHECK enum problem article_put_identity(struct article_put *put);

/* Calls names as they are called now, which may replace put->article, and works out the hashes;
 * article_put_finish() the rest, which an unchanged article does not need. */
MUST_CHECK enum problem article_put_begin(struct article_put *put);
MUST_CHECK enum problem article_put_finish(struct article_put *put);

MUST_CHECK enum problem stored_article_by_identity(const struct article_put *put,
                                                   struct stored_article *out);
MUST_CHECK enum problem stored_article_by_source(const struct article_put *put,
                                                 struct stored_article *out);
/* The one that was last imported from a source that said the same. */
MUST_CHECK enum problem stored_article_by_imported(const struct article_put *put,
                                                   struct stored_article *out);
/* The newest deleted one of which that is so; *id is 0 when there is none. */
MUST_CHECK enum problem stored_deletion_by_imported(const struct article_put *put, int64_t *id,
                                                    int64_t *version);
MUST_CHECK enum problem stored_article_by_id(const struct article_put *put, int64_t id,
                                             struct stored_article *out);

/* `room` = how many may be added to them. */
MUST_CHECK enum problem stored_paragraphs(const struct article_put *put,
                                          const struct stored_article *stored, size_t room,
                                          struct stored_paragraphs *out);

/* How the new paragraphs continue the stored ones. */
struct article_change {
    struct stored_article stored;
    struct stored_paragraphs old;
    struct revision_step *steps; /* one for each new paragraph */
    size_t *absorbed;            /* one for each old paragraph */
    int64_t version;             /* the new one */
};

/* `paragraph_ids`: for each new paragraph the id that it keeps or gets back, or 0; NULL: none has
 * one. INVALID when an id is no paragraph of this article, or is given twice. */
MUST_CHECK enum problem article_change_make(const struct article_put *put,
                                            const struct stored_article *stored,
                                            const int64_t *paragraph_ids,
                                            struct article_change *change, struct fault *fault);

/* What differs, as stored in `change`: "title,tags,paragraphs:3,4". `kinds` = bit (1 << kind) for
 * each kind of terms that does. .at is NULL when out of memory, .bytes 0 when nothing differs. */
struct span article_change_print(const struct article_put *put, const struct article_change *change,
                                 unsigned kinds);

/* Whether at least half of the stored paragraphs are recognised in the new text. */
bool article_change_is_alike(const struct article_put *put, const struct article_change *change);

/* Which old paragraphs go on; NULL when out of memory. */
bool *article_change_kept(const struct article_put *put, const struct article_change *change);

MUST_CHECK enum problem article_store_create(const struct article_put *put, int64_t *id,
                                             int64_t *seq);

/* Says that the article came from put->source, and no other one. */
MUST_CHECK enum problem article_store_source(const struct article_put *put, int64_t id);
/* The same of put->imported. */
MUST_CHECK enum problem article_store_imported(const struct article_put *put, int64_t id);
/* *seq is 0 when nothing differs that anyone can see: nothing was written then. */
MUST_CHECK enum problem article_store_update(const struct article_put *put,
                                             const struct article_change *change, int64_t *seq);

/* Parts of the above, in rooms of their own. */
MUST_CHECK enum problem article_paragraphs_insert(const struct article_put *put,
                                                  int64_t article_id);
MUST_CHECK enum problem article_paragraphs_update(const struct article_put *put,
                                                  const struct article_change *change);

/* Old names of terms in put->article give way to present ones, in a copy of it. */
MUST_CHECK enum problem article_names_resolve(struct article_put *put);

/* `name` once, where it or the name of `old_key` stood first. The items change. */
MUST_CHECK enum problem article_names_swap(struct span_list *names, struct span old_key,
                                           struct span name, struct arena *arena);

/* A term that the article is to carry. */
struct article_link {
    enum term_kind kind;
    struct span name; /* as the article writes it */
    struct span path; /* what key and slug are made of: the name, for a section its whole path */
    struct span key;
};

struct article_links {
    struct article_link *items;
    size_t count;
};

/* "World / Asia"; `outer` may be empty. .at is NULL when out of memory. */
struct span article_path_join(struct span outer, struct span step, struct arena *arena);

MUST_CHECK enum problem article_links_make(const struct article_put *put,
                                           struct article_links *links);
/* *kinds = bit (1 << kind) for each kind that differs from what is stored. */
MUST_CHECK enum problem article_links_compare(const struct article_put *put,
                                              const struct article_links *links, int64_t article_id,
                                              unsigned *kinds);
MUST_CHECK enum problem article_links_insert(const struct article_put *put,
                                             const struct article_links *links, int64_t article_id);
MUST_CHECK enum problem article_links_remove(struct store *store, int64_t article_id);

/* The beginning of a paragraph that stands for the article in lists: at most
 * ARTICLE_LEAD_CHARACTERS, cut between words, with an ellipsis then. .at is NULL when out of
 * memory. */
enum { ARTICLE_LEAD_CHARACTERS = 500 };
struct span article_lead(struct span paragraph, struct arena *arena);

/* A slug that is free: `base`, else base-2, base-3 ... `taken` (a statement) is asked with the kind
 * (when not 0) and the slug. */
MUST_CHECK enum problem article_slug_free(const struct article_put *put, enum sql_id taken,
                                          int kind, struct span base, struct span *out);

/* Sets put->slug to the one that put->article asks for, where no other article has it. Else
 * `stored` keeps what it has, and a new article (NULL) gets a number behind: an address is no
 * reason to be without the article. */
MUST_CHECK enum problem article_slug_ask(struct article_put *put,
                                         const struct stored_article *stored);

#endif
