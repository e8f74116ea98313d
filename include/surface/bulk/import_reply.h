/* import_reply.h: what a server says to an import, read by the one who sent it: the other side of
 * import_answer.h. */
#ifndef PILCROW_SURFACE_BULK_IMPORT_REPLY_H
#define PILCROW_SURFACE_BULK_IMPORT_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/import/import.h"
#include "ground/span.h"

enum { IMPORT_REPLY_TEXT_BYTES = 600 };

enum import_reply_kind {
    IMPORT_REPLY_STRANGE, /* nothing that an import answers */
    IMPORT_REPLY_DONE,    /* an item that is in */
    IMPORT_REPLY_REFUSED, /* an item that is not: line, column, text */
    IMPORT_REPLY_SUMMARY, /* totals */
    IMPORT_REPLY_BROKEN,  /* the import came to a problem: text */
};

struct import_reply {
    enum import_reply_kind kind;
    size_t line, column; /* in the body that was sent; 0 = not said */
    char text[IMPORT_REPLY_TEXT_BYTES];
    struct import_totals totals;
};

void import_reply_parse(struct span line, struct import_reply *out);

/* The detail of a problem, "" when `body` is none. */
void import_reply_problem(struct span body, char text[IMPORT_REPLY_TEXT_BYTES]);

#endif
