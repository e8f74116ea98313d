/* routes.h: THE table of what is served. src/surface/routes.c holds it; from it come dispatch,
 * 404, 405 with Allow, HEAD, OPTIONS, the index at /v1, and the table in README.md. */
#ifndef PILCROW_SURFACE_ROUTES_H
#define PILCROW_SURFACE_ROUTES_H

#include "engine/router.h"

extern const struct route routes[];
extern const size_t routes_count;

#endif
