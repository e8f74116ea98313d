/* revision_equal.c: paragraphs with the same text on both sides. Copies of one text (a line of
 * stars, "Yes.") are told apart by their neighbours, and only then by their order. */
#include <stdlib.h>

#include "domain/revisions/revision_run.h"

static void pair(struct revision_run *run, size_t old_index, size_t new_index) {
    run->old_side.partner[old_index] = new_index;
    run->new_side.partner[new_index] = old_index;
}

static bool is_equal_pair(struct revision_run *run, size_t old_index, size_t new_index) {
    if (!revision_is_free(&run->old_side, old_index) ||
        !revision_is_free(&run->new_side, new_index))
        return false;
    run->comparisons++;
    return span_equal(run->old_side.texts[old_index], run->new_side.texts[new_index]);
}

/* From each pair onwards and backwards, as far as the neighbours are equal too. */
static void extend(struct revision_run *run) {
    size_t old_count = run->old_side.count, new_count = run->new_side.count;
    for (size_t i = 0; i + 1 < new_count; i++) {
        size_t old_index = run->new_side.partner[i];
        if (old_index != SIZE_MAX && old_index + 1 < old_count &&
            is_equal_pair(run, old_index + 1, i + 1))
            pair(run, old_index + 1, i + 1);
    }
    for (size_t i = new_count; i-- > 1;) {
        size_t old_index = run->new_side.partner[i];
        if (old_index != SIZE_MAX && old_index > 0 && is_equal_pair(run, old_index - 1, i - 1))
            pair(run, old_index - 1, i - 1);
    }
}

static void pair_ends(struct revision_run *run) {
    size_t old_count = run->old_side.count, new_count = run->new_side.count;
    size_t least = old_count < new_count ? old_count : new_count;
    size_t start = 0;
    while (start < least && is_equal_pair(run, start, start)) {
        pair(run, start, start);
        start++;
    }
    for (size_t i = 1; i <= least - start && is_equal_pair(run, old_count - i, new_count - i); i++)
        pair(run, old_count - i, new_count - i);
}

/* A text of either side, for sorting. */
struct entry {
    struct span text;
    size_t index;
    bool is_new;
};

static int text_order(struct span a, struct span b) {
    size_t least = a.bytes < b.bytes ? a.bytes : b.bytes;
    int order = least == 0 ? 0 : memcmp(a.at, b.at, least);
    return order != 0 ? order : (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static int entry_order(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = text_order(a->text, b->text);
    if (order != 0)
        return order;
    if (a->is_new != b->is_new)
        return a->is_new ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

static size_t entries_add(struct entry *entries, size_t count, const struct revision_side *side,
                          bool is_new) {
    for (size_t i = 0; i < side->count; i++) {
        if (revision_is_free(side, i))
            entries[count++] = (struct entry){side->texts[i], i, is_new};
    }
    return count;
}

/* One text: the old copies, then the new ones. All are paired in order, or only a text that stands
 * once on each side. */
static void pair_group(struct revision_run *run, const struct entry *group, size_t count,
                       bool only_single) {
    size_t old_count = 0;
    while (old_count < count && !group[old_count].is_new)
        old_count++;
    if (only_single && (old_count != 1 || count != 2))
        return;
    size_t next = 0;
    for (size_t i = old_count; i < count; i++) {
        while (next < old_count && !revision_is_free(&run->old_side, group[next].index))
            next++;
        if (next == old_count)
            return;
        if (revision_is_free(&run->new_side, group[i].index))
            pair(run, group[next].index, group[i].index);
    }
}

static void pair_groups(struct revision_run *run, const struct entry *entries, size_t count,
                        bool only_single) {
    for (size_t start = 0, stop; start < count; start = stop) {
        for (stop = start + 1; stop < count; stop++) {
            run->comparisons++;
            if (!span_equal(entries[start].text, entries[stop].text))
                break;
        }
        pair_group(run, entries + start, stop - start, only_single);
    }
}

enum problem revision_pair_equal(struct revision_run *run) {
    pair_ends(run);
    struct entry *entries =
        arena_alloc(run->arena, (run->old_side.count + run->new_side.count) * sizeof *entries);
    if (entries == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    size_t count = entries_add(entries, 0, &run->old_side, false);
    count = entries_add(entries, count, &run->new_side, true);
    qsort(entries, count, sizeof *entries, entry_order);
    pair_groups(run, entries, count, true);
    extend(run);
    pair_groups(run, entries, count, false);
    return PROBLEM_NONE;
}
