/* response_kept.h: one response of the library that is used again and again. A 304 has no body, and
 * its head says for most requests what it said for the last one: only the fields that differ are
 * taken out and put in anew, where a response of its own costs three allocations a field (a fifth
 * of the time of a 304).
 *
 * The library writes the head of a reply before it looks at another connection, so a response that
 * is changed between two replies changes neither. That is so in the releases that
 * head_read_layout_is_known() knows, and tests/wire proves it; elsewhere nothing is kept. */
#ifndef PILCROW_WIRE_RESPONSE_KEPT_H
#define PILCROW_WIRE_RESPONSE_KEPT_H

#include <microhttpd.h>

#include "engine/reply.h"

enum { RESPONSE_KEPT_VALUE_BYTES = 256 };

/* All zeros = nothing is kept yet. One worker's. */
struct response_kept {
    struct MHD_Response *response;
    size_t field_count;
    const char *names[REPLY_FIELDS_MAX];
    char values[REPLY_FIELDS_MAX][RESPONSE_KEPT_VALUE_BYTES];
};

/* A response without a body and with the fields of `reply`, until the next call; NULL when it
 * cannot be had (a value that is too long, no memory). The response stays the keeper's. */
struct MHD_Response *response_kept_set(struct response_kept *kept, const struct reply *reply);

void response_kept_fini(struct response_kept *kept);

#endif
