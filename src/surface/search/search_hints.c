/* search_hints.c: see search_hints.h. A word that stands nowhere is tried with one letter more,
 * less, changed, or two swapped: a few hundred questions to the index, each answered by one look.
 * That needs nothing of the engine, and finds a mistake in the first letter as well. */
#include "surface/search/search_hints.h"

#include "domain/text/words.h"
#include "engine/render.h"
#include "ground/clock.h"
#include "surface/address.h"
#include "surface/search/term_suggest.h"

enum {
    HINTS_MAX = 3,
    NAMES_MAX = 3,
    TRIED_BYTES_MAX = 96, /* of a word with a mistake */
    LETTERS_MIN = 3,      /* shorter words are near to everything */
    COUNTED_MAX = 50,     /* matches by which candidates are compared */
    TIME_SHARE = 3,       /* this part of the time that a search may take */
};

/* A word of the text that stands nowhere, and what it could be. */
struct candidate {
    char text[TRIED_BYTES_MAX];
    size_t bytes;
    int64_t count; /* matches, counted up to COUNTED_MAX */
};

struct hints {
    const struct search *search;
    struct span wrong;  /* in the text of `q` */
    struct span folded; /* the same as the index knows it */
    struct candidate best[HINTS_MAX];
    size_t count;
    int64_t until_ns;
    json_t *list;
};

static bool is_late(const struct hints *hints) {
    return clock_ns() > hints->until_ns;
}

/* How many matches one word has by itself, up to `most`. */
static enum problem count_word(const struct hints *hints, struct span folded, int64_t most,
                               int64_t *count) {
    struct search_word word = {folded, folded, {NULL, 0}};
    struct search_item item = {SEARCH_FIELD_ANY, &word, 1, false, false};
    struct search_group group = {&item, 1};
    struct search alone = *hints->search;
    alone.asked = (struct search_query){&group, 1, NULL, 0};
    alone.finds_nothing = alone.has_articles = alone.has_excluded = false;
    alone.is_filtered = false;
    return search_matches_count(&alone, most, count);
}

/* ---- near words ---- */

static void keep(struct hints *hints, const struct candidate *one) {
    size_t at = hints->count;
    for (size_t i = 0; i < hints->count; i++) {
        if (hints->best[i].bytes == one->bytes &&
            memcmp(hints->best[i].text, one->text, one->bytes) == 0)
            return;
    }
    if (at == HINTS_MAX && one->count <= hints->best[--at].count)
        return;
    if (hints->count < HINTS_MAX)
        hints->count++;
    for (; at > 0 && one->count > hints->best[at - 1].count; at--)
        hints->best[at] = hints->best[at - 1];
    hints->best[at] = *one;
}

/* The word with `cut` bytes at `at` replaced. */
static enum problem try_word(struct hints *hints, size_t at, size_t cut, struct span put) {
    struct candidate one = {.count = 0};
    struct span word = hints->folded;
    one.bytes = word.bytes - cut + put.bytes;
    if (one.bytes == 0 || one.bytes >= TRIED_BYTES_MAX)
        return PROBLEM_NONE;
    if (is_late(hints)) {
        hints->search->request->is_cut = true;
        return PROBLEM_NONE;
    }
    memcpy(one.text, word.at, at);
    memcpy(one.text + at, put.at, put.bytes);
    memcpy(one.text + at + put.bytes, word.at + at + cut, word.bytes - at - cut);
    enum problem problem =
        count_word(hints, (struct span){one.text, one.bytes}, COUNTED_MAX, &one.count);
    if (problem == PROBLEM_NONE && one.count > 0)
        keep(hints, &one);
    return problem;
}

static size_t character_bytes(struct span text, size_t at) {
    size_t bytes = 1;
    while (at + bytes < text.bytes && ((unsigned char)text.at[at + bytes] & 0xC0) == 0x80)
        bytes++;
    return bytes;
}

