/* write_head.h: what the head and the body of a write say; for write.c. */
#ifndef PILCROW_SURFACE_WRITING_WRITE_HEAD_H
#define PILCROW_SURFACE_WRITING_WRITE_HEAD_H

#include "surface/writing/write.h"

/* Reads Content-Type, Content-Encoding, Prefer, Idempotency-Key, and the body. */
MUST_CHECK enum problem write_head_read(struct write *write, unsigned types, bool may_lack);

#endif
