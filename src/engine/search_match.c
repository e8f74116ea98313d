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
 * is looked for as it is folded and, when words of it have variants, with all of them in place. */
#include "engine/search_match.h"

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
