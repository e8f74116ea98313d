/* text_diff.c: texts into words, and the words that differ into spans. Which words differ is found
 * in text_diff_words.c. */
#include "domain/text/text_diff.h"

#include <stdint.h>

#include "domain/text/rune.h"
#include "domain/text/text_diff_words.h"
#include "ground/utf8.h"

enum { MIDDLE_BYTES_MAX = 128 * 1024 };

/* ---- words ---- */

enum glyph { GLYPH_WORD, GLYPH_BLANK, GLYPH_IDEOGRAPH, GLYPH_SIGN };

/* What most text is made of needs no table of all scripts. */
static enum glyph glyph_of_ascii(uint32_t code) {
    bool is_letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    if (is_letter || (code >= '0' && code <= '9'))
        return GLYPH_WORD;
    return code == ' ' || (code >= '\t' && code <= '\r') ? GLYPH_BLANK : GLYPH_SIGN;
}

static enum glyph glyph_of(uint32_t code) {
    if (code < 0x80)
        return glyph_of_ascii(code);
    int32_t rune = (int32_t)code;
    if (rune_is_blank(rune))
        return GLYPH_BLANK;
    if (rune_is_ideograph(rune) || rune_is_kana(rune))
        return GLYPH_IDEOGRAPH;
    return rune_is_word(rune) || rune_is_mark(rune) ? GLYPH_WORD : GLYPH_SIGN;
}

static size_t glyph_read(struct span text, size_t at, enum glyph *glyph) {
    uint32_t code = 0;
    size_t bytes = utf8_decode(text, at, &code);
    *glyph = bytes == 0 ? GLYPH_SIGN : glyph_of(code);
    return bytes == 0 ? 1 : bytes;
}

/* A run of letters and digits, a run of blanks, an ideograph, or any other single character. */
static struct text_diff_word word_read(struct span text, size_t at) {
    enum glyph first, next;
    size_t end = at + glyph_read(text, at, &first);
    while ((first == GLYPH_WORD || first == GLYPH_BLANK) && end < text.bytes) {
        size_t bytes = glyph_read(text, end, &next);
        if (next != first)
            break;
        end += bytes;
    }
    struct span word = {text.at + at, end - at};
    bool is_word = first == GLYPH_WORD || first == GLYPH_IDEOGRAPH;
    return (struct text_diff_word){word, span_hash(word), is_word, false};
}

static bool words_make(struct span text, struct arena *arena, struct text_diff_words *out) {
    size_t count = 0;
    for (size_t at = 0; at < text.bytes; count++)
        at += word_read(text, at).text.bytes;
    *out = (struct text_diff_words){arena_alloc(arena, count * sizeof *out->items), 0};
    if (out->items == NULL)
        return false;
    for (size_t at = 0; at < text.bytes; out->count++) {
        out->items[out->count] = word_read(text, at);
        at += out->items[out->count].text.bytes;
    }
    return true;
}

/* ---- what is the same at both ends ---- */

/* Cut behind a space, so that no word is cut in two. */
static size_t common_head(struct span from, struct span to) {
    size_t least = from.bytes < to.bytes ? from.bytes : to.bytes, at = 0;
    while (at < least && from.at[at] == to.at[at])
        at++;
    while (at > 0 && from.at[at - 1] != ' ')
        at--;
    return at;
}

static size_t common_tail(struct span from, struct span to) {
    size_t least = from.bytes < to.bytes ? from.bytes : to.bytes, bytes = 0;
    while (bytes < least && from.at[from.bytes - 1 - bytes] == to.at[to.bytes - 1 - bytes])
        bytes++;
    while (bytes > 0 && from.at[from.bytes - bytes] != ' ')
        bytes--;
    return bytes;
}

static struct span span_between(struct span text, size_t head, size_t tail) {
    return (struct span){text.at + head, text.bytes - head - tail};
}

/* ---- spans ---- */

struct writer {
    struct text_diff *diff;
    size_t capacity;
    size_t from, to; /* code points so far */
};

