/* words_class.h: what a character is to a word. For words*.c and query*.c alone. Pure. */
#ifndef PILCROW_DOMAIN_TEXT_WORDS_CLASS_H
#define PILCROW_DOMAIN_TEXT_WORDS_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/span.h"

enum words_class {
    WORDS_CLASS_BREAK,     /* parts words: blanks, punctuation, symbols, bytes that are not UTF-8 */
    WORDS_CLASS_LETTER,    /* of scripts that put blanks between words; numbers of theirs, too */
    WORDS_CLASS_DIGIT,     /* 0 to 9 */
    WORDS_CLASS_UNSPACED,  /* of scripts that put none: Han, kana, Thai, Lao, Khmer, Myanmar */
    WORDS_CLASS_MARK,      /* belongs to the character before it */
    WORDS_CLASS_JOINER,    /* an apostrophe of any kind: vanishes inside a word, parts elsewhere */
    WORDS_CLASS_INVISIBLE, /* soft hyphen, zero width characters, tatweel: as if not there */
};

enum words_class words_class_of(int32_t rune);

/* The character at `at`: its class, how many bytes it takes (1 of what is not UTF-8, for which
 * *rune is -1), and its number. 0 bytes at the end, which is a break. */
enum words_class words_class_at(struct span text, size_t at, size_t *bytes, int32_t *rune);

/* The first character from `at` on that is not invisible. */
enum words_class words_class_next(struct span text, size_t at);

/* Written the same when folded, whatever stands before or after it. */
bool words_class_is_folded(int32_t rune);

#endif
