/* quote_help.h: a quote looked for in paragraphs, and what must hold of any match. */
#ifndef QUOTE_HELP_H
#define QUOTE_HELP_H

#include <stdio.h>

#include "domain/quotes/quote.h"
#include "ground/utf8.h"

enum { QUOTE_HELP_PARAGRAPHS = 8 };

struct quote_case {
    struct quote quote;
    struct quote_tokens paragraphs[QUOTE_HELP_PARAGRAPHS];
    size_t paragraph_count;
    struct quote_match match;
};

/* Paragraphs are parted by `mark`. False when out of memory. */
static inline bool quote_help_find(struct span text, struct span paragraphs, char mark,
                                   struct arena *arena, struct quote_case *out) {
    size_t effort = QUOTE_EFFORT;
    *out = (struct quote_case){.paragraph_count = 0};
    if (quote_parse(text, arena, &out->quote) != PROBLEM_NONE)
        return false;
    while (out->paragraph_count < QUOTE_HELP_PARAGRAPHS) {
        const char *end = memchr(paragraphs.at, mark, paragraphs.bytes);
        size_t bytes = end == NULL ? paragraphs.bytes : (size_t)(end - paragraphs.at);
        if (quote_tokens_read((struct span){paragraphs.at, bytes}, arena,
                              &out->paragraphs[out->paragraph_count++]) != PROBLEM_NONE)
            return false;
        if (end == NULL)
            break;
        paragraphs = (struct span){end + 1, paragraphs.bytes - bytes - 1};
    }
    return quote_find(&out->quote, out->paragraphs, out->paragraph_count, &effort, arena,
                      &out->match) == PROBLEM_NONE;
}

static inline bool quote_help_is_sound(const struct quote_case *found,
                                       const struct quote_range *range) {
    if (range->paragraph >= found->paragraph_count)
        return false;
    struct span text = found->paragraphs[range->paragraph].text;
    return range->at <= range->stop && range->stop <= text.bytes && range->start <= range->end &&
           utf8_count((struct span){text.at, range->at}) == range->start &&
           utf8_count((struct span){text.at, range->stop}) == range->end;
}

static inline bool quote_help_is_behind(const struct quote_range *before,
                                        const struct quote_range *range) {
    return range->paragraph > before->paragraph ||
           (range->paragraph == before->paragraph && range->at >= before->stop);
}

/* What is wrong with the match; NULL when nothing is. */
static inline const char *quote_help_flaw(const struct quote_case *found) {
    const struct quote_match *match = &found->match;
    if ((match->status == QUOTE_NONE) != (match->range_count == 0))
        return "a place without a match, or a match without one";
    if (match->score < 0 || match->score > 1 ||
        (match->status != QUOTE_NEAR && match->difference_count > 0))
        return "a score or differences that cannot be";
    for (size_t i = 0; i < match->range_count; i++) {
        if (!quote_help_is_sound(found, &match->ranges[i]))
            return "a range outside of its paragraph";
        if (i > 0 && !quote_help_is_behind(&match->ranges[i - 1], &match->ranges[i]))
            return "ranges out of order";
    }
    for (size_t i = 0; i < match->difference_count; i++) {
        const struct quote_difference *difference = &match->differences[i];
        if (!quote_help_is_sound(found, &difference->place))
            return "a difference outside of its paragraph";
        if (i > 0 && !quote_help_is_behind(&match->differences[i - 1].place, &difference->place))
            return "differences out of order";
        if ((difference->op == QUOTE_MISSING) != (difference->quoted.bytes == 0) ||
            (difference->op == QUOTE_ADDED) != (difference->original.bytes == 0))
            return "a difference without a side that it needs";
    }
    return NULL;
}

#endif
