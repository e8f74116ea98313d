/* revision_parts.c: one paragraph that became several, and several that became one. Both are the
 * same question: which parts without a partner lie in a whole, each in words that no other part has
 * taken? */
#include <stdlib.h>

#include "domain/revisions/revision_similar.h"

/* The question, with the sides named by their roles. */
struct parts {
    struct revision_run *run;
    bool is_split; /* the whole is old, the parts are new; else the other way round */
    struct revision_side *whole_side, *part_side;
    const struct revision_words *whole_words, *part_words;
    struct revision_pair *pairs;
    size_t count;
};

static size_t whole_of(const struct parts *parts, const struct revision_pair *pair) {
    return parts->is_split ? pair->old_index : pair->new_index;
}

static size_t part_of(const struct parts *parts, const struct revision_pair *pair) {
    return parts->is_split ? pair->new_index : pair->old_index;
}

/* An unchanged paragraph is no whole, and a part that is too short proves nothing. */
static bool is_wanted(const struct parts *parts, const struct revision_pair *pair) {
    size_t whole = whole_of(parts, pair), part = part_of(parts, pair);
    size_t partner = parts->whole_side->partner[whole];
    size_t step = parts->is_split ? partner : whole;
    if ((parts->is_split ? pair->of_new : pair->of_old) < REVISION_PART)
        return false;
    if (partner != SIZE_MAX && parts->run->steps[step].match != REVISION_EDITED)
        return false;
    return parts->part_side->partner[part] == SIZE_MAX &&
           parts->part_words[part].total >= REVISION_PART_WORDS;
}

/* By whole, the largest part first. qsort() has no room for context, so the order is kept in the
 * pair. */
static int part_order(const void *left, const void *right) {
    const struct revision_pair *a = left, *b = right;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->alike != b->alike)
        return a->alike > b->alike ? -1 : 1;
    if (a->new_index != b->new_index)
        return a->new_index < b->new_index ? -1 : 1;
    return (a->old_index > b->old_index) - (a->old_index < b->old_index);
}

static bool parts_collect(struct parts *parts, const struct revision_pairs *pairs) {
    parts->pairs = arena_alloc(parts->run->arena, pairs->count * sizeof *parts->pairs);
    if (parts->pairs == NULL)
        return false;
    for (size_t i = 0; i < pairs->count; i++) {
        struct revision_pair pair = pairs->items[i];
        if (!is_wanted(parts, &pair))
            continue;
        /* Of one whole, the part that is most alike is the largest. */
        pair.distance = whole_of(parts, &pair);
        pair.is_accepted = false;
        parts->pairs[parts->count++] = pair;
    }
    qsort(parts->pairs, parts->count, sizeof *parts->pairs, part_order);
    return true;
}

static bool copy_words(struct revision_words *copy, const struct revision_words *words,
                       struct arena *arena) {
    *copy = *words;
    copy->items = arena_alloc(arena, words->count * sizeof *copy->items);
    if (copy->items != NULL && words->count > 0)
        memcpy(copy->items, words->items, words->count * sizeof *copy->items);
    return copy->items != NULL;
}

/* Gives the whole's id to its largest part, or keeps it with the one that has it. */
static void own(struct parts *parts, size_t whole, size_t part) {
    struct revision_run *run = parts->run;
    parts->whole_side->partner[whole] = part;
    parts->part_side->partner[part] = whole;
    size_t new_index = parts->is_split ? part : whole, old_index = parts->is_split ? whole : part;
    run->steps[new_index] =
        (struct revision_step){parts->is_split ? REVISION_SPLIT : REVISION_MERGED, old_index, true};
}

static void join(struct parts *parts, size_t whole, size_t part) {
    parts->part_side->partner[part] = whole;
    if (parts->is_split)
        parts->run->steps[part] = (struct revision_step){REVISION_SPLIT, whole, false};
    else
        parts->run->absorbed[part] = whole;
}

static size_t accept(struct parts *parts, struct revision_pair *group, size_t count,
                     struct revision_words *rest) {
    size_t accepted = 0;
    for (size_t i = 0; i < count; i++) {
        size_t part = part_of(parts, &group[i]);
        const struct revision_words *words = &parts->part_words[part];
        if (parts->part_side->partner[part] != SIZE_MAX)
            continue;
        parts->run->comparisons++;
        if (revision_words_common(words, rest) * 1000 < words->total * REVISION_PART)
            continue;
        revision_words_take(rest, words);
        group[i].is_accepted = true;
        accepted++;
    }
    return accepted;
}

static bool whole_take_apart(struct parts *parts, struct revision_pair *group, size_t count) {
    size_t whole = whole_of(parts, group), owner = parts->whole_side->partner[whole];
    struct revision_words rest;
    if (!copy_words(&rest, &parts->whole_words[whole], parts->run->arena))
        return false;
    if (owner != SIZE_MAX)
        revision_words_take(&rest, &parts->part_words[owner]);
    size_t accepted = accept(parts, group, count, &rest);
    /* One part alone, of a whole that is gone otherwise: too little to say that it is the same. */
    if (accepted + (owner != SIZE_MAX) < 2)
        return true;
    if (owner != SIZE_MAX)
        own(parts, whole, owner);
    for (size_t i = 0; i < count; i++) {
        if (!group[i].is_accepted)
            continue;
        if (owner != SIZE_MAX) {
            join(parts, whole, part_of(parts, &group[i]));
        } else {
            owner = part_of(parts, &group[i]);
            own(parts, whole, owner);
        }
    }
    return true;
}

static enum problem take_apart(struct parts *parts, const struct revision_pairs *pairs) {
    if (!parts_collect(parts, pairs))
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t start = 0, stop; start < parts->count; start = stop) {
        size_t whole = whole_of(parts, &parts->pairs[start]);
        for (stop = start + 1; stop < parts->count; stop++) {
            if (whole_of(parts, &parts->pairs[stop]) != whole)
                break;
        }
        if (!whole_take_apart(parts, parts->pairs + start, stop - start))
            return PROBLEM_OUT_OF_MEMORY;
    }
    return PROBLEM_NONE;
}

enum problem revision_find_splits(struct revision_run *run, const struct revision_pairs *pairs) {
    struct parts parts = {
        run, true, &run->old_side, &run->new_side, pairs->old_words, pairs->new_words, NULL, 0};
    return take_apart(&parts, pairs);
}

enum problem revision_find_merges(struct revision_run *run, const struct revision_pairs *pairs) {
    struct parts parts = {
        run, false, &run->new_side, &run->old_side, pairs->new_words, pairs->old_words, NULL, 0};
    return take_apart(&parts, pairs);
}
