/* import_remote.h: articles sent to a running server, as one POST /v1/import that is a stream. The
 * server answers when it has all of them; until then it is known only that they were sent. */
#ifndef PILCROW_ENTRY_IMPORT_REMOTE_H
#define PILCROW_ENTRY_IMPORT_REMOTE_H

#include "domain/article.h"
#include "domain/import.h"
#include "entry/http_client.h"
#include "entry/import_report.h"
#include "ground/config.h"
#include "ground/fault.h"
#include "ground/problem.h"

/* Where a line of the body came from. */
struct import_remote_item {
    const char *path; /* borrowed until the end */
    size_t line;      /* 0 = a file of its own */
};

struct import_remote {
    int descriptor;
    struct http_endpoint endpoint;
    struct http_reply reply;
    struct buffer piece; /* what is not sent yet */
    struct import_remote_item *items;
    size_t item_count, item_room;
};

/* Connects, sends the head with the token, and waits until the server wants the rest, so that a
 * refusal costs nothing. BAD_PARAMETER: the URL or the token's file; others: what the server or the
 * system said. Whatever comes back, import_remote_close() follows. */
MUST_CHECK enum problem import_remote_open(struct import_remote *remote,
                                           const struct config *config, struct fault *fault);
void import_remote_close(struct import_remote *remote);

MUST_CHECK enum problem import_remote_add(struct import_remote *remote,
                                          const struct article *article, const char *path,
                                          size_t line, struct fault *fault);

/* Ends the stream and reads the answer: refusals go to the report, the sums to `totals`. */
MUST_CHECK enum problem import_remote_end(struct import_remote *remote,
                                          struct import_report *report,
                                          struct import_totals *totals, struct fault *fault);

#endif
