/* text_diff_words.h: which words of two texts are not common to both. For text_diff.c alone. */
#ifndef PILCROW_DOMAIN_TEXT_TEXT_DIFF_WORDS_H
#define PILCROW_DOMAIN_TEXT_TEXT_DIFF_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ground/arena.h"
#include "ground/span.h"

struct text_diff_word {
    struct span text;
    uint64_t hash;
    bool is_word; /* not blanks, not a mark of punctuation */
    bool is_changed;
};

struct text_diff_words {
    struct text_diff_word *items;
    size_t count;
};

/* Sets is_changed on both sides; those that stay false are the same words in the same order. False
 * when out of memory. *is_coarse is set when *effort ran out. */
bool text_diff_words_compare(struct text_diff_words *from, struct text_diff_words *to,
                             size_t *effort, struct arena *arena, bool *is_coarse);

#endif
