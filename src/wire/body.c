/* body.c: see body.h.
 *
 * The library takes no reply in the middle of a body. What is refused there is read for a while
 * longer, so that its sender hears the answer, and then cut short. */
#include "body.h"

#include "connection.h"
#include "head.h"

enum { OVERRUN_BYTES = 1024 * 1024 };

enum problem body_begin(struct exchange *x, const struct head *head) {
    const struct route *route = x->request.match.route;
    x->body_use = route == NULL ? ROUTE_BODY_NONE : route->body;
    x->body_limit = x->body_use == ROUTE_BODY_STREAM ? UINT64_MAX : LIMIT_BODY_BYTES;
    if (x->request.match.is_query) {
        x->body_use = ROUTE_BODY_WHOLE;
        x->body_limit = LIMIT_FORM_BYTES;
    }
    if (x->body_use == ROUTE_BODY_STREAM)
        return PROBLEM_NONE;
    return head_check_body_size(head, x->body_limit, &x->request.fault);
}

/* From its first problem on a stream is dropped, and the connection is of no further use: what
 * follows may be long. */
static void pass_on(struct exchange *x, struct span piece) {
    struct request *request = &x->request;
    if (request->stream_problem != PROBLEM_NONE)
        return;
    request->stream_problem = request->match.route->take(request, piece);
    if (request->stream_problem == PROBLEM_NONE)
        return;
    x->body_limit = x->body_bytes;
    x->closes = true;
}

bool body_take(struct exchange *x, struct span piece) {
    x->body_bytes += piece.bytes;
    x->connection->body_bytes = x->body_bytes;
    if (x->body_use == ROUTE_BODY_STREAM)
        pass_on(x, piece);
    else if (x->body_use == ROUTE_BODY_WHOLE && x->body_bytes <= x->body_limit)
        buffer_append_span(&x->body, piece);
    return x->body_bytes <= x->body_limit || x->body_bytes - x->body_limit <= OVERRUN_BYTES;
}

enum problem body_end(struct exchange *x) {
    if (x->body_use == ROUTE_BODY_STREAM)
        return PROBLEM_NONE;
    if (x->body_bytes > x->body_limit) {
        fault_set(&x->request.fault, "the request body has more than %d bytes", (int)x->body_limit);
        return PROBLEM_BODY_TOO_LARGE;
    }
    if (x->body.failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (x->body.used > 0)
        x->request.body = buffer_span(&x->body);
    return PROBLEM_NONE;
}