static void span_add(struct writer *w, enum text_diff_op op, struct span text) {
    if (text.bytes == 0 || w->diff->count == w->capacity)
        return;
    size_t points = utf8_count(text);
    size_t in_from = op == TEXT_DIFF_INSERT ? 0 : points,
           in_to = op == TEXT_DIFF_DELETE ? 0 : points;
    struct text_diff_span *last = w->diff->count == 0 ? NULL : &w->diff->spans[w->diff->count - 1];
    bool goes_on = last != NULL && last->op == op && last->text.at + last->text.bytes == text.at;
    if (goes_on) {
        last->text.bytes += text.bytes;
        last->from.end += in_from;
        last->to.end += in_to;
    } else {
        w->diff->spans[w->diff->count++] =
            (struct text_diff_span){op, {w->from, w->from + in_from}, {w->to, w->to + in_to}, text};
    }
    w->from += in_from;
    w->to += in_to;
    w->diff->deleted += op == TEXT_DIFF_DELETE ? points : 0;
    w->diff->inserted += op == TEXT_DIFF_INSERT ? points : 0;
}

/* The changed words from *first on, as one text; *first goes behind them. */
static struct span take_changed(const struct text_diff_words *words, size_t *first) {
    struct span run = {*first < words->count ? words->items[*first].text.at : NULL, 0};
    while (*first < words->count && words->items[*first].is_changed)
        run.bytes += words->items[(*first)++].text.bytes;
    return run;
}

static void spans_of_words(struct writer *w, const struct text_diff_words *from,
                           const struct text_diff_words *to) {
    size_t i = 0, j = 0;
    while (i < from->count || j < to->count) {
        span_add(w, TEXT_DIFF_DELETE, take_changed(from, &i));
        span_add(w, TEXT_DIFF_INSERT, take_changed(to, &j));
        for (; i < from->count && j < to->count && !from->items[i].is_changed &&
               !to->items[j].is_changed;
             i++, j++)
            span_add(w, TEXT_DIFF_EQUAL, from->items[i].text);
    }
}

static size_t count_runs(const struct text_diff_words *words) {
    size_t count = 1;
    for (size_t i = 1; i < words->count; i++)
        count += words->items[i].is_changed != words->items[i - 1].is_changed;
    return count;
}

static bool writer_begin(struct writer *w, struct text_diff *diff, size_t capacity,
                         struct arena *arena) {
    *w = (struct writer){diff, capacity, 0, 0};
    diff->spans = arena_alloc(arena, capacity * sizeof *diff->spans);
    return diff->spans != NULL;
}

/* Too long, or too late, to be looked at word by word. */
static enum problem replace_middle(struct span from, struct span to, size_t head, size_t tail,
                                   struct arena *arena, struct text_diff *out) {
    struct writer w;
    if (!writer_begin(&w, out, 4, arena))
        return PROBLEM_OUT_OF_MEMORY;
    out->is_coarse = true;
    span_add(&w, TEXT_DIFF_EQUAL, (struct span){from.at, head});
    span_add(&w, TEXT_DIFF_DELETE, span_between(from, head, tail));
    span_add(&w, TEXT_DIFF_INSERT, span_between(to, head, tail));
    span_add(&w, TEXT_DIFF_EQUAL, (struct span){from.at + from.bytes - tail, tail});
    return PROBLEM_NONE;
}

enum problem text_diff_make(struct span from, struct span to, size_t *effort, struct arena *arena,
                            struct text_diff *out) {
    struct text_diff_words old_words, new_words;
    struct writer w;
    *out = (struct text_diff){NULL, 0, 0, 0, false};
    size_t head = common_head(from, to);
    size_t tail = common_tail(span_between(from, head, 0), span_between(to, head, 0));
    struct span middle_from = span_between(from, head, tail),
                middle_to = span_between(to, head, tail);
    if (*effort == 0 || middle_from.bytes > MIDDLE_BYTES_MAX || middle_to.bytes > MIDDLE_BYTES_MAX)
        return replace_middle(from, to, head, tail, arena, out);
    if (!words_make(middle_from, arena, &old_words) || !words_make(middle_to, arena, &new_words) ||
        !text_diff_words_compare(&old_words, &new_words, effort, arena, &out->is_coarse) ||
        !writer_begin(&w, out, 6 + count_runs(&old_words) + count_runs(&new_words), arena))
        return PROBLEM_OUT_OF_MEMORY;
    span_add(&w, TEXT_DIFF_EQUAL, (struct span){from.at, head});
    spans_of_words(&w, &old_words, &new_words);
    span_add(&w, TEXT_DIFF_EQUAL, (struct span){from.at + from.bytes - tail, tail});
    return PROBLEM_NONE;
}
