/* moved.h: what a path names that is not there any more: something with another address now, or an
 * article that was deleted. */
#ifndef PILCROW_SURFACE_MOVED_H
#define PILCROW_SURFACE_MOVED_H

#include <stdbool.h>

#include "engine/reply.h"
#include "engine/request.h"

/* Of a request whose handler found nothing, in a read transaction. *is_answered: the reply is a 308
 * to the new address (with the rest of the path, its suffix and the query), or a 410 with what is
 * left. */
MUST_CHECK enum problem moved_answer(struct request *request, struct reply *reply,
                                     bool *is_answered);

#endif
