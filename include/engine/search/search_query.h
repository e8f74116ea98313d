/* search_query.h: what is looked for, as a tree that knows no engine. domain/search/query.c makes
 * it out of what a person wrote; search_index.h looks for it. Plain data; everything lives in the
 * request's arena. */
#ifndef PILCROW_ENGINE_SEARCH_SEARCH_QUERY_H
#define PILCROW_ENGINE_SEARCH_SEARCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/span.h"

enum search_scope { SEARCH_ARTICLES, SEARCH_PARAGRAPHS, SEARCH_SCOPE_COUNT };

enum search_field {
    SEARCH_FIELD_ANY,
    SEARCH_FIELD_TITLE,
    SEARCH_FIELD_AUTHOR,
    SEARCH_FIELD_TAG,
    SEARCH_FIELD_SECTION,
    SEARCH_FIELD_COUNT
};

/* See domain/text/words.h for the three forms. */
struct search_word {
    struct span folded, exact, variant;
};

/* One word, or a phrase: words that stand one behind the other. */
struct search_item {
    enum search_field field;
    struct search_word *words;
    size_t word_count;
    bool is_prefix; /* of its last word */
    bool is_mixed;  /* each word may be written its own way: "Aarhus Muller" for Århus Müller */
};

/* One of them must be found. */
struct search_group {
    struct search_item *items;
    size_t item_count;
};

struct search_query {
    struct search_group *groups; /* all must be found */
    size_t group_count;
    struct search_item *excluded; /* none may be found */
    size_t excluded_count;
};

#endif
