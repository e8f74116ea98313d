/* reply.h: an answer, ready for the wire: status, fields, bytes. It knows nothing of the library that
 * sends it. The struct and its body buffer belong to the wire, which reuses them. */
#ifndef PILCROW_ENGINE_REPLY_H
#define PILCROW_ENGINE_REPLY_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/request.h"
#include "ground/buffer.h"
#include "ground/problem.h"

enum { REPLY_FIELDS_MAX = 24 };

struct reply_field {
    const char *name;             /* static */
    const char *value;            /* static or in the request's arena */
};

struct reply {
    unsigned status;
    struct buffer body;
    struct reply_field fields[REPLY_FIELDS_MAX];
    size_t field_count;
    enum problem problem;         /* for the log */
};

/* status 0, no fields, body cleared. */
void reply_clear(struct reply *reply);

/* Adds a field; value NULL (out of memory while it was made) adds nothing. */
void reply_field(struct reply *reply, const char *name, const char *value);

/* 200 with `json` as application/json; prunes by the `fields` parameter `fields_id` (PARAM_ID_COUNT =
 * none) and obeys `pretty`. `json` lives in the request's arena and is not decref'd; NULL = OUT_OF_MEMORY. */
MUST_CHECK enum problem reply_json(struct request *request, struct reply *reply, json_t *json,
                                   enum param_id fields_id);

/* 200 with what the handler appended to reply->body. */
MUST_CHECK enum problem reply_text(struct reply *reply, const char *content_type);

/* Turns a problem into an RFC 9457 answer with request->fault as its detail; needs no allocation that
 * may fail unnoticed: when memory is out, a static body is sent. Clears what was there before. */
void reply_problem(struct request *request, struct reply *reply, enum problem problem);

/* The fields that every answer carries (nosniff, CSP, CORS, X-Request-Id, X-Seq), and Cache-Control. */
void reply_common(struct request *request, struct reply *reply);

#endif
