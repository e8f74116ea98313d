/* revisions.h: which version of which article is meant, and what versions look like. Versions of a
 * deleted article are there like those of any other. */
#ifndef PILCROW_SURFACE_ARTICLES_REVISIONS_H
#define PILCROW_SURFACE_ARTICLES_REVISIONS_H

#include <jansson.h>

#include "engine/reply.h"
#include "engine/request.h"

/* The article of the path. */
struct revision_place {
    int64_t article_id;
    int64_t version; /* the current one; of a deleted article the last one */
    bool is_deleted;
    int64_t deleted_at;
};

/* NOT_FOUND with a sentence; place->article_id is 0 then. */
MUST_CHECK enum problem revisions_find(struct request *request, struct revision_place *place);

/* The version that the path or `as_of` means, which is there. NOT_FOUND with a sentence, also when
 * it was not kept; GONE when the article was deleted by then. */
MUST_CHECK enum problem revisions_choose(struct request *request, struct revision_place *place,
                                         int64_t *version);

/* Whether the version is kept: NOT_FOUND with a sentence when not. */
MUST_CHECK enum problem revisions_check(struct request *request, const struct revision_place *place,
                                        int64_t version);

/* Of a handler: answers a NOT_FOUND that is about a version itself, so that nobody takes it for an
 * article that moved or is gone; hands on everything else. */
MUST_CHECK enum problem revisions_refuse(struct request *request, struct reply *reply,
                                         const struct revision_place *place, enum problem problem);

/* "/v1/articles/7/revisions/3" */
struct span revisions_address(struct arena *arena, int64_t article_id, int64_t version);

/* The whole version, in the form that is asked for. */
MUST_CHECK enum problem revisions_reply(struct request *request, struct reply *reply,
                                        const struct revision_place *place, int64_t version,
                                        enum param_id fields_id);

/* The version as an article with its paragraphs; NOT_FOUND when it is not kept. */
MUST_CHECK enum problem revisions_load(struct request *request, int64_t article_id, int64_t version,
                                       json_t **out);

/* "revisions": the newest ones of an article up to and with `version`, into its JSON. */
MUST_CHECK enum problem revisions_add_newest(struct request *request, int64_t article_id,
                                             int64_t version, json_t *article);

/* The names in a stored list of changes; NULL when memory is out. */
json_t *revisions_changed(struct span names);

#endif
