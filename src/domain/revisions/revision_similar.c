/* revision_similar.c: edited paragraphs: the most alike pairs first, order as the tie-break. */
#include "domain/revisions/revision_similar.h"

#include <stdlib.h>

static int pair_order(const void *left, const void *right) {
    const struct revision_pair *a = left, *b = right;
    if (a->alike != b->alike)
        return a->alike > b->alike ? -1 : 1;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->new_index != b->new_index)
        return a->new_index < b->new_index ? -1 : 1;
    return (a->old_index > b->old_index) - (a->old_index < b->old_index);
}

static void find_edits(struct revision_run *run, const struct revision_pairs *pairs) {
    qsort(pairs->items, pairs->count, sizeof *pairs->items, pair_order);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct revision_pair *pair = &pairs->items[i];
        if (pair->alike < REVISION_ALIKE)
            return;
        if (!revision_is_free(&run->old_side, pair->old_index) ||
            !revision_is_free(&run->new_side, pair->new_index))
            continue;
        run->old_side.partner[pair->old_index] = pair->new_index;
        run->new_side.partner[pair->new_index] = pair->old_index;
        run->steps[pair->new_index] =
            (struct revision_step){REVISION_EDITED, pair->old_index, true};
    }
}

enum problem revision_pair_similar(struct revision_run *run) {
    struct revision_pairs pairs;
    enum problem problem = revision_pairs_find(run, &pairs);
    if (problem != PROBLEM_NONE)
        return problem;
    find_edits(run, &pairs);
    problem = revision_find_splits(run, &pairs);
    return problem == PROBLEM_NONE ? revision_find_merges(run, &pairs) : problem;
}
