/* revision_words.c: text into words. A word is a run of letters and digits, ASCII capitals as
 * small; where a script writes no spaces, each character is one. */
#include "domain/revisions/revision_words.h"

#include <stdlib.h>

#include "ground/utf8.h"

enum { MUCH_LONGER = 16 };

static bool is_alone(uint32_t code) {
    return code >= 0x2E80 || (code >= 0x0E00 && code <= 0x0EFF) ||
           (code >= 0x1000 && code <= 0x109F) || (code >= 0x1780 && code <= 0x17FF);
}

static bool is_between(uint32_t code) {
    if (code < 0x80)
        return !((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
                 (code >= 'A' && code <= 'Z'));
    return code < 0xC0 || (code >= 0x2000 && code <= 0x206F) || (code >= 0x3000 && code <= 0x301F);
}

/* Spreads the bits of a hash, so that sampling by the lowest ones is fair. */
static uint32_t mix(uint32_t hash) {
    hash ^= hash >> 16;
    hash *= 0x7FEB352DU;
    hash ^= hash >> 15;
    hash *= 0x846CA68BU;
    return hash ^ hash >> 16;
}

/* Reads the word at or after *at; 0 when there is none. */
static uint32_t word_next(struct span text, size_t *at) {
    uint32_t hash = 2166136261U;
    bool has_any = false;
    while (*at < text.bytes) {
        uint32_t code = 0xFFFD;
        size_t bytes = utf8_decode(text, *at, &code);
        bytes = bytes == 0 ? 1 : bytes;
        bool is_end = is_between(code) || (is_alone(code) && has_any);
        if (is_end && has_any)
            break;
        *at += bytes;
        if (is_end)
            continue;
        if (code >= 'A' && code <= 'Z')
            code += 'a' - 'A';
        hash = (hash ^ code) * 16777619U;
        has_any = true;
        if (is_alone(code))
            break;
    }
    return has_any ? mix(hash) | 1U : 0;
}

/* Writes the kept hashes of words and pairs to `out`, or only counts them when it is NULL. */
static size_t scan(struct span text, unsigned sampling, struct revision_word *out) {
    uint32_t mask = (UINT32_C(1) << sampling) - 1, before = 0, word;
    size_t at = 0, count = 0;
    while ((word = word_next(text, &at)) != 0) {
        const uint32_t hashes[2] = {mix(word), mix(before * 31 + word)};
        for (size_t i = 0; i < (before == 0 ? 1 : 2); i++) {
            if ((hashes[i] & mask) != 0)
                continue;
            if (out != NULL)
                out[count] = (struct revision_word){hashes[i], 1};
            count++;
        }
        before = word;
    }
    return count;
}

static int hash_order(const void *left, const void *right) {
    const struct revision_word *a = left, *b = right;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

bool revision_words_make(struct revision_words *words, struct span text, unsigned sampling,
                         struct arena *arena) {
    size_t total = scan(text, sampling, NULL), count = 0;
    struct revision_word *items = arena_alloc(arena, total * sizeof *items);
    if (items == NULL)
        return false;
    (void)scan(text, sampling, items);
    qsort(items, total, sizeof *items, hash_order);
    for (size_t i = 0; i < total; i++) {
        if (count > 0 && items[count - 1].hash == items[i].hash)
            items[count - 1].times++;
        else
            items[count++] = items[i];
    }
    *words = (struct revision_words){items, count, total};
    return true;
}

static struct revision_word *find(const struct revision_words *words, uint32_t hash) {
    size_t low = 0, high = words->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (words->items[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < words->count && words->items[low].hash == hash ? &words->items[low] : NULL;
}

static size_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

size_t revision_words_common(const struct revision_words *a, const struct revision_words *b) {
    size_t common = 0;
    if (a->count > b->count)
        return revision_words_common(b, a);
    if (b->count / MUCH_LONGER > a->count) {
        for (size_t i = 0; i < a->count; i++) {
            const struct revision_word *other = find(b, a->items[i].hash);
            common += other == NULL ? 0 : least(a->items[i].times, other->times);
        }
        return common;
    }
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        uint32_t left = a->items[i].hash, right = b->items[j].hash;
        if (left == right)
            common += least(a->items[i].times, b->items[j].times);
        i += left <= right;
        j += right <= left;
    }
    return common;
}

void revision_words_take(struct revision_words *whole, const struct revision_words *part) {
    for (size_t i = 0; i < part->count; i++) {
        struct revision_word *word = find(whole, part->items[i].hash);
        if (word != NULL)
            word->times -= (uint32_t)least(word->times, part->items[i].times);
    }
}
