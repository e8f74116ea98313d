/* words_fold.h: the forms of one word. For words.c alone. Pure. */
#ifndef PILCROW_DOMAIN_TEXT_WORDS_FOLD_H
#define PILCROW_DOMAIN_TEXT_WORDS_FOLD_H

#include <stdbool.h>

#include "domain/text/words.h"

/* Fills in folded, exact and variant from word->text. False when out of memory. */
bool words_fold(struct words *words, struct word *word);

/* The same of a word of ASCII letters and digits alone, `has_capitals` or not. */
bool words_fold_plain(struct words *words, struct word *word, bool has_capitals);

#endif