/* Folded letters of the script that a character is of: nobody mistypes into another one. */
static struct span letters_near(struct span word, size_t at) {
    unsigned char lead = (unsigned char)word.at[at];
    if (lead == 0xD0 || lead == 0xD1)
        return SPAN_LITERAL("абвгдежзийклмнопрстуфхцчшщъыьэюя");
    if (lead == 0xCE || lead == 0xCF)
        return SPAN_LITERAL("αβγδεζηθικλμνξοπρστυφχψω");
    if (lead < 0x80)
        return SPAN_LITERAL("abcdefghijklmnopqrstuvwxyz");
    return (struct span){"", 0};
}

/* One letter put in front of the character at `at`, or in its place. */
static enum problem try_letters(struct hints *hints, size_t at, size_t cut, size_t near) {
    struct span letters = letters_near(hints->folded, near);
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0, bytes = 0; i < letters.bytes && problem == PROBLEM_NONE; i += bytes) {
        bytes = character_bytes(letters, i);
        problem = try_word(hints, at, cut, (struct span){letters.at + i, bytes});
    }
    return problem;
}

static enum problem try_swap(struct hints *hints, size_t at, size_t bytes) {
    char swapped[16];
    struct span word = hints->folded;
    size_t next = character_bytes(word, at + bytes);
    if (bytes + next > sizeof swapped)
        return PROBLEM_NONE;
    memcpy(swapped, word.at + at + bytes, next);
    memcpy(swapped + next, word.at + at, bytes);
    return try_word(hints, at, bytes + next, (struct span){swapped, bytes + next});
}

/* The cheap mistakes first: two letters swapped, one too many. */
static enum problem try_near(struct hints *hints) {
    struct span word = hints->folded;
    enum problem problem = PROBLEM_NONE;
    for (size_t at = 0, bytes = 0; at < word.bytes && problem == PROBLEM_NONE; at += bytes) {
        bytes = character_bytes(word, at);
        problem = try_word(hints, at, bytes, (struct span){"", 0});
        if (problem == PROBLEM_NONE && at + bytes < word.bytes)
            problem = try_swap(hints, at, bytes);
    }
    for (size_t at = 0, bytes = 0; at < word.bytes && problem == PROBLEM_NONE; at += bytes) {
        bytes = character_bytes(word, at);
        problem = try_letters(hints, at, bytes, at);
        if (problem == PROBLEM_NONE)
            problem = try_letters(hints, at, 0, at);
        if (problem == PROBLEM_NONE && at + bytes == word.bytes)
            problem = try_letters(hints, word.bytes, 0, at);
    }
    return problem;
}

/* ---- other queries ---- */

