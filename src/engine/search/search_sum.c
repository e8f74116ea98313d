/* search_sum.c: see search_sum.h. */
#include "engine/search/search_sum.h"

#include <stdlib.h>

enum {
    SHARES = 1 << 16,
    TOKEN_BYTES_MAX = 32768, /* FTS5 cuts a longer word */
};

static const char *const article_columns[] = {"title", "tags", "authors", "sections",
                                              "lead",  "body", "variants"};
static const char *const paragraph_columns[] = {"text", "variants"};

enum problem search_sum_init(struct search_sum *sum) {
    sum->shares = calloc(SHARES, sizeof *sum->shares);
    return sum->shares == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

void search_sum_fini(struct search_sum *sum) {
    free(sum->shares);
    sum->shares = NULL;
}

/* Every bit of the input moves half of those of the output. */
static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static size_t share_of(int64_t number) {
    return mix((uint64_t)number) % SHARES;
}

static uint64_t word_sum(int64_t number, struct span column, int64_t offset, struct span term) {
    if (term.bytes > TOKEN_BYTES_MAX)
        term.bytes = TOKEN_BYTES_MAX;
    uint64_t place = mix((uint64_t)number) + mix(span_hash(column) + (uint64_t)offset);
    return mix(mix(place) + span_hash(term));
}

/* One space stands between two terms; a column may begin with one. */
static void column_add(struct search_sum *sum, int64_t number, const char *name,
                       struct span terms) {
    uint64_t *share = &sum->shares[share_of(number)];
    struct span column = span_of(name);
    int64_t offset = 0;
    for (size_t at = 0; at < terms.bytes;) {
        const char *space = memchr(terms.at + at, ' ', terms.bytes - at);
        size_t end = space == NULL ? terms.bytes : (size_t)(space - terms.at);
        if (end > at)
            *share += word_sum(number, column, offset++, (struct span){terms.at + at, end - at});
        at = end + 1;
    }
}

void search_sum_article(struct search_sum *sum, int64_t number,
                        const struct search_article *article) {
    const struct span columns[] = {
        article->title, article->tags, article->authors,  article->sections,
        article->lead,  article->body, article->variants,
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        column_add(sum, number, article_columns[i], columns[i]);
}

void search_sum_paragraph(struct search_sum *sum, int64_t number, struct span terms,
                          struct span variants) {
    column_add(sum, number, paragraph_columns[0], terms);
    column_add(sum, number, paragraph_columns[1], variants);
}

enum problem search_sum_index(struct search_sum *sum, enum search_scope scope,
                              struct store *store) {
    rows_auto struct rows rows = {0};
    store_query(store,
                scope == SEARCH_ARTICLES ? SQL_search_article_words : SQL_search_paragraph_words,
                &rows, STORE_NO_VALUES);
    while (rows_next(&rows)) {
        int64_t number = rows_int(&rows, 0);
        sum->shares[share_of(number)] -=
            word_sum(number, rows_text(&rows, 1), rows_int(&rows, 2), rows_text(&rows, 3));
    }
    return rows_end(&rows);
}

bool search_sum_is_even(const struct search_sum *sum, int64_t number) {
    return sum->shares[share_of(number)] == 0;
}

size_t search_sum_uneven(const struct search_sum *sum) {
    size_t count = 0;
    for (size_t i = 0; i < SHARES; i++)
        count += sum->shares[i] != 0;
    return count;
}
