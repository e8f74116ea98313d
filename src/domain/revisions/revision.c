/* revision.c: the order of things: equal text, then which of it moved, then similar text. */
#include "domain/revisions/revision.h"

#include "domain/revisions/revision_run.h"

static const char *const match_names[] = {
    [REVISION_NEW] = "new",     [REVISION_EXACT] = "exact", [REVISION_EDITED] = "edited",
    [REVISION_MOVED] = "moved", [REVISION_SPLIT] = "split", [REVISION_MERGED] = "merged",
};

const char *revision_match_name(enum revision_match match) {
    return match_names[match];
}

/* The longest run of pairs that are in order on both sides stays where it is; the other pairs
 * moved. Patience: tails[k] is the new paragraph that ends an ordered run of k + 1 with the least
 * old index. */
enum problem revision_order(struct revision_run *run) {
    const size_t *partner = run->new_side.partner;
    size_t count = run->new_side.count, length = 0;
    size_t *tails = arena_alloc(run->arena, count * sizeof *tails);
    size_t *before = arena_alloc(run->arena, count * sizeof *before);
    if (tails == NULL || before == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (partner[i] == SIZE_MAX)
            continue;
        size_t low = 0, high = length;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (partner[tails[middle]] < partner[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low == 0 ? SIZE_MAX : tails[low - 1];
        tails[low] = i;
        if (low == length)
            length++;
    }
    for (size_t i = length == 0 ? SIZE_MAX : tails[length - 1]; i != SIZE_MAX; i = before[i])
        run->steps[i].match = REVISION_EXACT;
    return PROBLEM_NONE;
}

static bool start(struct revision_run *run) {
    struct revision_side *sides[] = {&run->old_side, &run->new_side};
    for (size_t s = 0; s < 2; s++) {
        sides[s]->partner = arena_alloc(run->arena, sides[s]->count * sizeof(size_t));
        if (sides[s]->partner == NULL)
            return false;
        for (size_t i = 0; i < sides[s]->count; i++)
            sides[s]->partner[i] = SIZE_MAX;
    }
    if (run->absorbed == NULL)
        run->absorbed = arena_alloc(run->arena, run->old_side.count * sizeof *run->absorbed);
    if (run->absorbed == NULL)
        return false;
    for (size_t i = 0; i < run->old_side.count; i++)
        run->absorbed[i] = SIZE_MAX;
    return true;
}

enum problem revision_run_all(struct revision_run *run) {
    if (!start(run))
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = revision_pair_equal(run);
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; i < run->new_side.count; i++) {
        size_t old_index = run->new_side.partner[i];
        bool is_paired = old_index != SIZE_MAX;
        run->steps[i] =
            (struct revision_step){is_paired ? REVISION_MOVED : REVISION_NEW, old_index, is_paired};
    }
    problem = revision_order(run);
    return problem == PROBLEM_NONE ? revision_pair_similar(run) : problem;
}

enum problem revision_align(const struct span *old_paragraphs, size_t old_count,
                            const struct span *new_paragraphs, size_t new_count,
                            struct arena *arena, struct revision_step *steps, size_t *absorbed) {
    struct revision_run run = {
        .old_side = {old_paragraphs, old_count, NULL},
        .new_side = {new_paragraphs, new_count, NULL},
        .arena = arena,
        .steps = steps,
        .absorbed = absorbed,
    };
    return revision_run_all(&run);
}
