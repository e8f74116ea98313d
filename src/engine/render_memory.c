/* render_memory.c: jansson's memory, taken from the arena of the request that this thread serves.
 */
#include <stdlib.h>

#include "engine/render.h"

/* Thread-local because jansson's allocator takes no context, and each worker serves one request at
 * a time. NULL outside of render_begin() and render_end(): then jansson has the heap. */
static _Thread_local struct arena *current_arena;

static void *allocate(size_t bytes) {
    return current_arena != NULL ? arena_alloc(current_arena, bytes) : malloc(bytes);
}

/* Inside, nothing is freed one by one: the arena is given back whole. */
static void release(void *pointer) {
    if (current_arena == NULL)
        free(pointer);
}

void render_setup(void) {
    json_set_alloc_funcs(allocate, release);
    json_object_seed(0);
}

void render_begin(struct arena *arena) {
    current_arena = arena;
}

void render_end(void) {
    current_arena = NULL;
}