/* Adds another text for `q`, when it finds something. */
static enum problem add_query(struct hints *hints, struct span text) {
    struct search other = *hints->search;
    struct request *request = other.request;
    int64_t count = 0;
    if (text.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    struct fault kept = request->fault;
    enum problem problem = search_matches_ask(&other, text);
    request->fault = kept;
    if (problem == PROBLEM_BAD_PARAMETER)
        return PROBLEM_NONE;
    if (problem == PROBLEM_NONE)
        problem = search_matches_count(&other, 1, &count);
    if (problem != PROBLEM_NONE || count == 0)
        return problem;
    json_t *hint = json_object();
    render_set(hint, "type", render_text(SPAN_LITERAL("query")));
    render_set(hint, "q", render_text(text));
    bool is_whole = render_set(hint, "url", render_text(address_of_page(request, "q", text))) &&
                    json_array_append_new(hints->list, hint) == 0;
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static struct span replace(const struct hints *hints, struct span text,
                           const struct candidate *one) {
    size_t at = (size_t)(hints->wrong.at - text.at), behind = at + hints->wrong.bytes;
    struct buffer out;
    buffer_init(&out);
    buffer_append(&out, text.at, at);
    buffer_append(&out, one->text, one->bytes);
    buffer_append(&out, text.at + behind, text.bytes - behind);
    return arena_take_buffer(hints->search->request->arena, &out);
}

/* Names of fields, operators and what is excluded are not looked for. */
static bool is_looked_for(struct span text, const struct word *word) {
    const char *end = word->text.at + word->text.bytes, *text_end = text.at + text.bytes;
    bool is_excluded = word->text.at > text.at && word->text.at[-1] == '-' &&
                       (word->text.at - 1 == text.at || word->text.at[-2] == ' ');
    bool is_field = end < text_end && (*end == ':' || *end == '*');
    return word->kind == WORD_PLAIN && !is_excluded && !is_field && !span_is(word->text, "OR");
}

/* The first word of the text that stands nowhere. */
static enum problem find_wrong(struct hints *hints, struct span text, bool *is_found) {
    struct words words;
    struct word word;
    *is_found = false;
    words_begin(&words, text, hints->search->request->arena);
    while (!*is_found && words_next(&words, &word)) {
        int64_t count = 0;
        if (!is_looked_for(text, &word) || word.end - word.start < LETTERS_MIN)
            continue;
        enum problem problem = count_word(hints, word.folded, 1, &count);
        if (problem != PROBLEM_NONE)
            return problem;
        *is_found = count == 0;
        hints->wrong = word.text;
        hints->folded = word.folded;
    }
    return words.has_failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem add_corrected(struct hints *hints, struct span text) {
    bool is_found = false;
    enum problem problem = find_wrong(hints, text, &is_found);
    if (problem == PROBLEM_NONE && is_found)
        problem = try_near(hints);
    for (size_t i = 0; i < hints->count && problem == PROBLEM_NONE; i++)
        problem = add_query(hints, replace(hints, text, &hints->best[i]));
    return problem;
}

/* All words are known, but do not stand together: one of them is enough. */
static enum problem add_any(struct hints *hints, struct span text) {
    struct words words;
    struct word word;
    struct buffer out;
    size_t count = 0;
    buffer_init(&out);
    words_begin(&words, text, hints->search->request->arena);
    while (words_next(&words, &word)) {
        if (!is_looked_for(text, &word))
            continue;
        if (count++ > 0)
            buffer_append_text(&out, " OR ");
        buffer_append_span(&out, word.text);
    }
    struct span any = arena_take_buffer(hints->search->request->arena, &out);
    return count > 1 ? add_query(hints, any) : PROBLEM_NONE;
}

enum problem search_hints_add(const struct search *search, json_t *meta) {
    const uint64_t every_type = 1u << PARAM_SUGGEST_TITLE | 1u << PARAM_SUGGEST_TAG |
                                1u << PARAM_SUGGEST_AUTHOR | 1u << PARAM_SUGGEST_SECTION;
    struct request *request = search->request;
    struct span text = request->params.values[PARAM_Q].text;
    struct hints hints = {.search = search, .until_ns = INT64_MAX, .list = json_array()};
    int64_t deadline_ms = search_matches_deadline_ms(request);
    if (deadline_ms > 0)
        hints.until_ns = clock_ns() + deadline_ms * 1000000 / TIME_SHARE;
    enum problem problem = PROBLEM_NONE;
    if (search->query.has_words && !search->filter.is_empty)
        problem = add_corrected(&hints, text);
    if (problem == PROBLEM_NONE && search->query.has_words && json_array_size(hints.list) == 0)
        problem = add_any(&hints, text);
    if (problem == PROBLEM_NONE && search->query.has_words)
        problem = term_suggest_add(request, text, every_type, NAMES_MAX, hints.list);
    if (problem == PROBLEM_QUERY_TIMEOUT) { /* the answer stands without hints */
        request->is_cut = true;
        problem = PROBLEM_NONE;
    }
    if (problem == PROBLEM_NONE && !render_set(meta, "suggestions", hints.list))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}
