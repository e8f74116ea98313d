/* serve.h: one request into one reply. The only place where a problem becomes an answer. Knows no
 * socket: the wire calls it, and tests and fuzzers call it the same way. */
#ifndef PILCROW_SURFACE_SERVE_H
#define PILCROW_SURFACE_SERVE_H

#include "engine/reply.h"
#include "engine/request.h"

/* `request` has its wire part set. Never fails: whatever happens becomes a reply. */
void serve(struct request *request, struct reply *reply);

/* The reply to a request whose head the wire refuses (bad framing, too large, not implemented): nothing
 * is parsed, request->fault may say why. */
void serve_refusal(struct request *request, struct reply *reply, enum problem problem);

#endif
