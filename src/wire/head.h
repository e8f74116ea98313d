/* head.h: one request head as libmicrohttpd hands it over, and the audit that decides whether it
 * can be trusted. The audit exists because libmicrohttpd before 1.0.5 accepts heads that two
 * parsers read differently (two lengths, folded lines, bare line feeds, NUL): what is refused here
 * can smuggle nothing. Pure: knows no socket, borrows every byte. */
#ifndef PILCROW_WIRE_HEAD_H
#define PILCROW_WIRE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/router.h"
#include "ground/arena.h"
#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

struct head_field {
    struct span name;
    struct span value;
};

/* The fields that the wire itself understands, and those that it passes on. */
enum head_known {
    HEAD_HOST,
    HEAD_TRANSFER_ENCODING,
    HEAD_CONTENT_LENGTH,
    HEAD_EXPECT,
    HEAD_IF_NONE_MATCH,
    HEAD_CONTENT_TYPE,
    HEAD_CONTENT_ENCODING,
    HEAD_IF_MATCH,
    HEAD_IDEMPOTENCY_KEY,
    HEAD_PREFER,
    HEAD_AUTHORIZATION,
    HEAD_RANGE,
    HEAD_IF_RANGE,
    HEAD_LAST_EVENT_ID,
    HEAD_X_FORWARDED_FOR,
    HEAD_ACCEPT_ENCODING,
    HEAD_IF_MODIFIED_SINCE,
    HEAD_KNOWN_COUNT,
};

struct head {
    struct span method;
    struct span target; /* where the library holds it; its bytes may have been decoded since */
    struct span version;
    struct head_field fields[LIMIT_HEAD_FIELDS];
    size_t field_count;     /* of the head; only the first LIMIT_HEAD_FIELDS are kept */
    size_t bytes;           /* of the head as sent, first byte to last line end */
    struct span raw_target; /* our own copy of it; .at NULL = not to be looked at */
    bool checks_layout;     /* whether where the bytes lie in memory tells how the lines ended */

    struct span known[HEAD_KNOWN_COUNT]; /* first value of each; .at NULL = absent */
    unsigned known_count[HEAD_KNOWN_COUNT];

    /* Found by head_audit(). */
    bool is_chunked;
    uint64_t content_length;
};

/* A head without fields. `target` is the raw target's place and length as first seen. */
void head_init(struct head *head, struct span method, struct span target, struct span version);

void head_add(struct head *head, struct span name, struct span value);

/* PROBLEM_NONE, or why the request must be refused and its connection closed. */
MUST_CHECK enum problem head_audit(struct head *head, enum method method, struct fault *fault);

/* Whether the bytes lie as libmicrohttpd 0.9.75 leaves them after a head of CRLF lines without
 * folding and without NUL: each line end is two zeros and the next field follows at once. */
bool head_layout_is_plain(const struct head *head);

/* Whether a route that takes no stream can take the body; a chunked one says its length later. */
MUST_CHECK enum problem head_check_body_size(const struct head *head, uint64_t limit_bytes,
                                             struct fault *fault);

/* All values of a field, joined with ", ". False when there was no memory; .at NULL when there is
 * none. */
MUST_CHECK bool head_join(const struct head *head, enum head_known known, struct arena *arena,
                          struct span *joined);

static inline bool head_has_body(const struct head *head) {
    return head->is_chunked || head->content_length > 0;
}

#endif
