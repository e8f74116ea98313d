/* conditional.h: what a client has already, before any query runs: If-None-Match against the ETag,
 * else If-Modified-Since against the date. */
#ifndef PILCROW_SURFACE_CONDITIONAL_H
#define PILCROW_SURFACE_CONDITIONAL_H

#include "engine/reply.h"
#include "engine/request.h"

/* Reads what the route's answers are valid for, notes the ETag in request->etag and in the reply,
 * and with it Last-Modified. *is_done: the client has these bytes, the reply says 304. */
MUST_CHECK enum problem conditional_check(struct request *request, struct reply *reply,
                                          bool *is_done);

/* After the handler: `If-None-Match: *` asks whether there is anything, which no seq knows; and
 * what was cut short is not to be asked for again as if it were whole. */
void conditional_finish(struct request *request, struct reply *reply);

#endif
