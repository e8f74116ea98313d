/* query.c: from the parts of a query to groups; see query.h. */
#include "domain/search/query.h"

#include "domain/search/query_parts.h"
#include "ground/utf8.h"

void query_note(struct query *query, enum query_note note) {
    static const char *const sentences[] = {
        [QUERY_NOTE_QUOTE] = "A quotation mark without its other half was ignored.",
        [QUERY_NOTE_OR] = "OR stands between two words or phrases; elsewhere it is a word.",
        [QUERY_NOTE_AND] = "AND and NOT are words: what stands side by side must all be found, and "
                           "'-' excludes.",
        [QUERY_NOTE_MINUS] = "A '-' excludes the word or phrase directly behind it; elsewhere it "
                             "was ignored.",
        [QUERY_NOTE_STAR] = "A '*' stands at the end of a word, behind three letters at least; "
                            "elsewhere it was ignored.",
        [QUERY_NOTE_STAR_INSIDE] =
            "A '*' between quotation marks was ignored: the phrase was looked for with its words "
            "whole. Behind the second mark, \"so many wor\"*, its last word may go on.",
        [QUERY_NOTE_NO_VALUE] = "A field without a word behind its colon was read as a word.",
        [QUERY_NOTE_NO_FIELD] = "The fields are title, author, tag and section; another name "
                                "before a colon was read as a word.",
        [QUERY_NOTE_NO_WORDS] = "There is no word in it, so nothing is found.",
        [QUERY_NOTE_TOO_LONG] = "Only its beginning was looked for: a search takes 12 words and "
                                "256 bytes.",
        [QUERY_NOTE_ONLY_EXCLUDED] = "It needs a word that is not excluded, so nothing is found.",
    };
    for (size_t i = 0; i < query->note_count; i++) {
        if (query->notes[i] == sentences[note])
            return;
    }
    if (query->note_count < QUERY_NOTES_MAX)
        query->notes[query->note_count++] = sentences[note];
}

/* ---- OR ---- */

static bool is_operand(const struct query_parts *parts, size_t at) {
    return at < parts->count && !parts->items[at].is_or && !parts->items[at].is_excluded;
}

/* What is left with is_or stands between two operands; the others become words. */
static void read_stray_ors(struct query_parts *parts, struct query *query) {
    for (size_t i = 0; i < parts->count; i++) {
        struct query_part *part = &parts->items[i];
        if (!part->is_or || (i > 0 && is_operand(parts, i - 1) && is_operand(parts, i + 1)))
            continue;
        part->is_or = false;
        query_note(query, QUERY_NOTE_OR);
    }
}

/* ---- limits ---- */

/* Leaves out the first part that is too much and all behind it; an OR does not stand last. */
static void keep_first_terms(struct query_parts *parts, struct query *query) {
    size_t terms = 0, kept = 0;
    for (; kept < parts->count; kept++) {
        const struct query_part *part = &parts->items[kept];
        terms += part->is_or ? 0 : part->terms;
        if (part->is_cut)
            query_note(query, QUERY_NOTE_TOO_LONG);
        /* The beginning of a phrase excludes more than the phrase. */
        if (terms > QUERY_TERMS_MAX || (part->is_cut && part->is_excluded))
            break;
    }
    if (kept == parts->count)
        return;
    query_note(query, QUERY_NOTE_TOO_LONG);
    parts->count = kept - (kept > 0 && parts->items[kept - 1].is_or);
}

/* So many bytes at most: up to a blank, or in the middle of the only word. */
static struct span cut(struct span text, size_t bytes_max) {
    size_t end = bytes_max;
    if (text.bytes <= bytes_max)
        return text;
    while (end > 0 && text.at[end] != ' ')
        end--;
    return (struct span){text.at, end > 0 ? end : utf8_cut(text, bytes_max)};
}

/* ---- groups ---- */

static bool make_groups(const struct query_parts *parts, struct arena *arena,
                        struct search_query *search) {
    struct search_item *items = arena_alloc(arena, parts->count * sizeof *items);
    search->groups = arena_alloc(arena, parts->count * sizeof *search->groups);
    search->excluded = arena_alloc(arena, parts->count * sizeof *search->excluded);
    if (items == NULL || search->groups == NULL || search->excluded == NULL)
        return false;
    for (size_t i = 0; i < parts->count; i++) {
        const struct query_part *part = &parts->items[i];
        if (part->is_excluded) {
            search->excluded[search->excluded_count++] = part->item;
        } else if (!part->is_or) {
            bool is_alternative = i > 0 && parts->items[i - 1].is_or;
            if (!is_alternative)
                search->groups[search->group_count++] = (struct search_group){items, 0};
            search->groups[search->group_count - 1].item_count++;
            *items++ = part->item;
        }
    }
    return true;
}

/* What is excluded comes last. */
static enum problem print(const struct query_parts *parts, struct arena *arena,
                          struct span *understood) {
    struct buffer out;
    buffer_init(&out);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < parts->count; i++) {
            if (parts->items[i].is_excluded != (round == 1))
                continue;
            if (out.used > 0)
                buffer_append_char(&out, ' ');
            query_part_print(&parts->items[i], arena, &out);
        }
    }
    *understood = arena_take_buffer(arena, &out);
    return understood->at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem parse(struct span text, struct arena *arena, struct query *out) {
    struct query_parts parts;
    if (!query_parts_make(text, arena, out, &parts))
        return PROBLEM_OUT_OF_MEMORY;
    read_stray_ors(&parts, out);
    keep_first_terms(&parts, out);
    if (!make_groups(&parts, arena, &out->search))
        return PROBLEM_OUT_OF_MEMORY;
    out->has_words = out->search.group_count > 0;
    if (!out->has_words)
        query_note(out,
                   out->search.excluded_count > 0 ? QUERY_NOTE_ONLY_EXCLUDED : QUERY_NOTE_NO_WORDS);
    return print(&parts, arena, &out->understood);
}

/* The normal form may be longer than the text, by quotation marks; it has to be a query, too, so
 * then less of the text is taken. */
enum problem query_parse(struct span text, struct arena *arena, struct query *out) {
    size_t given = text.bytes, too_much = 0;
    enum problem problem;
    text = cut(text, QUERY_BYTES_MAX);
    do {
        *out = (struct query){.understood = {"", 0}};
        text = arena_copy(arena, cut(text, text.bytes - too_much));
        if (text.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        if (text.bytes < given)
            query_note(out, QUERY_NOTE_TOO_LONG);
        problem = parse(text, arena, out);
        too_much = out->understood.bytes - QUERY_BYTES_MAX;
    } while (problem == PROBLEM_NONE && out->understood.bytes > QUERY_BYTES_MAX);
    return problem;
}
