/* write.h: what every write has in common, so that a handler is what is left: reading head and
 * body, the writer and its transaction, repeated requests, preconditions, the answer, the commit.
 *
 * A handler calls write_run() with the step that does its work. The step runs inside the write
 * transaction; request->store is the writer while it does, so that everything that shapes answers
 * shows what is about to be stored. What it returns as a problem undoes all of it. */
#ifndef PILCROW_SURFACE_WRITING_WRITE_H
#define PILCROW_SURFACE_WRITING_WRITE_H

#include "domain/articles/article_edit.h"
#include "engine/reply.h"
#include "engine/request.h"
#include "surface/writing/json_errors.h"

enum write_type {
    WRITE_TYPE_NONE = 0, /* there is no body */
    WRITE_TYPE_JSON = 1 << 0,
    WRITE_TYPE_MERGE_PATCH = 1 << 1,
    WRITE_TYPE_TEXT = 1 << 2, /* the source format */
};

struct write {
    struct request *request;
    struct reply *reply;
    struct article_edit edit;

    /* From the head and the body. */
    enum write_type type;
    json_t *json;           /* an object; NULL when there is none */
    struct article article; /* of WRITE_TYPE_TEXT */
    bool is_minimal;        /* Prefer: return=minimal */

    /* From the step. */
    struct json_errors errors; /* of INVALID */
    int64_t article_id;        /* whose version the ETag names */
    const char *etag;          /* of the answer; of PRECONDITION_FAILED the present one */
    const char *location;
};

/* PROBLEM_INVALID when write->errors holds something; in general as a handler (engine/router.h). */
typedef enum problem write_step(struct write *write);

/* `types` are the bodies that the address takes (bits of enum write_type); 0 = it takes none.
 * `may_lack` : it can do without. */
MUST_CHECK enum problem write_run(struct request *request, struct reply *reply, unsigned types,
                                  bool may_lack, write_step *step);

/* What becomes of a problem: PROBLEM_NONE when it was answered here, with more than a sentence. */
MUST_CHECK enum problem write_refuse(struct write *write, enum problem problem);

/* ---- for steps ---- */

/* An article as it is found at its address, before the change. */
struct write_article {
    int64_t id, version, seq;
    int64_t paragraph_count;
};

/* The article of the path. NOT_FOUND with a sentence. */
MUST_CHECK enum problem write_find_article(struct write *write, struct write_article *out);
MUST_CHECK enum problem write_find_article_by_id(struct write *write, int64_t id,
                                                 struct write_article *out);

/* The article of the path, once write_check_match() lets it be changed; and with all it holds. */
MUST_CHECK enum problem write_open_article(struct write *write, struct write_article *out);
MUST_CHECK enum problem write_load_article(struct write *write, struct article_stored *out);

/* An article that is there, as GET shows it. */
MUST_CHECK enum problem write_shape_article(struct write *write, int64_t id, json_t **out);

/* If-Match and If-None-Match against what is there: PRECONDITION_REQUIRED, PRECONDITION_FAILED. */
MUST_CHECK enum problem write_check_match(struct write *write, const struct write_article *article);

/* If-None-Match: * was sent: only what is not there yet may be written. */
bool write_is_create_only(const struct write *write);

/* The answers; `status` 200 or 201. A 201 says `location`, too. A minimal one has no body. */
MUST_CHECK enum problem write_reply_article(struct write *write, unsigned status, int64_t id,
                                            int64_t version);
MUST_CHECK enum problem write_reply_paragraph(struct write *write, unsigned status,
                                              int64_t paragraph_id, int64_t version);
MUST_CHECK enum problem write_reply_json(struct write *write, unsigned status, json_t *json,
                                         enum param_id fields_id);
/* 204; `version`: of the article that is left, 0 = there is none. */
MUST_CHECK enum problem write_reply_nothing(struct write *write, int64_t version);

/* INVALID when something was said. */
MUST_CHECK enum problem write_check_errors(const struct write *write);

/* Says, of each member of `given` that is not in `own` (NULL-ended), that it is not known here, or
 * that it differs from `current`, the thing as it is read; NULL: there is none yet. What the server
 * decides may be sent back as it was read. */
void write_check_members(struct write *write, const json_t *given, const char *const *own,
                         const json_t *current);

/* A value as part of an article that is good in all else; as the name of a tag; as the slug of a
 * `kind`. What is wrong is said of `pointer` and is no problem yet. */
MUST_CHECK enum problem write_check_part(struct write *write, const struct article *probe,
                                         const char *pointer);
MUST_CHECK enum problem write_check_tag(struct write *write, struct span name, const char *pointer);
MUST_CHECK enum problem write_check_slug(struct write *write, struct span slug, const char *kind,
                                         const char *pointer);

/* What no single value breaks may break the whole: too many, too long, none left. INVALID with a
 * sentence. */
MUST_CHECK enum problem write_check_whole(struct write *write, const struct article *article);

#endif
