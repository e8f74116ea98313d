/* query_body.h: a query that stands in the body of a request and not in its target (RFC 10008): as
 * a form, the same pairs as behind the '?', for what GET answers; or of another type, for the row
 * that reads it (router_match.query_list). What stands in the target and what stands in the form
 * are one query. */
#ifndef PILCROW_SURFACE_QUERY_BODY_H
#define PILCROW_SURFACE_QUERY_BODY_H

#include "engine/reply.h"
#include "engine/request.h"

/* Of a request whose match is a query: by its Content-Type, which row answers it. Before its body
 * is there. UNSUPPORTED_MEDIA_TYPE names the types that would do. */
MUST_CHECK enum problem query_body_choose(struct request *request);

/* Takes the pairs of the form, when all of it is there, into request->target. */
MUST_CHECK enum problem query_body_take(struct request *request);

/* The fields of the answer: which types QUERY takes here, and after a query where GET answers the
 * same. */
void query_body_fields(const struct request *request, struct reply *reply);

#endif
