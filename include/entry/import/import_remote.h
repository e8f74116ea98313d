/* import_remote.h: articles sent to a running server, a few hundred with each POST /v1/import, so
 * that what was refused and how far it is are said as the work is done, and what was counted is in
 * when the rest is not. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_REMOTE_H
#define PILCROW_ENTRY_IMPORT_IMPORT_REMOTE_H

#include "domain/articles/article.h"
#include "domain/import/import.h"
#include "domain/import/import_seen.h"
#include "entry/import/import_link.h"
#include "entry/import/import_report.h"
#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/hash.h"
#include "ground/problem.h"

enum { IMPORT_REMOTE_ITEMS = 500, IMPORT_REMOTE_BYTES = 4 * 1024 * 1024 };

/* Where a line of the body came from, and what article it is. */
struct import_remote_item {
    const char *path; /* borrowed until the end */
    size_t line;      /* 0 = a file of its own */
    int64_t identity;
    char content[HASH_TEXT_BYTES];
    bool is_refused;
};

struct import_remote {
    struct import_link link;
    struct import_report *report; /* borrowed: what the server refuses goes there */
    struct arena scratch;
    struct buffer body; /* what is not sent yet */
    struct import_remote_item items[IMPORT_REMOTE_ITEMS];
    size_t item_count;
    struct import_seen sent; /* of requests before this one: identity, content and path */
    size_t answers;          /* requests that were answered */
    struct import_totals totals;
};

/* Connects. BAD_PARAMETER: the URL or the token's file; others: what the system said. Whatever
 * comes back, import_remote_close() follows. */
MUST_CHECK enum problem import_remote_open(struct import_remote *remote,
                                           const struct config *config,
                                           struct import_report *report, struct fault *fault);
void import_remote_close(struct import_remote *remote);

/* CONFLICT: the article is refused here, as the server does it within one request. */
MUST_CHECK enum problem import_remote_add(struct import_remote *remote,
                                          const struct article *article, const char *path,
                                          size_t line, struct fault *fault);

/* Sends what is left. remote->totals are the sums of what was answered, whatever comes back. */
MUST_CHECK enum problem import_remote_end(struct import_remote *remote, struct fault *fault);

#endif
