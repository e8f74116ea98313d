/* revision_pairs.c: which old paragraphs are worth comparing with a new one. An index from rare
 * words to old paragraphs names those that share most of them; the ones at the expected place are
 * added. So the work grows with the text and not with old times new. */
#include <stdlib.h>

#include "domain/revisions/revision_similar.h"

enum {
    CANDIDATES_MAX = 12,
    NEIGHBOURS = 3,              /* around the expected place */
    POSTINGS_MAX = 32,           /* a word in more old paragraphs than these tells nothing */
    WORDS_MAX = 4 * 1024 * 1024, /* of both sides together; beyond, words are sampled */
    BYTES_PER_WORD = 3,
};

struct posting {
    uint32_t hash;
    uint32_t old_index;
};

struct search {
    struct revision_run *run;
    struct revision_pairs *pairs;
    struct posting *postings;
    size_t posting_count;
    uint32_t *hits;    /* of each old paragraph */
    uint32_t *touched; /* old paragraphs with hits */
    size_t expected;   /* the old paragraph that would be next if nothing had changed */
};

/* ---- words and their index ---- */

static size_t free_bytes(const struct revision_side *side) {
    size_t bytes = 0;
    for (size_t i = 0; i < side->count; i++)
        bytes += revision_is_free(side, i) ? side->texts[i].bytes : 0;
    return bytes;
}

static struct revision_words *words_make(struct revision_run *run, const struct revision_side *side,
                                         unsigned sampling) {
    struct revision_words *words = arena_alloc(run->arena, side->count * sizeof *words);
    for (size_t i = 0; words != NULL && i < side->count; i++) {
        words[i] = (struct revision_words){NULL, 0, 0};
        if (revision_is_free(side, i) &&
            !revision_words_make(&words[i], side->texts[i], sampling, run->arena))
            return NULL;
    }
    return words;
}

static int posting_order(const void *left, const void *right) {
    const struct posting *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->old_index > b->old_index) - (a->old_index < b->old_index);
}

static bool index_make(struct search *search) {
    const struct revision_words *words = search->pairs->old_words;
    size_t old_count = search->run->old_side.count, total = 0;
    for (size_t i = 0; i < old_count; i++)
        total += words[i].count;
    search->postings = arena_alloc(search->run->arena, total * sizeof *search->postings);
    search->hits = arena_alloc(search->run->arena, old_count * sizeof *search->hits);
    search->touched = arena_alloc(search->run->arena, old_count * sizeof *search->touched);
    if (search->postings == NULL || search->hits == NULL || search->touched == NULL)
        return false;
    for (size_t i = 0; i < old_count; i++) {
        search->hits[i] = 0;
        for (size_t w = 0; w < words[i].count; w++)
            search->postings[search->posting_count++] =
                (struct posting){words[i].items[w].hash, (uint32_t)i};
    }
    qsort(search->postings, total, sizeof *search->postings, posting_order);
    return true;
}

