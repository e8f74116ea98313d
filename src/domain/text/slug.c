/* slug.c: names as addresses, as they compare, and as they sort; see slug.h.
 *
 * A slug is made of the words of a name. In a word stand letters and numbers of every script and
 * the marks that follow them: accents stay on their letter (Élan: élan), vowel signs and tone marks
 * stay, so that Thai, Hindi and Hebrew names stay readable. Beyond that:
 *   - an apostrophe inside a word vanishes (O'Brien: obrien), elsewhere it separates;
 *   - `+` is the word plus, and `#` at the end of a word is the word sharp, because C, C++ and C#
 *     are different things (c, c-plus-plus, c-sharp);
 *   - everything else separates: blanks, no-break spaces, dashes, dots, `&`, emoji, symbols.
 * Character references such as &#8217; are text like any other; nothing is decoded.
 *
 * Words are counted likewise, but an inner apostrophe or hyphen is part of the word (well-being,
 * doesn’t: 1). Where no blanks stand between words: every ideograph is a word, a run of kana is a
 * word, a run of Thai, Lao, Khmer or Burmese is a word. */
#include "domain/text/slug.h"

#include <stdbool.h>
#include <stdint.h>

#include "domain/text/rune.h"
#include "ground/utf8.h"

enum { SORT_KEY_BYTES_MAX = 100 };

/* Words with single hyphens between, into memory that is large enough. */
struct slug_writer {
    char *at;
    size_t used;
    bool is_word_open;
};

static void open_word(struct slug_writer *slug) {
    if (!slug->is_word_open && slug->used > 0)
        slug->at[slug->used++] = '-';
    slug->is_word_open = true;
}

static void write_rune(struct slug_writer *slug, int32_t rune) {
    open_word(slug);
    slug->used += rune_write(rune, slug->at + slug->used);
}

static void write_word(struct slug_writer *slug, const char *word) {
    slug->is_word_open = false;
    open_word(slug);
    size_t bytes = strlen(word);
    memcpy(slug->at + slug->used, word, bytes);
    slug->used += bytes;
    slug->is_word_open = false;
}

static void write_words(struct slug_writer *slug, struct runes runes) {
    for (size_t i = 0; i < runes.count; i++) {
        int32_t rune = runes.at[i];
        bool follows_word = slug->is_word_open;
        bool word_follows = i + 1 < runes.count && rune_is_word(runes.at[i + 1]);
        if (rune_is_apostrophe(rune))
            slug->is_word_open = follows_word && word_follows;
        else if (rune_is_word(rune) || (follows_word && rune_is_mark(rune)))
            write_rune(slug, rune);
        else if (rune == '+')
            write_word(slug, "plus");
        else if (rune == '#' && follows_word && !word_follows)
            write_word(slug, "sharp");
        else
            slug->is_word_open = false;
    }
}

/* Where to cut so that at most `limit` bytes stay: not inside a character, and not before a mark
 * unless there is nothing but marks. */
static size_t cut_between_characters(struct span text, size_t limit) {
    size_t end = utf8_cut(text, limit);
    if (end == text.bytes)
        return end;
    for (size_t shorter = end; shorter > 0; shorter--) {
        uint32_t code;
        if (utf8_decode(text, shorter, &code) > 0 && !rune_is_mark((int32_t)code))
            return shorter;
    }
    return end;
}

/* Half a slug is better than half a word, but not less than that. */
static size_t cut_between_words(struct span text, size_t limit) {
    if (text.bytes <= limit)
        return text.bytes;
    for (size_t end = limit; end > limit / 2; end--) {
        if (text.at[end] == '-')
            return end;
    }
    return cut_between_characters(text, limit);
}

static bool is_digits_only(struct span text) {
    for (size_t at = 0; at < text.bytes;) {
        uint32_t code = 0;
        at += utf8_decode(text, at, &code);
        if (!rune_is_digit((int32_t)code))
            return false;
    }
    return true;
}

