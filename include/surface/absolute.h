/* absolute.h: addresses with scheme and host, for forms that are read away from this server: feeds
 * and JSON-LD. Everywhere else addresses are relative.
 *
 * The operator says where the server is reached (--public-url). Without that it is the Host of the
 * request, which whoever asks makes up: such an answer is kept by no cache but its sender's own,
 * and its ETag holds the Host. */
#ifndef PILCROW_SURFACE_ABSOLUTE_H
#define PILCROW_SURFACE_ABSOLUTE_H

#include <stdbool.h>

#include "engine/request.h"

/* Whether the answer of a request, whose parameters are read, holds the Host that it sent. */
bool absolute_is_of_host(const struct request *request);

/* "https://news.example", without a slash at its end; in the arena or the settings. BAD_HEAD when
 * nobody says it. */
MUST_CHECK enum problem absolute_base(struct request *request, struct span *base);

/* base + address, in the arena; .at NULL when there is no address, or no memory. */
struct span absolute_join(struct arena *arena, struct span base, struct span address);

#endif
