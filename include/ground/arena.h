/* arena.h: memory that is given back all at once. One arena serves one request or one article; what
 * is allocated from it lives until arena_reset() or arena_fini(). Not shared between threads. */
#ifndef PILCROW_GROUND_ARENA_H
#define PILCROW_GROUND_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/buffer.h"
#include "ground/span.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;
    char *end;
    size_t held_bytes;  /* sum of the blocks */
    size_t limit_bytes; /* more than this is refused */
    bool has_failed;    /* something was refused since arena_init() or arena_reset() */
};

/* A place in an arena, until it is reset. */
struct arena_mark {
    struct arena_block *block;
    char *next;
};

void arena_init(struct arena *arena, size_t limit_bytes);
void arena_fini(struct arena *arena);

/* Everything allocated is invalid afterwards; one block is kept for the next round. */
void arena_reset(struct arena *arena);

struct arena_mark arena_mark(const struct arena *arena);

/* What was allocated since the mark was made is invalid afterwards; its blocks are freed. */
void arena_rewind(struct arena *arena, const struct arena_mark *mark);

/* 16-byte aligned, not zeroed; NULL when memory or the limit is exhausted. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* Whether `pointer` was allocated from this arena and is still valid. */
bool arena_holds(const struct arena *arena, const void *pointer);

/* A copy with a NUL after it that `bytes` does not count; .at is NULL when there is no memory. */
struct span arena_copy(struct arena *arena, struct span span);

/* The same of what was written into a buffer, which is freed whatever comes of it; .at is NULL also
 * when the buffer has failed. */
struct span arena_take_buffer(struct arena *arena, struct buffer *buffer);

#endif
