/* words.h: text as words: what search, quotes and duplicates compare. One rule for the index, for
 * queries and for highlighting, so that what is found can be shown. The only tokenizer. Pure.
 *
 * A word is a run of letters, digits and the marks on them. Everything else parts words, hyphens
 * and points too (well-known, Node.js: two words), except that
 *   - an apostrophe of any kind inside a word vanishes (don't, don’t: dont; O'Brien: obrien);
 *   - soft hyphens and zero width characters vanish, as if they were not there;
 *   - a comma, point or apostrophe between thousands vanishes (1,000 = 1.000 = 1000); 3.5 is two
 *     words, 3 and 5;
 *   - one or two '+' or '#' behind at most two letters stay (C++, C#, F#, A+; but Notepad++ is
 *     notepad).
 * Text of scripts without blanks between words (Han, kana, Thai, Lao, Khmer, Myanmar; Hangul is
 * none of them) becomes overlapping pairs of characters (a character and its marks count as one),
 * and after the last pair of a run its last character alone, so that every character begins a word:
 * 東京都 = 東京 京都 都.
 *
 * Of Latin and Greek letters every accent goes; of Cyrillic ones the stress, and ё is е, but й, ї
 * and ў stay: they are other letters. Points of Hebrew and vowel marks of Arabic go, and the hamza
 * on its alef. Marks of other scripts are parts of their letters and stay. ø, đ, ł, ı and their
 * like are the letter without its stroke; æ, œ, þ, ß are ae, oe, th, ss. */
#ifndef PILCROW_DOMAIN_TEXT_WORDS_H
#define PILCROW_DOMAIN_TEXT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/arena.h"
#include "ground/span.h"

/* What the forms depend on: these rules and the Unicode version of the library. Another version
 * makes the index anew. */
enum { WORDS_VERSION_BYTES = 40 };
void words_version(char version[WORDS_VERSION_BYTES]);

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
    struct span exact; /* the same with its accents: what "the exact form first" compares */
    /* Of a word with ä, ö, ü, ø, å: written with ae, oe, ue, oe, aa; else .bytes = 0. Two words are
     * the same when they are equal folded, or when the variant of one is the other folded. */
    struct span variant;
};

/* A longer word is known by its beginning: each form is cut to so many code points. */
enum { WORDS_FORM_MAX = 64 };

struct words {
    struct span text;
    /* Where the next word is looked for: behind the one before, of a pair behind its first half. */
    size_t at, code_point;
    struct arena *arena; /* forms that are not bytes of the text: packed into pieces of it */
    char *piece, *spare; /* the newest piece, and what is left of it */
    size_t piece_bytes, spare_bytes;
    bool has_failed; /* no memory: the words end early */
};

/* `text` outlives the words. The forms live as long as text and arena; the arena grows by about the
 * bytes of the words that are not folded in the text already. */
void words_begin(struct words *words, struct span text, struct arena *arena);
bool words_next(struct words *words, struct word *word);

/* The forms of all words so far are not needed any more: their memory is used again, so that a text
 * of any length costs the arena one piece. */
void words_forget(struct words *words);

#endif
