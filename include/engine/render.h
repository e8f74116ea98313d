/* render.h: rows into JSON, JSON into bytes. Column name = key, column type = JSON type.
 *
 * JSON values are jansson's, made in the arena of the request: jansson's allocator is pointed at
 * it between render_begin() and render_end() on this thread, and nothing made in between is
 * decref'd. Constructors return NULL when memory is out, and take NULL quietly, so one check at
 * the end is enough.
 *
 * render_write() is our own, because json_dump_callback() took 36 of the 45 us that a whole
 * article cost: it proves every character again and formats each container's address to detect
 * loops. Its bytes are those of json_dumps(JSON_COMPACT), reals with fifteen digits (0.1, not
 * 0.10000000000000001), which a test compares over everything it
 * can make. */
#ifndef PILCROW_ENGINE_RENDER_H
#define PILCROW_ENGINE_RENDER_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/buffer.h"
#include "ground/span.h"

/* Once per process, before any thread: points jansson's allocator here and seeds its hash. */
void render_setup(void);

void render_begin(struct arena *arena);
void render_end(void);

/* A JSON string from bytes that are known to be UTF-8 (the store's, or checked input). */
json_t *render_text(struct span text);

/* Adds key: value to an object; either may be NULL. False when memory is out. Keys are
 * constants. */
bool render_set(json_t *object, const char *key, json_t *value);

/* The current row as an object. */
json_t *render_row(const struct rows *rows);

/* All rows that are left as an array; *problem gets what rows_end() says. */
json_t *render_rows(struct rows *rows, enum problem *problem);

/* What is told of a real number. */
enum { RENDER_REAL_DIGITS = 15 };

/* Keeps only the members named by dotted paths ("id", "tags.slug"); arrays are looked through. */
void render_prune(json_t *json, const struct span *fields, size_t field_count);

/* Appends compact JSON, or indented by two spaces and ended by a line feed. */
void render_write(const json_t *json, bool is_pretty, struct buffer *out);

/* The same of a value that stands inside others, `depth` of them; without the line feed. */
void render_write_inside(const json_t *json, bool is_pretty, size_t depth, struct buffer *out);

#endif
