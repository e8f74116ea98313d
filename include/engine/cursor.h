/* cursor.h: a place in a list, as opaque text: the sort keys of a row, the direction in which to
 * go on from it, and which list it belongs to. It names the row by its keys, so it stays good
 * while rows come and go. Pure. */
#ifndef PILCROW_ENGINE_CURSOR_H
#define PILCROW_ENGINE_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/store/store.h"
#include "ground/arena.h"
#include "ground/problem.h"
#include "ground/span.h"

/* Room for the longest key there is, the path of a section, in a target of 8 KiB. */
enum { CURSOR_KEYS_MAX = 5, CURSOR_BINARY_BYTES_MAX = 4608 };

struct cursor {
    uint64_t list; /* span_hash() of the list's address and normal query */
    bool is_backward;
    struct store_value keys[CURSOR_KEYS_MAX];
    size_t key_count;
};

/* NUL-terminated base64url in the arena; .at is NULL when memory is out or the keys are longer
 * than CURSOR_BINARY_BYTES_MAX. */
struct span cursor_print(const struct cursor *cursor, struct arena *arena);

/* False when `text` is not what cursor_print() gives for `key_count` keys of these types. Text
 * keys live in the arena. */
bool cursor_parse(struct span text, const enum store_type *key_types, size_t key_count,
                  struct arena *arena, struct cursor *out);

#endif
