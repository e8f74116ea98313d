/* search_terms.c: see search_terms.h. The terms of a body are those of its paragraphs one behind
 * the other, so a paragraph's are a part of them and stand in memory once. A text with variants is
 * there twice, once with them in place, so that a phrase is found however it is written, and none
 * that stands nowhere. */
#include "domain/search/search_terms.h"

#include <stdio.h>

#include "domain/text/words.h"

enum { WORDS_BYTES_MAX = 256 * 1024 * 1024 }; /* folded forms of one text */

void search_terms_init(struct search_terms *terms) {
    arena_init(&terms->words, WORDS_BYTES_MAX);
    buffer_init(&terms->terms);
    buffer_init(&terms->variants);
}

void search_terms_fini(struct search_terms *terms) {
    arena_fini(&terms->words);
    buffer_fini(&terms->terms);
    buffer_fini(&terms->variants);
}

struct span search_terms_version(struct arena *arena) {
    char words[WORDS_VERSION_BYTES], text[WORDS_VERSION_BYTES + 16];
    words_version(words);
    snprintf(text, sizeof text, SEARCH_TERMS_NUMBER " %s", words);
    return arena_copy(arena, span_of(text));
}

/* ---- one text ---- */

static void term_add(struct buffer *out, struct span term, size_t from) {
    if (out->used > from)
        buffer_append_char(out, ' ');
    buffer_append_span(out, term);
}

static void break_add(struct buffer *out) {
    if (out->used > 0)
        buffer_append_text(out, " " SEARCH_BREAK " ");
}

/* What a text adds to terms and variants, as places in them. */
struct places {
    size_t terms, terms_end, variants, variants_end;
};

/* Variants: the text with them in place, if it has any. */
static bool text_add(struct search_terms *terms, struct span text, struct places *places) {
    struct words words;
    struct word word;
    size_t terms_before = terms->terms.used, variants_before = terms->variants.used;
    bool has_variant = false;
    break_add(&terms->terms);
    break_add(&terms->variants);
    *places = (struct places){terms->terms.used, 0, terms->variants.used, 0};
    words_begin(&words, text, &terms->words);
    while (words_next(&words, &word)) {
        term_add(&terms->terms, word.folded, places->terms);
        bool has_one = word.variant.bytes > 0;
        term_add(&terms->variants, has_one ? word.variant : word.folded, places->variants);
        has_variant |= has_one;
    }
    arena_reset(&terms->words);
    /* A text without words leaves no break. */
    if (terms->terms.used == places->terms)
        places->terms = terms->terms.used = terms_before;
    if (!has_variant)
        places->variants = terms->variants.used = variants_before;
    places->terms_end = terms->terms.used;
    places->variants_end = terms->variants.used;
    return !words.has_failed && !terms->terms.failed && !terms->variants.failed;
}

static void clear(struct search_terms *terms) {
    buffer_clear(&terms->terms);
    buffer_clear(&terms->variants);
}

/* ---- title and names ---- */

/* Short texts that are looked for by field: variants stand behind them, whole. */
static bool names_make(struct search_terms *terms, const struct span *names, size_t count,
                       struct arena *arena, struct span *out) {
    struct places places;
    clear(terms);
    for (size_t i = 0; i < count; i++) {
        if (!text_add(terms, names[i], &places))
            return false;
    }
    if (terms->variants.used > 0) {
        break_add(&terms->terms);
        buffer_append_span(&terms->terms, buffer_span(&terms->variants));
    }
    *out = arena_copy(arena, buffer_span(&terms->terms));
    return !terms->terms.failed && out->at != NULL;
}

/* ---- paragraphs ---- */

static struct span part(struct span whole, size_t start, size_t end) {
    return (struct span){whole.at + start, end - start};
}

static bool paragraphs_add(struct search_terms *terms, const struct article *article,
                           struct places *places) {
    clear(terms);
    for (size_t i = 0; i < article->paragraphs.count; i++) {
        if (!text_add(terms, article->paragraphs.items[i], &places[i]))
            return false;
    }
    return true;
}

static bool paragraphs_make(struct search_terms *terms, const struct article *article,
                            struct arena *arena, struct search_document *out) {
    size_t count = article->paragraphs.count;
    struct places *places = arena_alloc(arena, count * sizeof *places);
    out->paragraphs = arena_alloc(arena, count * sizeof *out->paragraphs);
    if (places == NULL || out->paragraphs == NULL || !paragraphs_add(terms, article, places))
        return false;
    struct span whole = arena_copy(arena, buffer_span(&terms->terms));
    struct span variants = arena_copy(arena, buffer_span(&terms->variants));
    if (whole.at == NULL || variants.at == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        out->paragraphs[i] =
            (struct search_text){part(whole, places[i].terms, places[i].terms_end),
                                 part(variants, places[i].variants, places[i].variants_end)};
    out->paragraph_count = count;
    out->article.variants = variants;
    if (count > 0) {
        out->article.lead = out->paragraphs[0].terms;
        out->article.body = part(whole, places[0].terms_end, whole.bytes);
    }
    return true;
}

enum problem search_terms_make(struct search_terms *terms, const struct article *article,
                               struct arena *arena, struct search_document *out) {
    struct search_article *to = &out->article;
    *out = (struct search_document){.paragraphs = NULL};
    bool is_done =
        names_make(terms, &article->title, 1, arena, &to->title) &&
        names_make(terms, article->tags.items, article->tags.count, arena, &to->tags) &&
        names_make(terms, article->authors.items, article->authors.count, arena, &to->authors) &&
        names_make(terms, article->section.items, article->section.count, arena, &to->sections) &&
        paragraphs_make(terms, article, arena, out);
    return is_done ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}
