/* quote_shingles.c: which runs of a quote's words to look for. Those that say most: long words make
 * a run rare, and rare runs are found fast. */
#include "domain/quotes/quote.h"
#include "domain/text/words.h"
#include "ground/utf8.h"

enum {
    WEIGHT_LETTERS_MAX = 10, /* of a word; longer ones are not rarer */
    COMMON_LETTERS = 3,      /* shorter ones are in every text */
};

/* The index takes as long as the words of a run are common. So of runs of common words alone, which
 * say little, fewer are looked for. */
static const struct {
    size_t words, items, common_items;
} runs[] = {
    [QUOTE_REACH_RARE] = {3, 2, 1},
    [QUOTE_REACH_LONG] = {5, 2, 1},
    [QUOTE_REACH_SHORT] = {2, 8, 3},
};

struct shingle_word {
    struct search_word word;
    size_t weight;
    size_t chain; /* a run of words that the index holds one behind the other */
};

struct shingle_words {
    struct shingle_word *list;
    size_t count;
};

/* The last character of a run without spaces may be followed by another where the quote was taken
 * from, so it is left out, unless it is all there is of the run. */
static enum problem read_words(struct span text, struct arena *arena, struct shingle_words *out) {
    struct words words;
    struct word word;
    bool is_behind_pair = false;
    size_t chain = 0;
    *out = (struct shingle_words){arena_alloc(arena, (text.bytes + 1) * sizeof *out->list), 0};
    if (out->list == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    words_begin(&words, text, arena);
    while (words_next(&words, &word)) {
        bool is_tail = word.kind == WORD_TAIL;
        size_t letters = utf8_count(word.folded);
        letters = letters < WEIGHT_LETTERS_MAX ? letters : WEIGHT_LETTERS_MAX;
        letters = letters <= COMMON_LETTERS ? 1 : letters * letters;
        if (is_tail)
            chain++;
        if (!is_tail || !is_behind_pair)
            out->list[out->count++] =
                (struct shingle_word){{word.folded, word.exact, word.variant},
                                      word.kind == WORD_PLAIN ? letters : WEIGHT_LETTERS_MAX * 2,
                                      chain};
        if (is_tail && !is_behind_pair)
            chain++;
        is_behind_pair = word.kind == WORD_PAIR;
    }
    return words.has_failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

/* ---- choosing ---- */

static size_t weigh(const struct shingle_words *words, size_t first, size_t width) {
    size_t weight = 0;
    for (size_t i = first; i < first + width; i++)
        weight += words->list[i].weight;
    return weight;
}

static bool is_one_chain(const struct shingle_words *words, size_t first, size_t width) {
    return first + width <= words->count &&
           words->list[first].chain == words->list[first + width - 1].chain;
}

/* The heaviest run of `width` words that begins in [from, stop); SIZE_MAX when there is none. */
static size_t heaviest(const struct shingle_words *words, size_t from, size_t stop, size_t width) {
    size_t best = SIZE_MAX, best_weight = 0;
    for (size_t i = from; i < stop; i++) {
        size_t weight = is_one_chain(words, i, width) ? weigh(words, i, width) : 0;
        if (weight > best_weight) {
            best = i;
            best_weight = weight;
        }
    }
    return best;
}

static bool add_item(const struct shingle_words *words, size_t first, size_t width,
                     struct arena *arena, struct search_item *item) {
    struct search_word *copy = arena_alloc(arena, width * sizeof *copy);
    if (copy == NULL)
        return false;
    for (size_t i = 0; i < width; i++)
        copy[i] = words->list[first + i].word;
    *item = (struct search_item){SEARCH_FIELD_ANY, copy, width, false, false};
    return true;
}

/* One run out of each of some equal stretches of the quote. */
static enum problem spread(const struct shingle_words *words, enum quote_reach reach,
                           struct arena *arena, struct search_item *items, size_t *count) {
    size_t width = runs[reach].words < words->count ? runs[reach].words : words->count;
    size_t begins = words->count - width + 1, common = 0;
    size_t parts = begins < runs[reach].items ? begins : runs[reach].items;
    for (size_t i = 0; i < parts; i++) {
        size_t first = heaviest(words, begins * i / parts, begins * (i + 1) / parts, width);
        if (first == SIZE_MAX)
            continue;
        if (weigh(words, first, width) == width && common++ >= runs[reach].common_items)
            continue;
        if (!add_item(words, first, width, arena, &items[*count]))
            return PROBLEM_OUT_OF_MEMORY;
        ++*count;
    }
    return PROBLEM_NONE;
}

/* A quote of a few words as it is. A single character of a script without spaces stands at the
 * beginning of a pair. */
static enum problem take_whole(const struct shingle_words *words, struct arena *arena,
                               struct search_item *items, size_t *count) {
    size_t width = 1;
    while (is_one_chain(words, 0, width + 1))
        width++;
    if (!add_item(words, 0, width, arena, &items[0]))
        return PROBLEM_OUT_OF_MEMORY;
    items[0].is_prefix = width == 1 && utf8_count(words->list[0].word.folded) == 1 &&
                         (unsigned char)words->list[0].word.folded.at[0] >= 0x80;
    *count = 1;
    return PROBLEM_NONE;
}

enum problem quote_shingles_choose(const struct quote *quote, enum quote_reach reach,
                                   struct arena *arena, struct search_item **items, size_t *count) {
    struct shingle_words words;
    *count = 0;
    *items = arena_alloc(arena, QUOTE_ITEMS_MAX * sizeof **items);
    if (*items == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = read_words(quote->text, arena, &words);
    if (problem != PROBLEM_NONE || words.count == 0)
        return problem;
    if (words.count > QUOTE_SHORT_WORDS)
        return spread(&words, reach, arena, *items, count);
    return reach == QUOTE_REACH_LONG ? take_whole(&words, arena, *items, count) : PROBLEM_NONE;
}
