/* quote_word.c: what it costs to take one word for another. */
#include "domain/quotes/quote_run.h"
#include "ground/utf8.h"

enum {
    SLIP_LETTERS_MIN = 4,  /* shorter words are the same or not */
    SLIP_LETTERS_MAX = 32, /* and longer ones */
    LETTERS_APART_MAX = 4, /* that only one of them has: else nothing is compared */
};

static bool has_digit(struct span folded) {
    for (size_t i = 0; i < folded.bytes; i++) {
        if (folded.at[i] >= '0' && folded.at[i] <= '9')
            return true;
    }
    return false;
}

static size_t letters_of(struct span folded, uint32_t letters[SLIP_LETTERS_MAX]) {
    size_t count = 0, bytes;
    for (size_t at = 0; at < folded.bytes && count < SLIP_LETTERS_MAX; at += bytes) {
        bytes = utf8_decode(folded, at, &letters[count++]);
        bytes = bytes == 0 ? 1 : bytes;
    }
    return count;
}

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Letters changed, left out, put in; two neighbours in the wrong order count as two. */
static unsigned distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
    unsigned row[SLIP_LETTERS_MAX + 1];
    for (unsigned j = 0; j <= b_count; j++)
        row[j] = j;
    for (size_t i = 0; i < a_count; i++) {
        unsigned diagonal = row[0]++;
        for (size_t j = 0; j < b_count; j++) {
            unsigned replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[b_count];
}

/* A slip of the pen costs in proportion to the letters that differ, and the whole weight once a
 * third of them do. Numbers have no slips: 2018 is not 2019. */
unsigned quote_replace_cost(const struct quote_token *quoted, const struct quote_token *seen) {
    uint32_t a[SLIP_LETTERS_MAX], b[SLIP_LETTERS_MAX];
    if (quote_token_equal(quoted, seen))
        return 0;
    if (quoted->folded.bytes < SLIP_LETTERS_MIN || seen->folded.bytes < SLIP_LETTERS_MIN ||
        __builtin_popcount(quoted->letters ^ seen->letters) > LETTERS_APART_MAX ||
        has_digit(quoted->folded) || has_digit(seen->folded))
        return quoted->weight;
    size_t a_count = letters_of(quoted->folded, a), b_count = letters_of(seen->folded, b);
    unsigned longer = (unsigned)(a_count > b_count ? a_count : b_count);
    unsigned apart = distance(a, a_count, b, b_count);
    unsigned cost = (quoted->weight * apart * 3 + longer - 1) / longer;
    return cost < quoted->weight ? cost : quoted->weight;
}
