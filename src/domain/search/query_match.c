/* query_match.c: where the words of a query stand in a text; see query.h.
 *
 * All items are followed at once, one bit for each of their words: bit k of `running` says that the
 * words of its item up to k were the last words of the text. One pass over the text, whatever its
 * length. */
#include "domain/search/query.h"

#include "domain/text/words.h"

enum { BITS = 64, MARKS_FIRST = 8 };

_Static_assert((int)QUERY_WORDS_MAX <= (int)BITS, "each word of a query has its bit");

struct pattern {
    const struct search_word *words[BITS];
    size_t bits;
    uint64_t starts, ends,
        prefixes;                /* first and last words of items; last words that are beginnings */
    unsigned char lengths[BITS]; /* at an end: how many words the item has */
    unsigned char groups[BITS];  /* and of which group it is */
    bool first_bytes[256];       /* that some word begins with */
};

/* What is remembered of the last words of the text. */
struct past {
    size_t start;
    uint64_t exact; /* the bits of the words that it is, written the same */
};

struct matcher {
    struct pattern pattern;
    struct past past[BITS];
    size_t word_number;
    uint64_t running;
    uint64_t groups_found;
    size_t groups_wanted;
    size_t marks_max, marks_room;
    struct arena *arena;
    struct query_match *out;
};

/* ---- the items ---- */

static void add_item(struct pattern *pattern, const struct search_item *item, size_t group) {
    if (item->word_count == 0 || pattern->bits + item->word_count > BITS)
        return;
    pattern->starts |= UINT64_C(1) << pattern->bits;
    for (size_t i = 0; i < item->word_count; i++) {
        const struct search_word *word = &item->words[i];
        pattern->words[pattern->bits++] = word;
        pattern->first_bytes[(unsigned char)word->folded.at[0]] = true;
    }
    size_t last = pattern->bits - 1;
    pattern->ends |= UINT64_C(1) << last;
    pattern->prefixes |= (uint64_t)item->is_prefix << last;
    pattern->lengths[last] = (unsigned char)item->word_count;
    pattern->groups[last] = (unsigned char)(group % BITS);
}

static void add_items(struct matcher *matcher, const struct search_query *search,
                      enum search_field field) {
    for (size_t g = 0; g < search->group_count; g++) {
        const struct search_group *group = &search->groups[g];
        size_t bits = matcher->pattern.bits;
        for (size_t i = 0; i < group->item_count; i++) {
            enum search_field where = group->items[i].field;
            if (where == SEARCH_FIELD_ANY || where == field)
                add_item(&matcher->pattern, &group->items[i], g);
        }
        matcher->groups_wanted += matcher->pattern.bits > bits;
    }
}

/* ---- one word ---- */

static bool begins(struct span text, struct span with) {
    return text.bytes >= with.bytes && memcmp(text.at, with.at, with.bytes) == 0;
}

static bool is_same(const struct word *word, const struct search_word *wanted) {
    return span_equal(word->folded, wanted->folded) ||
           (wanted->variant.bytes > 0 && span_equal(word->folded, wanted->variant)) ||
           (word->variant.bytes > 0 && span_equal(word->variant, wanted->folded));
}

static bool is_beginning(const struct word *word, const struct search_word *wanted) {
    return begins(word->folded, wanted->folded) ||
           (wanted->variant.bytes > 0 && begins(word->folded, wanted->variant)) ||
           (word->variant.bytes > 0 && begins(word->variant, wanted->folded));
}

/* Which words of the query this one is; *exact those that are written the same. */
static uint64_t compare(const struct pattern *pattern, const struct word *word, uint64_t *exact) {
    uint64_t same = 0;
    *exact = 0;
    if (!pattern->first_bytes[(unsigned char)word->folded.at[0]])
        return 0;
    for (size_t i = 0; i < pattern->bits; i++) {
        const struct search_word *wanted = pattern->words[i];
        uint64_t bit = UINT64_C(1) << i;
        bool is_prefix = (pattern->prefixes & bit) != 0;
        if (is_prefix ? !is_beginning(word, wanted) : !is_same(word, wanted))
            continue;
        same |= bit;
        if (is_prefix ? begins(word->exact, wanted->exact) : span_equal(word->exact, wanted->exact))
            *exact |= bit;
    }
    return same;
}

