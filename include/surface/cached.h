/* cached.h: what of the answers is kept in the worker's cache (engine/cache.h), and when one of
 * those is the answer. */
#ifndef PILCROW_SURFACE_CACHED_H
#define PILCROW_SURFACE_CACHED_H

#include "engine/reply.h"
#include "engine/request.h"

/* Fills the reply from the cache; false when it has nothing. Before anything of the request was
 * looked at but its method and target. */
bool cached_find(struct request *request, struct reply *reply);

/* Keeps the reply where it may be given to others. After the line, when its transaction ended. */
void cached_keep(struct request *request, struct reply *reply);

#endif
