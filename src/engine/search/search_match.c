/* search_match.c: the only place where a query becomes an expression of FTS5. Every word stands in
 * quotation marks, so that nothing of it is an operator: 18 of 27 raw texts of users are errors to
 * FTS5.
 *
 *     harbour ferry           ("harbour") AND ("ferry")
 *     title:"the last ferry"  (title : ("the last ferry"))
 *     müller OR boat*         ("muller" OR "mueller" OR "boat"*)
 *     harbour -boat           (("harbour")) NOT ("boat")
 *
 * A word is found by what it is folded to or by its variant, in any column: the column of variants
 * holds those of the texts, so a word is found there when a text writes it the other way. A phrase
 * is looked for as it is folded and, when words of it have variants, with all of them in place. The
 * column of variants has all of them in place as well; so when a text or a phrase writes one word
 * this way and the next one that way, the phrase is looked for in what the text is folded to: there
 * Århus is arhus, which "aarhus" only means where that word is found, too.
 *
 *     "aarhus muller"         ("aarhus muller" OR ("arhus muller" AND "aarhus")) */
#include "engine/search/search_match.h"

#include <string.h>

static const char *const columns[SEARCH_FIELD_COUNT] = {
    [SEARCH_FIELD_TITLE] = "title",
    [SEARCH_FIELD_AUTHOR] = "authors",
    [SEARCH_FIELD_TAG] = "tags",
    [SEARCH_FIELD_SECTION] = "sections",
};

/* A paragraph has no fields, and a phrase without words is found nowhere. */
static bool can_be_found(enum search_scope scope, const struct search_item *item) {
    return item->word_count > 0 && (scope == SEARCH_ARTICLES || item->field == SEARCH_FIELD_ANY);
}

static bool has_variant(const struct search_item *item) {
    for (size_t i = 0; i < item->word_count; i++) {
        if (item->words[i].variant.bytes > 0)
            return true;
    }
    return false;
}

static void word_print(struct span word, struct buffer *out) {
    for (size_t i = 0; i < word.bytes; i++) {
        if (word.at[i] == '"')
            buffer_append_char(out, '"');
        buffer_append_char(out, word.at[i] == '\0' ? ' ' : word.at[i]);
    }
}

static void phrase_print(const struct search_item *item, bool with_variants, struct buffer *out) {
    buffer_append_char(out, '"');
    for (size_t i = 0; i < item->word_count; i++) {
        const struct search_word *word = &item->words[i];
        if (i > 0)
            buffer_append_char(out, ' ');
        word_print(with_variants && word->variant.bytes > 0 ? word->variant : word->folded, out);
    }
    buffer_append_char(out, '"');
    if (item->is_prefix)
        buffer_append_char(out, '*');
}

/* ---- words of a phrase that are written each its own way ---- */

enum { MIXED_WORDS_MAX = 24, MIXED_MAX = 24, FORMS_MAX = 5, UNDONE_MAX = 2, UNDONE_ALL = ~0 };

/* What a word of a text may be folded to when this word is meant. */
struct form {
    struct span text;
    int undone; /* bit n: of its n-th ae, oe, ue or aa only the first letter is left */
};

static bool is_spelt_out(struct span word, size_t at) {
    return at + 1 < word.bytes &&
           ((word.at[at + 1] == 'e' && strchr("aou", word.at[at]) != NULL && word.at[at] != '\0') ||
            (word.at[at] == 'a' && word.at[at + 1] == 'a'));
}

static int count_spelt_out(struct span word) {
    int count = 0;
    for (size_t i = 0; i < word.bytes; i++) {
        if (!is_spelt_out(word, i))
            continue;
        count++;
        i++;
    }
    return count;
}

static size_t forms_of(const struct search_word *word, struct form forms[FORMS_MAX]) {
    size_t count = 0;
    int spelt_out = count_spelt_out(word->folded);
    forms[count++] = (struct form){word->folded, 0};
    if (word->variant.bytes > 0)
        forms[count++] = (struct form){word->variant, 0};
    for (int undone = 1; spelt_out <= UNDONE_MAX && undone < 1 << spelt_out; undone++)
        forms[count++] = (struct form){word->folded, undone};
    if (spelt_out > UNDONE_MAX)
        forms[count++] = (struct form){word->folded, UNDONE_ALL};
    return count;
}

