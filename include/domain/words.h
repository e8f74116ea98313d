/* words.h: text as words: what search, quotes and duplicates compare. One rule for the index, for
 * queries and for highlighting, so that what is found can be shown. The only tokenizer. Pure.
 *
 * A word is a run of letters, digits and marks, with inner apostrophes and hyphens dropped ("don't"
 * is dont, "well-known" two words), and with '+' and '#' behind it kept (C++, C#). Text of scripts
 * without spaces (Han, kana, Hangul is not one of them; Thai, Lao, Khmer, Myanmar) becomes
 * overlapping pairs of characters (a character and its marks count as one), and after the last pair
 * of a run its last character alone, so that every character begins a word:
 * 東京都 = 東京 京都 都. */
#ifndef PILCROW_DOMAIN_WORDS_H
#define PILCROW_DOMAIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/arena.h"
#include "ground/span.h"

/* Part of what the index is made with: another number makes the index anew. The Unicode version of
 * the library is part of it too. */
const char *words_version(void);

enum word_kind {
    WORD_PLAIN,
    WORD_PAIR, /* two characters of a run; overlaps the next */
    WORD_TAIL, /* the last character of a run, alone; a run of one character is only this */
};

struct word {
    enum word_kind kind;
    struct span text;  /* as it stands */
    size_t start, end; /* in code points of the whole text */
    /* NFKC, case-folded, without accents, no-break spaces and invisible characters gone, ß = ss;
     * what the index holds. Never holds a blank, a quotation mark or another ASCII sign but +#. */
    struct span folded;
    struct span exact;   /* the same with its accents: what "the exact form first" compares */
    struct span variant; /* of a word with ä, ö, ü: written with ae, oe, ue; else .bytes = 0 */
};

struct words {
    struct span text;
    struct arena *arena; /* folded forms that are not bytes of the text; grows with them only */
    size_t at, code_point;
    struct word next_pair; /* what follows inside a run without spaces */
    bool has_failed;       /* no memory: the words end early */
};

void words_begin(struct words *words, struct span text, struct arena *arena);
bool words_next(struct words *words, struct word *word);

#endif
