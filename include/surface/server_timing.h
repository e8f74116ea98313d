/* server_timing.h: the Server-Timing field (W3C), when the operator wants it: how long the store,
 * making the answer, and all of it took. Off unless it is asked for: it tells strangers how long
 * the store takes, and so what there is in it. Off, it costs one comparison. */
#ifndef PILCROW_SURFACE_SERVER_TIMING_H
#define PILCROW_SURFACE_SERVER_TIMING_H

#include "engine/reply.h"
#include "engine/request.h"

static inline bool server_timing_is_on(const struct request *request) {
    return request->service->config->server_timing == CONFIG_SERVER_TIMING_ON;
}

/* When serve() begins. */
void server_timing_begin(struct request *request);

/* Calls the handler of the request's row. */
MUST_CHECK enum problem server_timing_call(struct request *request, struct reply *reply);

/* What all answers say of it: who may read the field. */
void server_timing_open(const struct request *request, struct reply *reply);

/* What an answer out of the cache says of itself: it is ready before anything can be measured. */
#define SERVER_TIMING_KEPT "cache;desc=hit"

/* What was measured, of an answer that was made for this request. */
void server_timing_measure(const struct request *request, struct reply *reply);

#endif
