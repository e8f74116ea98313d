/* query_parts.h: a query cut into its parts, before they become groups. For query*.c alone. */
#ifndef PILCROW_DOMAIN_SEARCH_QUERY_PARTS_H
#define PILCROW_DOMAIN_SEARCH_QUERY_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/search/query.h"
#include "ground/buffer.h"

struct query_part {
    bool
        is_or; /* the word OR, not in quotation marks: an operator if it stands between two items */
    bool is_excluded;
    struct span text; /* of what the words are made; without quotation marks, '*' and field */
    struct search_item item; /* with at least one word */
    size_t terms;            /* see QUERY_TERMS_MAX */
    bool is_cut;             /* there were more of them than a query takes */
};

struct query_parts {
    struct query_part *items;
    size_t count;
};

enum query_note {
    QUERY_NOTE_QUOTE,
    QUERY_NOTE_OR,
    QUERY_NOTE_AND,
    QUERY_NOTE_MINUS,
    QUERY_NOTE_STAR,
    QUERY_NOTE_STAR_INSIDE,
    QUERY_NOTE_NO_VALUE,
    QUERY_NOTE_NO_FIELD,
    QUERY_NOTE_NO_WORDS,
    QUERY_NOTE_TOO_LONG,
    QUERY_NOTE_ONLY_EXCLUDED,
};

/* Each is said once. */
void query_note(struct query *query, enum query_note note);

/* Cuts the text. False when out of memory. */
bool query_parts_make(struct span text, struct arena *arena, struct query *query,
                      struct query_parts *parts);

/* Makes the item of a part from its text, and cuts both to the words that a query takes; word_count
 * 0 when it has no words. `has_star`: its last
 * word is a beginning if it may be one; says so if not. False when out of memory. */
bool query_item_make(struct query_part *part, bool has_star, struct arena *arena,
                     struct query *query);

/* Appends the part as the normal form has it; the buffer has failed when out of memory. */
void query_part_print(const struct query_part *part, struct arena *arena, struct buffer *out);

struct span query_field_name(enum search_field field);

#endif
