/* quote_tokens.c: a text as what quotes are compared by; see quote.h. Words are those of words.h,
 * but a script without spaces gives one token for each character, so that a quotation may begin and
 * end anywhere in a run. */
#include <utf8proc.h>

#include "domain/quotes/quote.h"
#include "domain/text/rune.h"
#include "domain/text/words.h"
#include "ground/utf8.h"

enum { WEIGHT_LETTERS_MAX = 8, FIRST_CAPACITY = 64 };

struct reader {
    struct quote_tokens *out;
    size_t capacity;
    struct arena *arena;
};

static bool grow(struct reader *reader) {
    struct quote_tokens *out = reader->out;
    size_t capacity = reader->capacity == 0 ? FIRST_CAPACITY : reader->capacity * 2;
    struct quote_token *list = arena_alloc(reader->arena, capacity * sizeof *list);
    if (list == NULL)
        return false;
    if (out->count > 0)
        memcpy(list, out->list, out->count * sizeof *list);
    out->list = list;
    reader->capacity = capacity;
    return true;
}

/* One bit for each letter of ASCII; the others share what is left. */
static uint32_t letters_of(struct span folded) {
    uint32_t letters = 0;
    for (size_t i = 0; i < folded.bytes; i++) {
        unsigned char c = (unsigned char)folded.at[i];
        unsigned bit = c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') : 26 + c % 6u;
        letters |= UINT32_C(1) << bit;
    }
    return letters;
}

static bool add(struct reader *reader, struct quote_token token) {
    size_t letters = utf8_count(token.folded);
    if (reader->out->count == reader->capacity && !grow(reader))
        return false;
    token.hash = span_hash(token.folded);
    token.letters = letters_of(token.folded);
    token.weight = 2 + (unsigned)(letters < WEIGHT_LETTERS_MAX ? letters : WEIGHT_LETTERS_MAX);
    reader->out->list[reader->out->count++] = token;
    return true;
}

/* ---- signs ---- */

/* Other sizes of ASCII, and dashes that are mathematical by category only. */
static int32_t level(int32_t rune) {
    if (rune >= 0xFF01 && rune <= 0xFF5E)
        return rune - 0xFF01 + 0x21;
    return rune == 0x2212 ? '-' : rune;
}

/* What says something by itself. Signs that are drawn around words (| ~ < > and the marks of trade)
 * say nothing. */
static bool is_sign(int32_t rune) {
    static const char of_ascii[] = "$%&+=@";
    if (rune < 0x80)
        return rune > 0 && strchr(of_ascii, (char)rune) != NULL;
    if (rune == 0xA7 || rune == 0x2030)
        return true;
    utf8proc_category_t category = utf8proc_category(rune);
    return category == UTF8PROC_CATEGORY_SC || category == UTF8PROC_CATEGORY_SM;
}

/* The signs of the text from byte `at`, which is code point `code_point`, to byte `stop`. */
static bool add_signs(struct reader *reader, size_t at, size_t code_point, size_t stop) {
    struct span text = reader->out->text;
    while (at < stop) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text, at, &code);
        int32_t rune = bytes == 0 ? 0 : level((int32_t)code);
        bytes = bytes == 0 ? 1 : bytes;
        if (is_sign(rune)) {
            char *folded = arena_alloc(reader->arena, 4);
            if (folded == NULL)
                return false;
            struct quote_token token = {.folded = {folded, rune_write(rune, folded)},
                                        .at = at,
                                        .stop = at + bytes,
                                        .start = code_point,
                                        .end = code_point + 1};
            if (!add(reader, token))
                return false;
        }
        at += bytes;
        code_point++;
    }
    return true;
}

/* ---- words ---- */

/* The first character of a pair, with its marks. */
static struct span first_character(struct span folded) {
    uint32_t code = 0;
    size_t at = utf8_decode(folded, 0, &code), bytes;
    while ((bytes = utf8_decode(folded, at, &code)) > 0 && rune_is_mark((int32_t)code))
        at += bytes;
    return (struct span){folded.at, at};
}

static struct quote_token token_of(const struct word *word, struct span text) {
    size_t at = (size_t)(word->text.at - text.at);
    struct quote_token token = {.folded = word->folded,
                                .at = at,
                                .stop = at + word->text.bytes,
                                .start = word->start,
                                .end = word->end};
    token.variant = word->variant.bytes == 0 ? 0 : span_hash(word->variant);
    if (word->kind == WORD_PAIR)
        token.folded = first_character(word->folded);
    return token;
}

enum problem quote_tokens_read(struct span text, struct arena *arena, struct quote_tokens *out) {
    struct reader reader = {out, 0, arena};
    struct words words;
    struct word word;
    struct quote_token token = {.at = 0};
    bool is_whole = true, is_pair = false;
    *out = (struct quote_tokens){text, NULL, 0};
    words_begin(&words, text, arena);
    while (is_whole && words_next(&words, &word)) {
        struct quote_token next = token_of(&word, text);
        if (is_pair) { /* its second character is the first of this one */
            token.stop = next.at;
            token.end = next.start;
            is_whole = add(&reader, token);
        }
        is_whole = is_whole && add_signs(&reader, token.stop, token.end, next.at);
        token = next;
        is_pair = word.kind == WORD_PAIR;
        if (!is_pair)
            is_whole = is_whole && add(&reader, token);
    }
    is_whole =
        is_whole && !words.has_failed && add_signs(&reader, token.stop, token.end, text.bytes);
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}
