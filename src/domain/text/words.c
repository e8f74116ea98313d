/* words.c: where words begin and end; see words.h. Almost all text is ASCII words with blanks
 * between: they are found byte by byte, everything else character by character. */
#include "domain/text/words.h"

#include <stdio.h>
#include <utf8proc.h>

#include "domain/text/words_class.h"
#include "domain/text/words_fold.h"

enum { SIGNED_LETTERS_MAX = 2, SIGNS_MAX = 2, THOUSANDS = 3 };

void words_version(char version[WORDS_VERSION_BYTES]) {
    snprintf(version, WORDS_VERSION_BYTES, "1 unicode %s", utf8proc_unicode_version());
}

void words_begin(struct words *words, struct span text, struct arena *arena) {
    *words = (struct words){.text = text, .arena = arena};
}

void words_forget(struct words *words) {
    words->spare = words->piece;
    words->spare_bytes = words->piece_bytes;
}

/* ---- characters ---- */

struct place {
    size_t at, code_point;
};

static enum words_class class_at(struct span text, struct place place, struct place *behind) {
    size_t bytes;
    int32_t rune;
    enum words_class class = words_class_at(text, place.at, &bytes, &rune);
    *behind = (struct place){place.at + bytes, place.code_point + 1};
    return class;
}

static char byte_at(struct span text, size_t at) {
    return at < text.bytes ? text.at[at] : '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool begins_word(enum words_class class) {
    return class == WORDS_CLASS_LETTER || class == WORDS_CLASS_DIGIT ||
           class == WORDS_CLASS_UNSPACED;
}

static void take(struct words *words, struct word *word, enum word_kind kind, struct place start,
                 struct place end) {
    word->kind = kind;
    word->text = (struct span){words->text.at + start.at, end.at - start.at};
    word->start = start.code_point;
    word->end = end.code_point;
    words->at = end.at;
    words->code_point = end.code_point;
}

/* ---- words of letters and digits ---- */

/* What a word is as far as it was read. */
struct letters {
    bool is_number; /* digits alone, and the first is not 0 */
    size_t digits;  /* since it began, or since the last sign between thousands */
};

/* How many digits follow, up to four. */
static size_t count_digits(struct span text, struct place place) {
    struct place behind;
    for (size_t count = 0;;) {
        enum words_class class = class_at(text, place, &behind);
        if (class != WORDS_CLASS_DIGIT && class != WORDS_CLASS_INVISIBLE)
            return count;
        count += class == WORDS_CLASS_DIGIT;
        if (count > THOUSANDS)
            return count;
        place = behind;
    }
}

/* Whether the word goes on behind this comma or point: it parts thousands. */
static bool parts_thousands(struct span text, struct place behind, struct letters *letters) {
    bool is_parting = letters->is_number && letters->digits <= THOUSANDS &&
                      count_digits(text, behind) == THOUSANDS;
    letters->digits = 0;
    return is_parting;
}

/* Whether the word goes on behind a character that is no part of it. */
static bool goes_on(struct span text, struct place place, struct place behind,
                    enum words_class class, struct letters *letters) {
    if (class == WORDS_CLASS_INVISIBLE)
        return true;
    if (class == WORDS_CLASS_JOINER) {
        class = words_class_next(text, behind.at);
        return class == WORDS_CLASS_LETTER || class == WORDS_CLASS_DIGIT;
    }
    char sign = byte_at(text, place.at);
    return (sign == ',' || sign == '.') && parts_thousands(text, behind, letters);
}

/* The signs of C++ and C#: how many bytes of them belong to the word before. */
static size_t signs_behind(struct span text, size_t start, size_t end) {
    if (end - start > SIGNED_LETTERS_MAX || !is_letter(text.at[start]) ||
        !is_letter(text.at[end - 1]))
        return 0;
    size_t count = 0;
    while (byte_at(text, end + count) == '+' || byte_at(text, end + count) == '#')
        count++;
    bool is_plus_plus = count == SIGNS_MAX && text.at[end] == '+' && text.at[end + 1] == '+';
    if (count > SIGNS_MAX || (!is_plus_plus && begins_word(words_class_next(text, end + count))))
        return 0;
    return count;
}

