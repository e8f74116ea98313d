/* serve.h: one request into one reply. The only place where a problem becomes an answer. Knows no
 * socket: the wire calls it, and tests and fuzzers call it the same way. */
#ifndef PILCROW_SURFACE_SERVE_H
#define PILCROW_SURFACE_SERVE_H

#include "engine/reply.h"
#include "engine/request.h"

/* `request` has its wire part set, and is_routed false unless serve_head() was called for it. Never
 * fails: whatever happens becomes a reply.
 *
 * A handler is called between render_begin() and render_end(). Where its row has a validator that
 * reads the store (SEQ, ARTICLE) it is called inside one read transaction, request->seq is known
 * and the ETag is set already; otherwise no transaction is begun, and what the handler begins is
 * ended for it. When the article of an ARTICLE row does not exist, the handler is called to say
 * so. */
void serve(struct request *request, struct reply *reply);

/* Of a request with a body, when its head is there: which route it goes to, who sends it and
 * whether they may, so that a refusal needs no body. PROBLEM_NONE: request->match.route->body says
 * what the wire does with the body, and serve() goes on from here. Otherwise serve_refusal()
 * answers. */
MUST_CHECK enum problem serve_head(struct request *request);

/* The reply to a request that the wire or serve_head() refuses (bad framing, too large, not
 * allowed): nothing more is parsed but the target of an unknown method, request->fault may say
 * why. What serve() fills was either filled by serve_head() or is empty. */
void serve_refusal(struct request *request, struct reply *reply, enum problem problem);

#endif
