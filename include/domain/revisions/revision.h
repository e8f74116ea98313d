/* revision.h: which paragraph of a new text is which paragraph of the old one. Pure.
 * Same text first; then the most similar above a threshold, order as tie-break; else new. */
#ifndef PILCROW_DOMAIN_REVISIONS_REVISION_H
#define PILCROW_DOMAIN_REVISIONS_REVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/arena.h"
#include "ground/problem.h"
#include "ground/span.h"

enum revision_match {
    REVISION_NEW,    /* no old paragraph is like it */
    REVISION_EXACT,  /* same text, same order among its neighbours */
    REVISION_EDITED, /* similar text */
    REVISION_MOVED,  /* same text, other order */
    REVISION_SPLIT,  /* part of an old paragraph that became several; the largest keeps the id */
    REVISION_MERGED, /* several old paragraphs became this one; it keeps the largest one's id */
};

/* For each new paragraph: what it is, and the index of the old paragraph it continues or comes
 * from (SIZE_MAX = none). Of a split, one part keeps the id (keeps_id), the others say where they
 * come from. */
struct revision_step {
    enum revision_match match;
    size_t old_index;
    bool keeps_id;
};

/* Fills steps[new_count] and, when absorbed is not NULL, absorbed[old_count]: the new paragraph
 * that took over an old one which lost its id (merge), else SIZE_MAX. Time and memory are bounded:
 * about O(n log n) for equal text, candidates per paragraph limited for similar text. */
MUST_CHECK enum problem revision_align(const struct span *old_paragraphs, size_t old_count,
                                       const struct span *new_paragraphs, size_t new_count,
                                       struct arena *arena, struct revision_step *steps,
                                       size_t *absorbed);

/* The same where some new paragraphs are known: kept[i] = the old paragraph that the new one
 * continues whatever its text, or SIZE_MAX for one that is to be aligned with what is left of the
 * first `live_count` old ones. Old ones beyond those are not in the text; kept names each. */
MUST_CHECK enum problem revision_align_kept(const struct span *old_paragraphs, size_t live_count,
                                            size_t old_count, const struct span *new_paragraphs,
                                            const size_t *kept, size_t new_count,
                                            struct arena *arena, struct revision_step *steps,
                                            size_t *absorbed);

/* "new", "exact", ... as stored and shown. */
const char *revision_match_name(enum revision_match match);

#endif
