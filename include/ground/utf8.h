/* utf8.h: one character at a time out of bytes that may hold anything. Pure. */
#ifndef PILCROW_GROUND_UTF8_H
#define PILCROW_GROUND_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/buffer.h"
#include "ground/span.h"

/* How many bytes the character at `at` takes, with its number in *code (may be NULL); 0 when the
 * bytes there are not UTF-8 (overlong forms, surrogates and what lies past U+10FFFF included). */
size_t utf8_decode(struct span text, size_t at, uint32_t *code);

/* Whether all of it is UTF-8; when not, *bad (may be NULL) gets the offset of the first bad byte.
 */
bool utf8_is_valid(struct span text, size_t *bad);

/* The longest beginning of at most `bytes` bytes that cuts no character in two. */
size_t utf8_cut(struct span text, size_t bytes);

/* For "%.*s": what a caller wrote, cut to a length that leaves room for the rest of a message. */
#define UTF8_SHOWN(text) (int)utf8_cut((text), UTF8_SHOWN_BYTES), (text).at
enum { UTF8_SHOWN_BYTES = 60 };

/* How many characters; a byte that belongs to none counts as one. */
size_t utf8_count(struct span text);

/* Whether a character may be shown as it is: no control (those move a terminal's cursor), and none
 * that ends a line or turns its direction. */
bool utf8_is_visible(uint32_t code);

/* Appends text so that it stays one line and cannot move a cursor: what is not visible as \n, \t,
 * \u001b, bytes that are not UTF-8 as \xff. Nothing else is escaped, the backslash neither. */
void utf8_append_visible(struct buffer *out, struct span text);

#endif
