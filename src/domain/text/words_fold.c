/* words_fold.c: the forms of a word; see words.h for what is folded and words_fold.h for who calls.
 * What is folded already is a part of the text; the rest goes, packed, into pieces of the arena. */
#include "domain/text/words_fold.h"

#include <utf8proc.h>

#include "domain/text/rune.h"
#include "domain/text/words_class.h"
#include "ground/utf8.h"

enum {
    SOURCE_RUNES_MAX = 2 * WORDS_FORM_MAX, /* of the word that are looked at at all */
    EXPANSION_MAX = 18,                    /* one character is at most so many, decomposed */
    FORM_BYTES_MAX = 4 * WORDS_FORM_MAX,
    PIECE_BYTES_MIN = 64,
    PIECE_BYTES_MAX = 4096
};

/* Room in the arena for one form of at most `bytes`; take_form() says how many it took. */
static char *form_room(struct words *words, size_t bytes) {
    if (words->spare_bytes >= bytes)
        return words->spare;
    size_t piece = words->text.bytes - words->at;
    piece = piece < PIECE_BYTES_MIN ? PIECE_BYTES_MIN : piece;
    piece = piece > PIECE_BYTES_MAX ? PIECE_BYTES_MAX : piece;
    piece = piece < bytes ? bytes : piece;
    words->piece = arena_alloc(words->arena, piece);
    words->piece_bytes = words->piece == NULL ? 0 : piece;
    words->has_failed = words->piece == NULL;
    words_forget(words);
    return words->spare;
}

static struct span take_form(struct words *words, size_t bytes) {
    struct span form = {words->spare, bytes};
    words->spare += bytes;
    words->spare_bytes -= bytes;
    return form;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool lower_bytes(struct words *words, struct span text, struct word *word) {
    char *out = form_room(words, text.bytes);
    if (out == NULL)
        return false;
    for (size_t i = 0; i < text.bytes; i++)
        out[i] = lower(text.at[i]);
    word->folded = word->exact = take_form(words, text.bytes);
    return true;
}

bool words_fold_plain(struct words *words, struct word *word, bool has_capitals) {
    struct span text = word->text;
    if (text.bytes > WORDS_FORM_MAX)
        text.bytes = WORDS_FORM_MAX;
    word->variant = (struct span){NULL, 0};
    word->folded = word->exact = text;
    return !has_capitals || lower_bytes(words, text, word);
}

/* ---- what is folded as it stands ---- */

/* How much of the beginning is, up to the bound; not all of it when a character is not. */
static bool is_folded(struct span text, struct span *form) {
    size_t at = 0;
    for (size_t count = 0; at < text.bytes && count < WORDS_FORM_MAX; count++) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text, at, &code);
        if (!words_class_is_folded((int32_t)code))
            return false;
        at += bytes;
    }
    *form = (struct span){text.at, at};
    return true;
}

/* ---- the letters of a word ---- */

/* Without what vanishes inside a word, into room for SOURCE_RUNES_MAX characters. */
static struct span clean(struct span text, char *out, bool *is_ascii) {
    size_t used = 0, count = 0, bytes;
    *is_ascii = true;
    for (size_t at = 0; at < text.bytes && count < SOURCE_RUNES_MAX; at += bytes) {
        int32_t rune;
        enum words_class class = words_class_at(text, at, &bytes, &rune);
        bool is_sign = rune == '+' || rune == '#';
        if (!is_sign && (class == WORDS_CLASS_BREAK || class == WORDS_CLASS_JOINER ||
                         class == WORDS_CLASS_INVISIBLE))
            continue;
        memcpy(out + used, text.at + at, bytes);
        used += bytes;
        count++;
        *is_ascii = *is_ascii && rune < 0x80;
    }
    return (struct span){out, used};
}

/* What has a compatibility form may bring blanks, brackets and points of its own: "(1)", "1.". */
static bool belongs_to_word(int32_t rune) {
    enum words_class class = words_class_of(rune);
    return rune == '+' || rune == '#' || class == WORDS_CLASS_LETTER ||
           class == WORDS_CLASS_DIGIT || class == WORDS_CLASS_UNSPACED || class == WORDS_CLASS_MARK;
}

/* NFKC without composing, case folded, in canonical order. The dot of a Turkish capital is none of
 * the small letter. Returns how many. */
static size_t decompose(struct span source, int32_t *runes, size_t room) {
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)source.at, (utf8proc_ssize_t)source.bytes,
                           runes, (utf8proc_ssize_t)room, options);
    size_t kept = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        bool is_dot = runes[i] == 0x0307 && kept > 0 && runes[kept - 1] == 'i';
        if (belongs_to_word(runes[i]) && !is_dot)
            runes[kept++] = runes[i];
    }
    return kept;
}

/* ---- accents ---- */

static bool is_cyrillic(int32_t rune) {
    return (rune >= 0x0400 && rune <= 0x052F) || (rune >= 0x1C80 && rune <= 0x1C8F) ||
           (rune >= 0xA640 && rune <= 0xA69F);
}

/* The stress goes, but not from the consonants г and к: ѓ and ќ are letters. ё is е. */
static bool is_cyrillic_accent(int32_t letter, int32_t mark) {
    if (mark == 0x0300 || mark == 0x0301)
        return letter != 0x0433 && letter != 0x043A;
    return mark == 0x0308 && letter == 0x0435;
}

