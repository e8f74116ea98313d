/* write_repeat.h: requests with an Idempotency-Key; for write.c. The answer is kept in the same
 * transaction as its effect, for a day, under the token that sent it. */
#ifndef PILCROW_SURFACE_WRITING_WRITE_REPEAT_H
#define PILCROW_SURFACE_WRITING_WRITE_REPEAT_H

#include "surface/writing/write.h"

enum { WRITE_REPEAT_S = 24 * 60 * 60 };

/* When the same request was answered before, the same answer, and *is_done. INVALID when the key
 * was used for another request. */
MUST_CHECK enum problem write_repeat_find(struct write *write, bool *is_done);

/* Keeps the answer; takes a few old ones away. Nothing is done for a request without a key. */
MUST_CHECK enum problem write_repeat_keep(struct write *write);

#endif