static size_t posting_find(const struct search *search, uint32_t hash) {
    size_t low = 0, high = search->posting_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->postings[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- candidates of one new paragraph ---- */

static size_t distance_of(const struct search *search, size_t old_index) {
    return old_index > search->expected ? old_index - search->expected
                                        : search->expected - old_index;
}

struct candidates {
    size_t items[CANDIDATES_MAX + 2 * NEIGHBOURS + 1];
    size_t count;
};

/* More words in common first, then the nearer one. */
static bool is_better(const struct search *search, size_t a, size_t b) {
    if (search->hits[a] != search->hits[b])
        return search->hits[a] > search->hits[b];
    size_t a_distance = distance_of(search, a), b_distance = distance_of(search, b);
    return a_distance != b_distance ? a_distance < b_distance : a < b;
}

static void candidate_offer(const struct search *search, struct candidates *best, size_t offered) {
    if (best->count == CANDIDATES_MAX &&
        !is_better(search, offered, best->items[CANDIDATES_MAX - 1]))
        return;
    size_t at = best->count < CANDIDATES_MAX ? best->count++ : CANDIDATES_MAX - 1;
    for (; at > 0 && is_better(search, offered, best->items[at - 1]); at--)
        best->items[at] = best->items[at - 1];
    best->items[at] = offered;
}

static void neighbours_add(const struct search *search, struct candidates *best) {
    size_t first = search->expected < NEIGHBOURS ? 0 : search->expected - NEIGHBOURS;
    const struct revision_side *old_side = &search->run->old_side;
    for (size_t i = first; i <= search->expected + NEIGHBOURS && i < old_side->count; i++) {
        bool is_known = !revision_is_free(old_side, i);
        for (size_t c = 0; c < best->count; c++)
            is_known = is_known || best->items[c] == i;
        if (!is_known)
            best->items[best->count++] = i;
    }
}

static void candidates_find(struct search *search, const struct revision_words *words,
                            struct candidates *best) {
    size_t touched_count = 0;
    best->count = 0;
    for (size_t w = 0; w < words->count; w++) {
        size_t first = posting_find(search, words->items[w].hash), stop = first;
        while (stop < search->posting_count && stop - first <= POSTINGS_MAX &&
               search->postings[stop].hash == words->items[w].hash)
            stop++;
        if (stop - first > POSTINGS_MAX)
            continue;
        for (size_t p = first; p < stop; p++) {
            uint32_t old_index = search->postings[p].old_index;
            if (search->hits[old_index]++ == 0)
                search->touched[touched_count++] = old_index;
        }
    }
    for (size_t t = 0; t < touched_count; t++)
        candidate_offer(search, best, search->touched[t]);
    neighbours_add(search, best);
    for (size_t t = 0; t < touched_count; t++)
        search->hits[search->touched[t]] = 0;
}

/* ---- pairs ---- */

static unsigned share(size_t part, size_t whole) {
    return whole == 0 ? 0 : (unsigned)(part * 1000 / whole);
}

static void pair_add(struct search *search, size_t old_index, size_t new_index) {
    struct revision_pairs *pairs = search->pairs;
    const struct revision_words *old_words = &pairs->old_words[old_index];
    const struct revision_words *new_words = &pairs->new_words[new_index];
    search->run->comparisons++;
    size_t common = revision_words_common(old_words, new_words);
    struct revision_pair pair = {
        .old_index = old_index,
        .new_index = new_index,
        .distance = distance_of(search, old_index),
        .alike = share(2 * common, old_words->total + new_words->total),
        .of_old = share(common, old_words->total),
        .of_new = share(common, new_words->total),
    };
    bool is_worth = pair.alike >= REVISION_ALIKE || pair.of_old >= REVISION_PART ||
                    pair.of_new >= REVISION_PART;
    if (is_worth && pairs->count < pairs->capacity)
        pairs->items[pairs->count++] = pair;
}

static bool pairs_start(struct search *search) {
    struct revision_run *run = search->run;
    struct revision_pairs *pairs = search->pairs;
    size_t bytes = free_bytes(&run->old_side) + free_bytes(&run->new_side), free_count = 0;
    unsigned sampling = 0;
    while (2 * (bytes / BYTES_PER_WORD) >> sampling > WORDS_MAX)
        sampling++;
    for (size_t i = 0; i < run->new_side.count; i++)
        free_count += revision_is_free(&run->new_side, i);
    pairs->count = 0;
    pairs->capacity = free_count * (CANDIDATES_MAX + 2 * NEIGHBOURS + 1);
    pairs->items = arena_alloc(run->arena, pairs->capacity * sizeof *pairs->items);
    pairs->old_words = words_make(run, &run->old_side, sampling);
    pairs->new_words = words_make(run, &run->new_side, sampling);
    return pairs->items != NULL && pairs->old_words != NULL && pairs->new_words != NULL &&
           index_make(search);
}

enum problem revision_pairs_find(struct revision_run *run, struct revision_pairs *pairs) {
    struct search search = {.run = run, .pairs = pairs};
    if (!pairs_start(&search))
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < run->new_side.count; i++) {
        if (revision_is_free(&run->new_side, i)) {
            struct candidates best;
            candidates_find(&search, &pairs->new_words[i], &best);
            for (size_t c = 0; c < best.count; c++)
                pair_add(&search, best.items[c], i);
            search.expected++;
        } else if (run->steps[i].match == REVISION_EXACT) {
            search.expected = run->new_side.partner[i] + 1;
        }
    }
    return PROBLEM_NONE;
}