/* ---- marks ---- */

static bool make_room(struct matcher *matcher) {
    size_t room = matcher->marks_room == 0 ? MARKS_FIRST : matcher->marks_room * 2;
    struct query_match *out = matcher->out;
    struct query_mark *marks = arena_alloc(matcher->arena, room * sizeof *marks);
    if (marks == NULL)
        return false;
    if (out->mark_count > 0)
        memcpy(marks, out->marks, out->mark_count * sizeof *marks);
    out->marks = marks;
    matcher->marks_room = room;
    return true;
}

enum added { ADDED, ADDED_NOT, ADDED_NO_MEMORY };

/* Marks that overlap or touch become one: a new mark ends last, so it takes those that it reaches
 * from the end. */
static enum added add_mark(struct matcher *matcher, struct query_mark mark) {
    struct query_match *out = matcher->out;
    while (out->mark_count > 0 && out->marks[out->mark_count - 1].end >= mark.start) {
        struct query_mark last = out->marks[--out->mark_count];
        mark.start = last.start < mark.start ? last.start : mark.start;
        mark.end = last.end > mark.end ? last.end : mark.end;
    }
    if (out->mark_count == matcher->marks_max)
        return ADDED_NOT;
    if (out->mark_count == matcher->marks_room && !make_room(matcher))
        return ADDED_NO_MEMORY;
    out->marks[out->mark_count++] = mark;
    return ADDED;
}

/* An item ends with this word. */
static enum added take_item(struct matcher *matcher, size_t last, struct query_mark place) {
    const struct pattern *pattern = &matcher->pattern;
    size_t length = pattern->lengths[last];
    size_t first_number = matcher->word_number + 1 - length;
    matcher->groups_found |= UINT64_C(1) << pattern->groups[last];
    enum added added =
        add_mark(matcher, (struct query_mark){matcher->past[first_number % BITS].start, place.end});
    for (size_t i = 0; added == ADDED && i < length; i++) {
        uint64_t bit = UINT64_C(1) << (last + 1 - length + i);
        matcher->out->exact_count += (matcher->past[(first_number + i) % BITS].exact & bit) != 0;
    }
    return added;
}

/* Where the mark of a word ends. Of a pair that only begins as it should, behind its first half,
 * which is where the words go on. */
static size_t mark_end(const struct matcher *matcher, size_t last, const struct words *words,
                       const struct word *word) {
    bool is_whole = (matcher->pattern.prefixes >> last & 1) == 0 || word->kind != WORD_PAIR;
    return is_whole ? word->end : words->code_point;
}

static enum added take_word(struct matcher *matcher, const struct words *words,
                            const struct word *word) {
    struct past *now = &matcher->past[matcher->word_number % BITS];
    uint64_t same = compare(&matcher->pattern, word, &now->exact);
    now->start = word->start;
    matcher->running = (matcher->running << 1 | matcher->pattern.starts) & same;
    uint64_t ended = matcher->running & matcher->pattern.ends;
    enum added worst = ADDED;
    for (; ended != 0 && worst != ADDED_NO_MEMORY; ended &= ended - 1) {
        size_t last = (size_t)__builtin_ctzll(ended);
        enum added added = take_item(
            matcher, last, (struct query_mark){word->start, mark_end(matcher, last, words, word)});
        worst = added > worst ? added : worst;
    }
    matcher->word_number++;
    return worst;
}

enum problem query_match(const struct query *query, enum search_field field, struct span text,
                         size_t marks_max, struct arena *arena, struct query_match *out) {
    struct matcher matcher = {.marks_max = marks_max, .arena = arena, .out = out};
    struct words words;
    struct word word;
    enum added added = ADDED;
    *out = (struct query_match){0};
    add_items(&matcher, &query->search, field);
    words_begin(&words, text, arena);
    while (matcher.groups_wanted > 0 && words_next(&words, &word)) {
        added = take_word(&matcher, &words, &word);
        words_forget(&words);
        size_t found = (size_t)__builtin_popcountll(matcher.groups_found);
        if (added == ADDED_NO_MEMORY || (added == ADDED_NOT && found == matcher.groups_wanted))
            break;
    }
    out->group_count = (size_t)__builtin_popcountll(matcher.groups_found);
    return words.has_failed || added == ADDED_NO_MEMORY ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}
