/* authorize.h: whether a request may do what its route does: the token, what it allows, and how
 * often its sender may ask. Every route passes through here, by the scope in its row.
 *
 * What it costs to try tokens: each one that is none counts against its address, ten a
 * minute, then 429. A good token from that address goes on: 256 random bits are not guessed,
 * and behind one address there may be a whole newsroom. */
#ifndef PILCROW_SURFACE_AUTHORIZE_H
#define PILCROW_SURFACE_AUTHORIZE_H

#include "engine/request.h"
#include "ground/problem.h"

/* After the route was found (OPTIONS has none and passes). Called again for one request it
 * says the same and counts nothing. UNAUTHORIZED, FORBIDDEN or TOO_MANY_REQUESTS, with
 * request->access and request->fault saying why; sets request->token_id. */
MUST_CHECK enum problem authorize(struct request *request);

#endif
