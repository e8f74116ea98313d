/* body.h: what becomes of the body of a request: counted and dropped, collected for the handler, or
 * passed on in pieces, as the route's row says. */
#ifndef PILCROW_WIRE_BODY_H
#define PILCROW_WIRE_BODY_H

#include "exchange.h"
#include "head.h"

/* After serve_head(): BODY_TOO_LARGE when the head says so already. */
MUST_CHECK enum problem body_begin(struct exchange *x, const struct head *head);

/* Takes the next piece. False: the sender goes on with what nobody wants; the connection must be
 * cut. */
MUST_CHECK bool body_take(struct exchange *x, struct span piece);

/* All of it has come: what stands in the way of an answer, or the body lies in the request. */
MUST_CHECK enum problem body_end(struct exchange *x);

#endif
