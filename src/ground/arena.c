/* arena.c: blocks that double up to a bound, freed together. */
#include "ground/arena.h"

#include <stdint.h>
#include <stdlib.h>

struct arena_block {
    struct arena_block *older;
    size_t bytes; /* of `data` */
    _Alignas(16) char data[];
};

enum {
    FIRST_BLOCK_BYTES = 16 * 1024,
    LARGEST_BLOCK_BYTES = 1024 * 1024,
    KEPT_BLOCK_BYTES =
        64 * 1024, /* a larger block is given back on reset: idle memory stays small */
};

void arena_init(struct arena *arena, size_t limit_bytes) {
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void free_blocks(struct arena_block *block) {
    while (block != NULL) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_fini(struct arena *arena) {
    free_blocks(arena->blocks);
    arena_init(arena, arena->limit_bytes);
}

void arena_reset(struct arena *arena) {
    struct arena_block *kept = NULL;
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *older = block->older;
        if (kept == NULL && block->bytes <= KEPT_BLOCK_BYTES)
            kept = block;
        else
            free(block);
        block = older;
    }
    arena->has_failed = false;
    arena->blocks = kept;
    arena->next = kept == NULL ? NULL : kept->data;
    arena->end = kept == NULL ? NULL : kept->data + kept->bytes;
    arena->held_bytes = kept == NULL ? 0 : kept->bytes;
    if (kept != NULL)
        kept->older = NULL;
}

struct arena_mark arena_mark(const struct arena *arena) {
    return (struct arena_mark){arena->blocks, arena->next};
}

void arena_rewind(struct arena *arena, const struct arena_mark *mark) {
    while (arena->blocks != mark->block) {
        struct arena_block *newest = arena->blocks;
        arena->blocks = newest->older;
        arena->held_bytes -= newest->bytes;
        free(newest);
    }
    arena->next = mark->next;
    arena->end = mark->block == NULL ? NULL : mark->block->data + mark->block->bytes;
}

static bool add_block(struct arena *arena, size_t bytes) {
    size_t wanted = arena->blocks == NULL ? FIRST_BLOCK_BYTES : arena->blocks->bytes * 2;
    if (wanted > LARGEST_BLOCK_BYTES)
        wanted = LARGEST_BLOCK_BYTES;
    if (wanted < bytes)
        wanted = bytes;
    size_t left = arena->limit_bytes - arena->held_bytes;
    if (bytes > left)
        return false;
    if (wanted > left)
        wanted = left; /* the last block takes what the limit leaves */
    struct arena_block *block = malloc(sizeof *block + wanted);
    if (block == NULL)
        return false;
    block->older = arena->blocks;
    block->bytes = wanted;
    arena->blocks = block;
    arena->next = block->data;
    arena->end = block->data + wanted;
    arena->held_bytes += wanted;
    return true;
}

static void *refuse(struct arena *arena) {
    arena->has_failed = true;
    return NULL;
}

void *arena_alloc(struct arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX / 2)
        return refuse(arena);
    size_t rounded = bytes == 0 ? 16 : (bytes + 15) & ~(size_t)15;
    if ((size_t)(arena->end - arena->next) < rounded && !add_block(arena, rounded))
        return refuse(arena);
    void *result = arena->next;
    arena->next += rounded;
    return result;
}

bool arena_holds(const struct arena *arena, const void *pointer) {
    /* As numbers, because only pointers into one object may be compared. */
    uintptr_t p = (uintptr_t)pointer;
    for (const struct arena_block *b = arena->blocks; b != NULL; b = b->older) {
        if (p >= (uintptr_t)b->data && p - (uintptr_t)b->data < b->bytes)
            return true;
    }
    return false;
}

struct span arena_copy(struct arena *arena, struct span span) {
    char *copy = arena_alloc(arena, span.bytes + 1);
    if (copy == NULL)
        return (struct span){NULL, 0};
    if (span.bytes > 0)
        memcpy(copy, span.at, span.bytes);
    copy[span.bytes] = '\0';
    return (struct span){copy, span.bytes};
}

struct span arena_take_buffer(struct arena *arena, struct buffer *buffer) {
    struct span copy = {NULL, 0};
    if (!buffer->failed)
        copy = arena_copy(arena, buffer_span(buffer));
    buffer_fini(buffer);
    return copy;
}
