/* text_diff.h: what changed within one text, word by word: the fewest words that must go and come.
 * Pure. Time is bounded by `effort`, memory by the length of the texts: what would cost more is
 * called replaced altogether. */
#ifndef PILCROW_DOMAIN_TEXT_TEXT_DIFF_H
#define PILCROW_DOMAIN_TEXT_TEXT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/arena.h"
#include "ground/problem.h"
#include "ground/span.h"

enum text_diff_op { TEXT_DIFF_EQUAL, TEXT_DIFF_DELETE, TEXT_DIFF_INSERT };

/* In code points, from 0; the end is not part of it. */
struct text_diff_range {
    size_t start, end;
};

/* What is deleted is empty in `to` and stands where the next thing comes; what is inserted is empty
 * in `from`. */
struct text_diff_span {
    enum text_diff_op op;
    struct text_diff_range from, to;
    struct span text; /* borrowed from the text that it stands in */
};

/* The spans in order: the texts of those that are equal or deleted make `from`, the texts of those
 * that are equal or inserted make `to`. */
struct text_diff {
    struct text_diff_span *spans;
    size_t count;
    size_t deleted, inserted; /* code points */
    bool is_coarse;           /* a bound was met: there may be a smaller difference */
};

enum { TEXT_DIFF_EFFORT = 1024 * 1024 }; /* comparisons; some tens of milliseconds */

/* Takes what it costs from *effort, so that several texts can share one bound. */
MUST_CHECK enum problem text_diff_make(struct span from, struct span to, size_t *effort,
                                       struct arena *arena, struct text_diff *out);

#endif
