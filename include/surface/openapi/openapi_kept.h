/* openapi_kept.h: texts that depend on the program alone and take long to make: made when they are
 * first asked for, and kept until the process ends. */
#ifndef PILCROW_SURFACE_OPENAPI_OPENAPI_KEPT_H
#define PILCROW_SURFACE_OPENAPI_OPENAPI_KEPT_H

#include "engine/reply.h"
#include "engine/request.h"

enum openapi_kept {
    OPENAPI_KEPT_DOCUMENT,
    OPENAPI_KEPT_PRETTY,
    OPENAPI_KEPT_PAGE,
    OPENAPI_KEPT_COUNT
};

/* Appends the text; what it has not made when memory is out is told by out->failed. */
typedef void openapi_maker(struct request *request, struct buffer *out);

/* Answers 200 with the kept text, which `make` makes when it is not there yet. */
MUST_CHECK enum problem openapi_kept_reply(struct request *request, struct reply *reply,
                                           enum openapi_kept which, openapi_maker *make,
                                           const char *content_type);

#endif