static void form_print(const struct form *form, struct buffer *out) {
    unsigned bit = 1; /* 0 behind the 32nd letter that is spelt out: then none of them is undone */
    for (size_t i = 0; i < form->text.bytes; i++) {
        word_print((struct span){form->text.at + i, 1}, out);
        if (!is_spelt_out(form->text, i))
            continue;
        if (form->undone == UNDONE_ALL || ((unsigned)form->undone & bit) != 0)
            i++;
        else
            word_print((struct span){form->text.at + ++i, 1}, out);
        bit <<= 1;
    }
}

struct mixed {
    struct form forms[MIXED_WORDS_MAX][FORMS_MAX];
    size_t counts[MIXED_WORDS_MAX], chosen[MIXED_WORDS_MAX];
};

/* The next way to write the phrase; false when there is none. */
static bool mixed_next(struct mixed *mixed, size_t word_count) {
    for (size_t i = 0; i < word_count; i++) {
        if (++mixed->chosen[i] < mixed->counts[i])
            return true;
        mixed->chosen[i] = 0;
    }
    return false;
}

static void mixed_print(const struct search_item *item, const struct mixed *mixed,
                        struct buffer *out) {
    const char *star = item->is_prefix ? "*" : "";
    buffer_append_text(out, " OR (\"");
    for (size_t i = 0; i < item->word_count; i++) {
        if (i > 0)
            buffer_append_char(out, ' ');
        form_print(&mixed->forms[i][mixed->chosen[i]], out);
    }
    buffer_append_text(out, "\"");
    buffer_append_text(out, star);
    for (size_t i = 0; i < item->word_count; i++) {
        if (mixed->forms[i][mixed->chosen[i]].undone == 0)
            continue;
        buffer_append_text(out, " AND \"");
        word_print(item->words[i].folded, out);
        buffer_append_text(out, "\"");
        buffer_append_text(out, i + 1 == item->word_count ? star : "");
    }
    buffer_append_char(out, ')');
}

/* All but the first, which is the phrase as it is folded; up to so many. */
static void mixes_print(const struct search_item *item, struct buffer *out) {
    struct mixed mixed;
    if (!item->is_mixed || item->word_count > MIXED_WORDS_MAX)
        return;
    for (size_t i = 0; i < item->word_count; i++) {
        mixed.counts[i] = forms_of(&item->words[i], mixed.forms[i]);
        mixed.chosen[i] = 0;
    }
    for (size_t printed = 0; printed < MIXED_MAX && mixed_next(&mixed, item->word_count);)
        mixed_print(item, &mixed, out), printed++;
}

/* ---- items ---- */

static void item_print(const struct search_item *item, struct buffer *out) {
    const char *column = columns[item->field];
    if (column != NULL) {
        buffer_append_text(out, column);
        buffer_append_text(out, " : (");
    }
    phrase_print(item, false, out);
    if (has_variant(item)) {
        buffer_append_text(out, " OR ");
        phrase_print(item, true, out);
    }
    mixes_print(item, out);
    if (column != NULL)
        buffer_append_char(out, ')');
}

/* One of them; how many were printed. */
static size_t items_print(enum search_scope scope, const struct search_item *items, size_t count,
                          struct buffer *out) {
    size_t printed = 0;
    for (size_t i = 0; i < count; i++) {
        if (!can_be_found(scope, &items[i]))
            continue;
        buffer_append_text(out, printed++ == 0 ? "(" : " OR ");
        item_print(&items[i], out);
    }
    if (printed > 0)
        buffer_append_char(out, ')');
    return printed;
}

static size_t excluded_count(enum search_scope scope, const struct search_query *query) {
    size_t count = 0;
    for (size_t i = 0; i < query->excluded_count; i++)
        count += can_be_found(scope, &query->excluded[i]);
    return count;
}

void search_match_print(enum search_scope scope, const struct search_query *query,
                        struct buffer *out) {
    size_t start = out->used;
    bool excludes = excluded_count(scope, query) > 0;
    if (query->group_count == 0)
        return;
    if (excludes)
        buffer_append_char(out, '(');
    for (size_t i = 0; i < query->group_count; i++) {
        const struct search_group *group = &query->groups[i];
        if (i > 0)
            buffer_append_text(out, " AND ");
        if (items_print(scope, group->items, group->item_count, out) == 0) {
            out->used = start;
            return;
        }
    }
    if (!excludes)
        return;
    buffer_append_text(out, ") NOT ");
    (void)items_print(scope, query->excluded, query->excluded_count, out);
}
