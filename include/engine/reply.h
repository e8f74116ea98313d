/* reply.h: an answer, ready for the wire: status, fields, bytes. It knows nothing of the library
 * that sends it. The struct and its body buffer belong to the wire, which reuses them. */
#ifndef PILCROW_ENGINE_REPLY_H
#define PILCROW_ENGINE_REPLY_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/request.h"
#include "ground/buffer.h"
#include "ground/problem.h"

enum { REPLY_FIELDS_MAX = 24 };

struct reply_field {
    const char *name;  /* static */
    const char *value; /* static or in the request's arena */
};

enum { REPLY_SOURCE_LATER = -2 };

/* Bytes that are made while they are sent: an export, a file. */
struct reply_source {
    /* Up to `room` bytes into `out`: how many; 0 = the end; -1 = broken off (the connection is cut,
     * so that the client sees that it is not whole); REPLY_SOURCE_LATER = none are there yet: it is
     * asked again, soon. */
    int64_t (*read)(void *state, char *out, size_t room);
    void (*free)(void *state); /* may be NULL; called once, whatever happens */
    void *state;
    int64_t bytes; /* how many in all; -1 = not known (chunked) */
};

struct reply {
    unsigned status;
    struct buffer body;
    struct reply_source source; /* sent instead of `body` when .read is not NULL */
    struct span body_static;    /* sent instead of `body` when .at is not NULL: needs no memory */
    struct reply_field fields[REPLY_FIELDS_MAX];
    size_t field_count;
    enum coding coding;   /* of body or source; of a 304, of what is unchanged */
    void *cached;         /* when not NULL: this is sent, which the wire made of an equal reply (its
                   * cache_owner); body_static is its body then, and fields may be none */
    enum problem problem; /* for the log */
    const struct route *route; /* that made what the cache keeps, for who counts; or NULL */
};

/* status 0, no fields, body cleared, source freed, nothing cached. */
void reply_clear(struct reply *reply);

/* When the source is not, or no longer, wanted; without one this does nothing. */
void reply_source_free(struct reply *reply);

/* The bytes to send. */
static inline struct span reply_body(const struct reply *reply) {
    return reply->body_static.at != NULL ? reply->body_static : buffer_span(&reply->body);
}

/* Adds a field; value NULL (out of memory while it was made) adds nothing. */
void reply_field(struct reply *reply, const char *name, const char *value);

/* The first field so named, spelt as it was added; NULL = none. */
struct reply_field *reply_field_find(struct reply *reply, const char *name);

/* Takes the first field so named out, if there is one; the others keep their order. */
void reply_field_drop(struct reply *reply, const char *name);

/* 200 with `json` as application/json; keeps the members that the `fields` parameter `fields_id`
 * names (PARAM_ID_COUNT = all), of a list the members of each item of "data"; obeys `pretty`.
 * `json` lives in the request's arena and is not decref'd; NULL = OUT_OF_MEMORY. */
MUST_CHECK enum problem reply_json(struct request *request, struct reply *reply, json_t *json,
                                   enum param_id fields_id);

/* 200 with what the handler appended to reply->body. */
MUST_CHECK enum problem reply_text(struct reply *reply, const char *content_type);

/* Turns a problem into an RFC 9457 answer with request->fault as its detail; when memory is out, a
 * static body is sent. Clears what was there before. Between render_begin() and render_end(). */
void reply_problem(struct request *request, struct reply *reply, enum problem problem);

/* The same with members of its own beside the standard ones (RFC 9457, 3.2): what is left of a
 * thing that is gone. `more` may be NULL. */
void reply_problem_with(struct request *request, struct reply *reply, enum problem problem,
                        json_t *more);

/* The fields that every answer carries: Cache-Control, CORS, X-Seq, and but for a 304 nosniff, CSP
 * and X-Request-Id. */
void reply_common(struct request *request, struct reply *reply);

#endif
