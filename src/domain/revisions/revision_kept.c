/* revision_kept.c: an alignment where some pairs are given. The rest of both sides is aligned as if
 * it were the whole; what moved is then found over all of it. */
#include "domain/revisions/revision_run.h"

/* The paragraphs of one side that no given pair has. */
struct rest {
    struct span *texts;
    size_t *indexes; /* in the whole side */
    size_t count;
};

static bool rest_make(struct rest *rest, const struct span *texts, const bool *is_given,
                      size_t count, struct arena *arena) {
    *rest = (struct rest){
        .texts = arena_alloc(arena, count * sizeof *rest->texts),
        .indexes = arena_alloc(arena, count * sizeof *rest->indexes),
    };
    if (rest->texts == NULL || rest->indexes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (is_given[i])
            continue;
        rest->texts[rest->count] = texts[i];
        rest->indexes[rest->count++] = i;
    }
    return true;
}

static bool rests_make(const struct revision_run *run, size_t live_count, const size_t *kept,
                       struct rest *old_rest, struct rest *new_rest) {
    size_t old_count = run->old_side.count, new_count = run->new_side.count;
    bool *is_old_given = arena_alloc(run->arena, old_count);
    bool *is_new_given = arena_alloc(run->arena, new_count);
    if (is_old_given == NULL || is_new_given == NULL)
        return false;
    memset(is_old_given, 0, old_count);
    for (size_t i = 0; i < new_count; i++) {
        is_new_given[i] = kept[i] != SIZE_MAX;
        if (is_new_given[i])
            is_old_given[kept[i]] = true;
    }
    return rest_make(old_rest, run->old_side.texts, is_old_given, live_count, run->arena) &&
           rest_make(new_rest, run->new_side.texts, is_new_given, new_count, run->arena);
}

static enum problem rests_align(struct revision_run *run, const struct rest *old_rest,
                                const struct rest *new_rest) {
    struct revision_step *steps = arena_alloc(run->arena, new_rest->count * sizeof *steps);
    size_t *absorbed = arena_alloc(run->arena, old_rest->count * sizeof *absorbed);
    if (steps == NULL || absorbed == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = revision_align(old_rest->texts, old_rest->count, new_rest->texts,
                                          new_rest->count, run->arena, steps, absorbed);
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; i < new_rest->count; i++) {
        if (steps[i].old_index != SIZE_MAX)
            steps[i].old_index = old_rest->indexes[steps[i].old_index];
        run->steps[new_rest->indexes[i]] = steps[i];
    }
    for (size_t i = 0; i < old_rest->count; i++) {
        if (absorbed[i] != SIZE_MAX)
            run->absorbed[old_rest->indexes[i]] = new_rest->indexes[absorbed[i]];
    }
    return PROBLEM_NONE;
}

/* What keeps id and text is exact or moved; which of both depends on all the others. */
static enum problem order_all(struct revision_run *run, size_t live_count) {
    size_t new_count = run->new_side.count;
    run->new_side.partner = arena_alloc(run->arena, new_count * sizeof(size_t));
    if (run->new_side.partner == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < new_count; i++) {
        struct revision_step *step = &run->steps[i];
        bool is_equal = step->keeps_id &&
                        span_equal(run->old_side.texts[step->old_index], run->new_side.texts[i]);
        run->new_side.partner[i] =
            is_equal && step->old_index < live_count ? step->old_index : SIZE_MAX;
        if (is_equal)
            step->match = REVISION_MOVED;
    }
    return revision_order(run);
}

enum problem revision_align_kept(const struct span *old_paragraphs, size_t live_count,
                                 size_t old_count, const struct span *new_paragraphs,
                                 const size_t *kept, size_t new_count, struct arena *arena,
                                 struct revision_step *steps, size_t *absorbed) {
    struct revision_run run = {
        .old_side = {old_paragraphs, old_count, NULL},
        .new_side = {new_paragraphs, new_count, NULL},
        .arena = arena,
        .steps = steps,
        .absorbed = absorbed,
    };
    struct rest old_rest, new_rest;
    if (!rests_make(&run, live_count, kept, &old_rest, &new_rest))
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < old_count; i++)
        absorbed[i] = SIZE_MAX;
    for (size_t i = 0; i < new_count; i++)
        steps[i] = (struct revision_step){REVISION_EDITED, kept[i], kept[i] != SIZE_MAX};
    enum problem problem = rests_align(&run, &old_rest, &new_rest);
    return problem == PROBLEM_NONE ? order_all(&run, live_count) : problem;
}