static void take_letters(struct words *words, struct word *word) {
    struct place start = {words->at, words->code_point}, end = start, place = start, behind;
    struct letters letters = {.is_number = byte_at(words->text, start.at) != '0'};
    for (;; place = behind) {
        enum words_class class = class_at(words->text, place, &behind);
        if (class == WORDS_CLASS_LETTER || class == WORDS_CLASS_DIGIT ||
            class == WORDS_CLASS_MARK) {
            letters.is_number = letters.is_number && class == WORDS_CLASS_DIGIT;
            letters.digits++;
            end = behind;
        } else if (!goes_on(words->text, place, behind, class, &letters)) {
            break;
        }
    }
    size_t signs = signs_behind(words->text, start.at, end.at);
    end.at += signs;
    end.code_point += signs;
    take(words, word, WORD_PLAIN, start, end);
}

/* ---- runs of scripts without blanks ---- */

/* Behind the character at `start` and its marks. */
static struct place skip_marks(struct span text, struct place start) {
    struct place end, place, behind;
    (void)class_at(text, start, &end);
    place = end;
    for (;;) {
        enum words_class class = class_at(text, place, &behind);
        if (class == WORDS_CLASS_MARK)
            end = behind;
        else if (class != WORDS_CLASS_INVISIBLE)
            return end;
        place = behind;
    }
}

/* The next character that is there to be seen. */
static struct place skip_invisible(struct span text, struct place place) {
    struct place behind;
    while (class_at(text, place, &behind) == WORDS_CLASS_INVISIBLE)
        place = behind;
    return place;
}

static void take_pair(struct words *words, struct word *word) {
    struct place start = {words->at, words->code_point};
    struct place end = skip_marks(words->text, start), behind;
    struct place second = skip_invisible(words->text, end);
    if (class_at(words->text, second, &behind) != WORDS_CLASS_UNSPACED) {
        take(words, word, WORD_TAIL, start, end);
        return;
    }
    take(words, word, WORD_PAIR, start, skip_marks(words->text, second));
    words->at = second.at;
    words->code_point = second.code_point;
}

/* ---- ASCII ---- */

/* Takes the word at words->at when nothing at its end needs a second look. */
static bool take_plain(struct words *words, struct word *word, bool *has_capitals) {
    const char *text = words->text.at;
    size_t start = words->at, end = start;
    bool capitals = false;
    for (; end < words->text.bytes; end++) {
        unsigned char c = (unsigned char)text[end];
        bool is_capital = (unsigned)(c - 'A') < 26;
        if (!is_capital && (unsigned)(c - 'a') >= 26 && (unsigned)(c - '0') >= 10)
            break;
        capitals |= is_capital;
    }
    unsigned char stop = (unsigned char)byte_at(words->text, end);
    unsigned char after = (unsigned char)byte_at(words->text, end + 1);
    if (end == start || stop >= 0x80 || stop == '+' || stop == '#')
        return false;
    bool may_join = stop == '\'' || stop == '`' || stop == ',' || stop == '.';
    if (may_join && (is_letter((char)after) || is_digit((char)after) || after >= 0x80))
        return false;
    struct place from = {start, words->code_point};
    take(words, word, WORD_PLAIN, from, (struct place){end, words->code_point + end - start});
    *has_capitals = capitals;
    return true;
}

static void skip_ascii_breaks(struct words *words) {
    size_t at = words->at;
    while (at < words->text.bytes) {
        char c = words->text.at[at];
        if (c < 0 || is_letter(c) || is_digit(c))
            break;
        at++;
    }
    words->code_point += at - words->at;
    words->at = at;
}

static void take_any(struct words *words, struct word *word, enum words_class class,
                     struct place behind) {
    if (class == WORDS_CLASS_UNSPACED) {
        take_pair(words, word);
    } else if (begins_word(class)) {
        take_letters(words, word);
    } else {
        words->at = behind.at;
        words->code_point = behind.code_point;
    }
}

bool words_next(struct words *words, struct word *word) {
    while (!words->has_failed) {
        skip_ascii_breaks(words);
        bool has_capitals;
        if (take_plain(words, word, &has_capitals))
            return words_fold_plain(words, word, has_capitals);
        struct place place = {words->at, words->code_point}, behind;
        if (place.at == words->text.bytes)
            return false;
        enum words_class class = class_at(words->text, place, &behind);
        take_any(words, word, class, behind);
        if (!begins_word(class))
            continue;
        if (!words_fold(words, word))
            return false;
        if (word->folded.bytes > 0) /* letters that are nothing to be seen */
            return true;
    }
    return false;
}
