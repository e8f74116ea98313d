/* response_cached.h: finished answers as the library's responses: what the worker's cache keeps
 * (engine/cache.h). Each has all its fields but X-Request-Id, which is changed before it is sent.
 *
 * That a response may be changed while another connection still sends the body of the same one
 * rests on what response_kept.h says: heads are written at once. The library counts who uses a
 * response, so one that the cache has freed lives until the last slow reader has gone. */
#ifndef PILCROW_WIRE_RESPONSE_CACHED_H
#define PILCROW_WIRE_RESPONSE_CACHED_H

#include <microhttpd.h>

#include "engine/cache.h"
#include "engine/reply.h"

extern const struct cache_owner response_cached_owner;

/* The response of `made`, with the id of this request; borrowed until the cache is used again. */
struct MHD_Response *response_cached_use(void *made, const char *request_id);

#endif
