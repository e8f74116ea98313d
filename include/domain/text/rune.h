/* rune.h: what the domain asks about a Unicode character, and names folded into characters. */
#ifndef PILCROW_DOMAIN_TEXT_RUNE_H
#define PILCROW_DOMAIN_TEXT_RUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/arena.h"
#include "ground/span.h"

struct runes {
    int32_t *at;
    size_t count;
};

enum rune_marks { RUNE_KEEP_MARKS, RUNE_DROP_ACCENTS };

/* The characters of a name after NFKC and case folding, without invisible ones (soft hyphen, zero
 * width space). Text that is not UTF-8 has none. False when out of memory. */
bool rune_fold(struct span name, enum rune_marks marks, struct arena *arena, struct runes *out);

/* As UTF-8 with a NUL after it; .at is NULL when out of memory. */
struct span rune_encode(struct runes runes, struct arena *arena);

/* Appends one character at `out`, which has room for 4 bytes; returns how many it took. */
size_t rune_write(int32_t rune, char *out);

/* A letter or a number of any script. */
bool rune_is_word(int32_t rune);
bool rune_is_digit(int32_t rune);
bool rune_is_capital(int32_t rune);

/* A mark that belongs to the letter before it. Enclosing marks (keycaps, circles) are none: they
 * make symbols, not words. */
bool rune_is_mark(int32_t rune);

bool rune_is_apostrophe(int32_t rune);
bool rune_is_hyphen(int32_t rune);

/* White space of any width, no-break space and byte order mark (inside text: a no-break space
 * without width) included. */
bool rune_is_blank(int32_t rune);

/* A Chinese or Japanese ideograph, which is a word by itself. */
bool rune_is_ideograph(int32_t rune);

/* Hiragana and Katakana. */
bool rune_is_kana(int32_t rune);

#endif
