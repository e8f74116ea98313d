/* revision_words.h: a paragraph as the set of its words and word pairs, which is what similar
 * means: two paragraphs are as alike as the share of words and pairs that they have in common.
 * Pure. */
#ifndef PILCROW_DOMAIN_REVISIONS_REVISION_WORDS_H
#define PILCROW_DOMAIN_REVISIONS_REVISION_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "ground/arena.h"
#include "ground/span.h"

struct revision_word {
    uint32_t hash;
    uint32_t times;
};

struct revision_words {
    struct revision_word *items; /* by hash, each once */
    size_t count;
    size_t total; /* with repetitions */
};

/* `sampling` keeps one hash in 2^sampling: the same ones everywhere, so that shares stay
 * comparable. false when out of memory. */
bool revision_words_make(struct revision_words *words, struct span text, unsigned sampling,
                         struct arena *arena);

/* How many they have in common. */
size_t revision_words_common(const struct revision_words *a, const struct revision_words *b);

/* Takes from `whole` what `part` has; the items stay, some with `times` 0. */
void revision_words_take(struct revision_words *whole, const struct revision_words *part);

#endif
