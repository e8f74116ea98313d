/* query.c: from the parts of a query to groups; see query.h. */
#include "domain/query.h"

#include "domain/query_parts.h"

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
        [QUERY_NOTE_NO_VALUE] = "A field without a word behind its colon was read as a word.",
        [QUERY_NOTE_NO_FIELD] = "The fields are title, author, tag and section; another name "
                                "before a colon was read as a word.",
        [QUERY_NOTE_NO_WORDS] = "There is no word in it, so nothing is found.",
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
    *understood = arena_copy(arena, buffer_span(&out));
    bool has_failed = out.failed || understood->at == NULL;
    buffer_fini(&out);
    return has_failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static size_t count_terms(const struct query_parts *parts) {
    size_t count = parts->terms;
    for (size_t i = 0; i < parts->count; i++)
        count -= parts->items[i].is_or;
    return count;
}

enum problem query_parse(struct span text, struct arena *arena, struct query *out,
                         struct fault *fault) {
    struct query_parts parts;
    *out = (struct query){.understood = {"", 0}};
    if (text.bytes > QUERY_BYTES_MAX) {
        fault_set(fault, "a search takes at most %d bytes, not %zu", QUERY_BYTES_MAX, text.bytes);
        return PROBLEM_BAD_PARAMETER;
    }
    text = arena_copy(arena, text);
    if (text.at == NULL || !query_parts_make(text, arena, out, &parts))
        return PROBLEM_OUT_OF_MEMORY;
    read_stray_ors(&parts, out);
    size_t terms = count_terms(&parts);
    if (terms > QUERY_TERMS_MAX) {
        fault_set(fault, "a search takes at most %d words, not %zu", QUERY_TERMS_MAX, terms);
        return PROBLEM_BAD_PARAMETER;
    }
    if (!make_groups(&parts, arena, &out->search))
        return PROBLEM_OUT_OF_MEMORY;
    out->has_words = out->search.group_count > 0;
    if (!out->has_words)
        query_note(out,
                   out->search.excluded_count > 0 ? QUERY_NOTE_ONLY_EXCLUDED : QUERY_NOTE_NO_WORDS);
    return print(&parts, arena, &out->understood);
}
