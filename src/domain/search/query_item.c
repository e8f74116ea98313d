/* query_item.c: the words of one part of a query, and how the part is written.
 *
 * A run without blanks is the phrase of its pairs. The single character at its end is a word of the
 * text too, which has to be there only when another word follows: 東京都 is found in 東京都庁,
 * "東京 tower" is not. A single character alone stands for all words that begin with it. */
#include "domain/search/query_parts.h"
#include "domain/text/words.h"
#include "domain/text/words_class.h"
#include "ground/utf8.h"

/* How many letters stand before the '*'. A syllable of Hangul is two or three of them. */
static size_t count_letters(struct span form) {
    size_t count = 0, bytes;
    int32_t rune;
    for (size_t at = 0; at < form.bytes; at += bytes) {
        enum words_class class = words_class_at(form, at, &bytes, &rune);
        if (class == WORDS_CLASS_LETTER || class == WORDS_CLASS_DIGIT)
            count += rune >= 0xAC00 && rune <= 0xD7A3 ? 2 : 1;
    }
    return count;
}

static size_t count_words(struct span text, struct arena *arena, bool *has_failed) {
    struct words words;
    struct word word;
    size_t count = 0;
    words_begin(&words, text, arena);
    while (words_next(&words, &word)) {
        count++;
        words_forget(&words);
    }
    *has_failed = words.has_failed;
    return count;
}

/* Whether the last word of the item is a beginning; takes away the character that ends a run. */
static void end_item(struct search_item *item, const struct word *last, size_t run, bool has_star,
                     struct query *query) {
    if (last->kind == WORD_TAIL) {
        item->is_prefix = run == 1;
        item->word_count -= run > 1;
    } else if (has_star) {
        item->is_prefix = count_letters(last->folded) >= QUERY_PREFIX_MIN;
        if (!item->is_prefix)
            query_note(query, QUERY_NOTE_STAR);
    }
}

bool query_item_make(struct query_part *part, bool has_star, struct arena *arena,
                     struct query *query) {
    struct search_item *item = &part->item;
    struct words words;
    struct word word, last = {0};
    size_t run = 0; /* characters of the run without blanks that the last word is of */
    bool has_failed;
    size_t count = count_words(part->text, arena, &has_failed);
    item->word_count = 0;
    item->is_prefix = false;
    part->terms = 0;
    part->is_cut = false;
    if (has_failed || count == 0)
        return !has_failed;
    item->words = arena_alloc(arena, count * sizeof *item->words);
    if (item->words == NULL)
        return false;
    words_begin(&words, part->text, arena);
    while (item->word_count < count && words_next(&words, &word)) {
        size_t place = word.kind == WORD_PLAIN ? 0 : last.kind == WORD_PAIR ? run + 1 : 1;
        bool is_term = place % 2 == 1 || word.kind == WORD_PLAIN;
        part->is_cut = is_term && part->terms == QUERY_TERMS_MAX;
        if (part->is_cut) {
            part->text.bytes = (size_t)(last.text.at + last.text.bytes - part->text.at);
            break;
        }
        item->words[item->word_count++] =
            (struct search_word){word.folded, word.exact, word.variant};
        part->terms += is_term;
        run = place;
        last = word;
    }
    end_item(item, &last, run, has_star && !part->is_cut, query);
    item->is_mixed = item->word_count > 1;
    return !words.has_failed;
}

/* ---- the normal form ---- */

static void print_visible(struct span text, struct buffer *out) {
    size_t bytes;
    int32_t rune;
    for (size_t at = 0; at < text.bytes; at += bytes) {
        if (words_class_at(text, at, &bytes, &rune) != WORDS_CLASS_INVISIBLE)
            buffer_append(out, text.at + at, bytes);
    }
}

/* Its words as they were written, with one blank between them; a run in one piece. */
static void print_words(struct span text, struct arena *arena, struct buffer *out) {
    struct words words;
    struct word word;
    struct span run = {NULL, 0};
    size_t start = out->used;
    words_begin(&words, text, arena);
    while (words_next(&words, &word)) {
        words_forget(&words);
        if (run.at == NULL)
            run = word.text;
        run.bytes = (size_t)(word.text.at + word.text.bytes - run.at);
        if (word.kind == WORD_PAIR)
            continue;
        if (out->used > start)
            buffer_append_char(out, ' ');
        print_visible(run, out);
        run.at = NULL;
    }
    out->failed = out->failed || words.has_failed;
}

/* Whether the star has to be written: a single character is a beginning without it. */
static bool needs_star(const struct search_item *item) {
    return item->is_prefix &&
           count_letters(item->words[item->word_count - 1].folded) >= QUERY_PREFIX_MIN;
}

void query_part_print(const struct query_part *part, struct arena *arena, struct buffer *out) {
    struct buffer words;
    struct span field = query_field_name(part->item.field);
    buffer_init(&words);
    print_words(part->text, arena, &words);
    struct span text = buffer_span(&words);
    bool is_phrase = text.bytes > 0 && memchr(text.at, ' ', text.bytes) != NULL;
    bool is_or_word = span_is(text, "OR") && !part->is_or;
    const char *quote = is_phrase || is_or_word ? "\"" : "";
    buffer_append_text(out, part->is_excluded ? "-" : "");
    buffer_append_span(out, field);
    buffer_append_text(out, field.bytes > 0 ? ":" : "");
    buffer_append_text(out, quote);
    buffer_append_span(out, text);
    buffer_append_text(out, quote);
    buffer_append_text(out, needs_star(&part->item) ? "*" : "");
    out->failed = out->failed || words.failed;
    buffer_fini(&words);
}