struct span slug_make(struct span name, const char *kind, struct arena *arena) {
    struct span none = {NULL, 0};
    struct runes runes;
    if (!rune_fold(name, RUNE_KEEP_MARKS, arena, &runes))
        return none;
    /* A rune takes at most 7 bytes (-sharp-). In front there may be the kind and a hyphen. */
    size_t front = strlen(kind) + 1;
    char *memory = arena_alloc(arena, front + runes.count * 7 + 1);
    if (memory == NULL)
        return none;
    struct slug_writer slug = {memory + front, 0, false};
    write_words(&slug, runes);
    if (slug.used == 0)
        return arena_copy(arena, span_of(kind));
    struct span result = {slug.at, slug.used};
    result.bytes = cut_between_words(result, SLUG_BYTES_MAX);
    if (is_digits_only(result)) {
        memcpy(memory, kind, front - 1);
        memory[front - 1] = '-';
        result = (struct span){memory, front + result.bytes};
        result.bytes = cut_between_characters(result, SLUG_BYTES_MAX);
    }
    memory[(size_t)(result.at - memory) + result.bytes] = '\0';
    return result;
}

/* Runs of blanks become one space; none stay at the ends. */
static void squeeze_blanks(struct runes *runes) {
    size_t used = 0;
    bool is_gap = false;
    for (size_t i = 0; i < runes->count; i++) {
        if (rune_is_blank(runes->at[i])) {
            is_gap = used > 0;
            continue;
        }
        if (is_gap)
            runes->at[used++] = ' ';
        is_gap = false;
        runes->at[used++] = runes->at[i];
    }
    runes->count = used;
}

struct span slug_key(struct span name, struct arena *arena) {
    struct runes runes;
    if (!rune_fold(name, RUNE_KEEP_MARKS, arena, &runes))
        return (struct span){NULL, 0};
    squeeze_blanks(&runes);
    if (runes.count == 0) /* nothing but invisible characters: they are all there is to compare */
        return arena_copy(arena, name);
    return rune_encode(runes, arena);
}

struct span slug_sort_key(struct span title, struct arena *arena) {
    struct runes runes;
    if (!rune_fold(title, RUNE_DROP_ACCENTS, arena, &runes))
        return (struct span){NULL, 0};
    squeeze_blanks(&runes);
    size_t skipped = 0;
    while (skipped < runes.count && !rune_is_word(runes.at[skipped]))
        skipped++;
    if (skipped < runes.count) {
        runes.at += skipped;
        runes.count -= skipped;
    }
    struct span key = rune_encode(runes, arena);
    if (key.at != NULL)
        key.bytes = cut_between_characters(key, SORT_KEY_BYTES_MAX);
    return key;
}

/* What the character before means for the one that comes. */
enum word_state { WORD_NONE, WORD_INSIDE, WORD_KANA, WORD_JOINT };

/* A joint (apostrophe, hyphen) keeps the word open; what follows it decides. */
static enum word_state word_step(enum word_state before, int32_t rune, size_t *count) {
    if (rune_is_ideograph(rune)) {
        ++*count;
        return WORD_NONE;
    }
    if (rune_is_kana(rune)) {
        *count += before == WORD_KANA ? 0 : 1;
        return WORD_KANA;
    }
    if (rune_is_apostrophe(rune) || rune_is_hyphen(rune))
        return before == WORD_INSIDE ? WORD_JOINT : WORD_NONE;
    if (rune_is_word(rune)) {
        *count += before == WORD_INSIDE || before == WORD_JOINT ? 0 : 1;
        return WORD_INSIDE;
    }
    if (rune_is_mark(rune))
        return before == WORD_JOINT ? WORD_NONE : before;
    return WORD_NONE;
}

/* The same for ASCII, where most text stands. */
static enum word_state word_step_ascii(enum word_state before, unsigned char c, size_t *count) {
    unsigned char lower = c | 0x20;
    if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9')) {
        *count += before == WORD_INSIDE || before == WORD_JOINT ? 0 : 1;
        return WORD_INSIDE;
    }
    bool is_joint = (c == '\'' || c == '-') && before == WORD_INSIDE;
    return is_joint ? WORD_JOINT : WORD_NONE;
}

size_t slug_word_count(struct span text) {
    size_t count = 0;
    enum word_state state = WORD_NONE;
    for (size_t at = 0; at < text.bytes;) {
        unsigned char c = (unsigned char)text.at[at];
        if (c < 0x80) {
            state = word_step_ascii(state, c, &count);
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t bytes = utf8_decode(text, at, &code);
        state = bytes == 0 ? WORD_NONE : word_step(state, (int32_t)code, &count);
        at += bytes == 0 ? 1 : bytes;
    }
    return count;
}
