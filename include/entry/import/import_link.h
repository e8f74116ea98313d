/* import_link.h: the connection to a running server over which an import goes, one request after
 * the other. One that the server closed in between is made anew; a server that has no time is asked
 * again. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_LINK_H
#define PILCROW_ENTRY_IMPORT_IMPORT_LINK_H

#include "entry/http_client.h"
#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/problem.h"

enum { IMPORT_LINK_TOKEN_BYTES = 256 };

struct import_link {
    const struct config *config; /* borrowed */
    struct http_endpoint endpoint;
    char token[IMPORT_LINK_TOKEN_BYTES];
    struct http_stream stream;
    struct http_reply reply;
    bool is_used; /* the connection had a request before */
};

/* Reads URL and token and connects. BAD_PARAMETER: one of the two; others: what the system said.
 * Whatever comes back, import_link_close() follows. */
MUST_CHECK enum problem import_link_open(struct import_link *link, const struct config *config,
                                         struct fault *fault);
void import_link_close(struct import_link *link);

/* POST /v1/import with `body`, which is sent when the server wants it, so that a refusal costs
 * nothing. After PROBLEM_NONE link->reply gives the answer's body, to be read to its end. */
MUST_CHECK enum problem import_link_post(struct import_link *link, struct span body,
                                         struct fault *fault);

#endif