static bool is_semitic_point(int32_t letter, int32_t mark) {
    if (mark >= 0x0653 && mark <= 0x0655) /* madda and hamza */
        return letter == 0x0627;
    return (mark >= 0x0591 && mark <= 0x05C7) || (mark >= 0x0610 && mark <= 0x061A) ||
           (mark >= 0x064B && mark <= 0x065F) || mark == 0x0670 ||
           (mark >= 0x06D6 && mark <= 0x06ED);
}

static bool is_accent(int32_t letter, int32_t mark) {
    if ((mark >= 0x0591 && mark <= 0x06ED))
        return is_semitic_point(letter, mark);
    bool is_combining = (mark >= 0x0300 && mark <= 0x036F) || (mark >= 0x1AB0 && mark <= 0x1AFF) ||
                        (mark >= 0x1DC0 && mark <= 0x1DFF) || (mark >= 0xFE20 && mark <= 0xFE2F);
    return is_combining && (!is_cyrillic(letter) || is_cyrillic_accent(letter, mark));
}

/* Letters that no accent is taken from, written with letters of ASCII. */
struct plain_letter {
    int32_t letter;
    char written[3];
};

static const char *plain_letter(int32_t letter) {
    static const struct plain_letter letters[] = {
        {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"}, {0x00FE, "th"}, {0x0111, "d"},
        {0x0127, "h"},  {0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
    };
    if (letter < 0x00E6 || letter > 0x0167)
        return NULL;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].letter == letter)
            return letters[i].written;
    }
    return NULL;
}

/* What stands for an accented letter in German, Danish, Norwegian and Swedish when there is no key
 * for it; 0 when nothing does. `mark` is the first behind the letter, or the letter. */
static int32_t second_letter(int32_t letter, int32_t mark) {
    if (mark == 0x0308 && (letter == 'a' || letter == 'o' || letter == 'u'))
        return 'e';
    if (mark == 0x030A && letter == 'a')
        return 'a';
    return letter == 0x00F8 ? 'e' : 0;
}

enum spelling { SPELLING_FOLDED, SPELLING_VARIANT };

/* Returns how many; `out` has room for twice the runes. *has_second: some are written with two. */
static size_t drop_accents(const int32_t *runes, size_t count, enum spelling spelling, int32_t *out,
                           bool *has_second) {
    size_t kept = 0;
    int32_t letter = 0;
    for (size_t i = 0; i < count; i++) {
        if (rune_is_mark(runes[i])) {
            if (!is_accent(letter, runes[i]))
                out[kept++] = runes[i];
            continue;
        }
        letter = runes[i];
        const char *plain = plain_letter(letter);
        out[kept++] = plain == NULL ? letter : (unsigned char)plain[0];
        int32_t second = second_letter(letter, i + 1 < count ? runes[i + 1] : 0);
        *has_second = *has_second || second != 0;
        if (spelling == SPELLING_VARIANT && second != 0)
            out[kept++] = second;
        else if (plain != NULL && plain[1] != '\0')
            out[kept++] = (unsigned char)plain[1];
    }
    return kept;
}

/* ---- forms ---- */

/* Composes in place, cuts and writes; the text itself where it is the same. */
static bool write_form(struct words *words, int32_t *runes, size_t count, struct span text,
                       struct span *form) {
    utf8proc_ssize_t composed = utf8proc_normalize_utf32(runes, (utf8proc_ssize_t)count,
                                                         UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    char bytes[FORM_BYTES_MAX];
    size_t used = 0;
    for (utf8proc_ssize_t i = 0; i < composed && i < WORDS_FORM_MAX; i++)
        used += rune_write(runes[i], bytes + used);
    if (span_equal((struct span){bytes, used}, text)) {
        *form = text;
        return true;
    }
    char *out = form_room(words, used);
    if (out == NULL)
        return false;
    memcpy(out, bytes, used);
    *form = take_form(words, used);
    return true;
}

static bool fold_runes(struct words *words, struct word *word, int32_t *runes, size_t count) {
    int32_t out[2 * SOURCE_RUNES_MAX * EXPANSION_MAX];
    bool has_second = false;
    size_t kept = drop_accents(runes, count, SPELLING_FOLDED, out, &has_second);
    if (!write_form(words, out, kept, word->text, &word->folded))
        return false;
    if (has_second) {
        kept = drop_accents(runes, count, SPELLING_VARIANT, out, &has_second);
        if (!write_form(words, out, kept, word->text, &word->variant))
            return false;
    }
    return write_form(words, runes, count, word->text, &word->exact);
}

bool words_fold(struct words *words, struct word *word) {
    word->variant = (struct span){NULL, 0};
    if (is_folded(word->text, &word->folded)) {
        word->exact = word->folded;
        return true;
    }
    char bytes[4 * SOURCE_RUNES_MAX];
    int32_t runes[SOURCE_RUNES_MAX * EXPANSION_MAX];
    bool is_ascii;
    struct span source = clean(word->text, bytes, &is_ascii);
    if (is_ascii) {
        source.bytes = source.bytes > WORDS_FORM_MAX ? WORDS_FORM_MAX : source.bytes;
        return lower_bytes(words, source, word);
    }
    size_t count = decompose(source, runes, sizeof runes / sizeof runes[0]);
    return fold_runes(words, word, runes, count);
}
