/* article_diff.c: pairs by id, which of them moved, and one entry for each paragraph. */
#include "domain/articles/article_diff.h"

#include <stdlib.h>

#include "ground/utf8.h"

/* A span takes memory wherever it is shown; so their number is bounded together with the time. */
enum { SPAN_EFFORT = 64 };

static const char *const status_names[] = {
    [ARTICLE_DIFF_SAME] = "same",       [ARTICLE_DIFF_EDITED] = "edited",
    [ARTICLE_DIFF_MOVED] = "moved",     [ARTICLE_DIFF_ADDED] = "added",
    [ARTICLE_DIFF_REMOVED] = "removed", [ARTICLE_DIFF_SPLIT] = "split",
    [ARTICLE_DIFF_MERGED] = "merged",
};

const char *article_diff_status_name(enum article_diff_status status) {
    return status_names[status];
}

struct compare {
    const struct article_version *from, *to;
    struct arena *arena;
    struct article_diff_known *from_ids; /* sorted by id */
    size_t *partner;                     /* of each of `to`: index in `from`, or SIZE_MAX */
    bool *is_paired;                     /* each of `from` */
    bool *is_in_order;                   /* each of `to` that has a partner */
    size_t effort;
    struct article_diff *out;
};

static size_t count_of(const struct article_version *version) {
    return version->article.paragraphs.count;
}

static int by_id(const void *left, const void *right) {
    const struct article_diff_known *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static struct article_diff_known *sort_ids(const struct article_version *version,
                                           struct arena *arena) {
    size_t count = count_of(version);
    struct article_diff_known *ids = arena_alloc(arena, count * sizeof *ids);
    for (size_t i = 0; ids != NULL && i < count; i++)
        ids[i] = (struct article_diff_known){version->paragraphs[i].id, i};
    if (ids != NULL)
        qsort(ids, count, sizeof *ids, by_id);
    return ids;
}

static size_t find_id(const struct article_diff_known *ids, size_t count, int64_t id) {
    const struct article_diff_known key = {id, 0};
    const struct article_diff_known *found =
        count == 0 ? NULL : bsearch(&key, ids, count, sizeof key, by_id);
    return found == NULL ? SIZE_MAX : found->index;
}

static bool pair(struct compare *c) {
    size_t from_count = count_of(c->from), to_count = count_of(c->to);
    c->from_ids = sort_ids(c->from, c->arena);
    c->out->to_ids = sort_ids(c->to, c->arena);
    c->out->to_count = to_count;
    c->partner = arena_alloc(c->arena, to_count * sizeof *c->partner);
    c->is_in_order = arena_alloc(c->arena, to_count * sizeof *c->is_in_order);
    c->is_paired = arena_alloc(c->arena, from_count * sizeof *c->is_paired);
    if (c->from_ids == NULL || c->out->to_ids == NULL || c->partner == NULL ||
        c->is_in_order == NULL || c->is_paired == NULL)
        return false;
    memset(c->is_in_order, 0, to_count * sizeof *c->is_in_order);
    memset(c->is_paired, 0, from_count * sizeof *c->is_paired);
    for (size_t i = 0; i < to_count; i++) {
        c->partner[i] = find_id(c->from_ids, from_count, c->to->paragraphs[i].id);
        if (c->partner[i] != SIZE_MAX)
            c->is_paired[c->partner[i]] = true;
    }
    return true;
}

/* Those of the longest run of pairs that are in order on both sides stayed; the others moved.
 * tails[k] is the paragraph of `to` that ends an ordered run of k + 1 with the least index in
 * `from`. */
static bool order(struct compare *c) {
    size_t count = count_of(c->to), length = 0;
    size_t *tails = arena_alloc(c->arena, count * sizeof *tails);
    size_t *before = arena_alloc(c->arena, count * sizeof *before);
    if (tails == NULL || before == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = length;
        if (c->partner[i] == SIZE_MAX)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (c->partner[tails[middle]] < c->partner[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low == 0 ? SIZE_MAX : tails[low - 1];
        tails[low] = i;
        length += low == length;
    }
    for (size_t i = length == 0 ? SIZE_MAX : tails[length - 1]; i != SIZE_MAX; i = before[i])
        c->is_in_order[i] = true;
    return true;
}

static void add(struct compare *c, const struct article_diff_entry *entry) {
    c->out->entries[c->out->count++] = *entry;
    c->out->counts[entry->status]++;
}

/* What is gone, from *next up to the paragraph `end` of `from`. */
static void add_gone(struct compare *c, size_t *next, size_t end) {
    for (; *next < end; ++*next) {
        if (c->is_paired[*next])
            continue;
        struct article_diff_entry entry = {
            .status = ARTICLE_DIFF_REMOVED, .from = *next, .to = SIZE_MAX};
        c->out->changed_points += utf8_count(c->from->paragraphs[*next].text);
        add(c, &entry);
    }
}

static void add_new(struct compare *c, size_t index) {
    const struct article_version_paragraph *paragraph = &c->to->paragraphs[index];
    bool is_split = paragraph->is_split &&
                    find_id(c->from_ids, count_of(c->from), paragraph->related_id) != SIZE_MAX;
    struct article_diff_entry entry = {
        .status = is_split ? ARTICLE_DIFF_SPLIT : ARTICLE_DIFF_ADDED,
        .from = SIZE_MAX,
        .to = index,
        .related = is_split ? paragraph->related_id : 0,
    };
    c->out->changed_points += utf8_count(paragraph->text);
    add(c, &entry);
}

static enum problem add_pair(struct compare *c, size_t index) {
    size_t old_index = c->partner[index];
    struct span old_text = c->from->paragraphs[old_index].text;
    struct span new_text = c->to->paragraphs[index].text;
    struct article_diff_entry entry = {.status = ARTICLE_DIFF_SAME,
                                       .is_moved = !c->is_in_order[index],
                                       .from = old_index,
                                       .to = index};
    if (span_equal(old_text, new_text)) {
        entry.status = entry.is_moved ? ARTICLE_DIFF_MOVED : ARTICLE_DIFF_SAME;
        add(c, &entry);
        return PROBLEM_NONE;
    }
    entry.status = ARTICLE_DIFF_EDITED;
    enum problem problem = text_diff_make(old_text, new_text, &c->effort, c->arena, &entry.text);
    size_t cost = entry.text.count * SPAN_EFFORT;
    c->effort -= cost < c->effort ? cost : c->effort;
    c->out->changed_points += entry.text.deleted + entry.text.inserted;
    c->out->is_coarse |= entry.text.is_coarse;
    add(c, &entry);
    return problem;
}

static size_t points_of(const struct article_version *version) {
    size_t points = 0;
    for (size_t i = 0; i < count_of(version); i++)
        points += utf8_count(version->paragraphs[i].text);
    return points;
}

enum problem article_diff_make(const struct article_version *from, const struct article_version *to,
                               struct arena *arena, struct article_diff *out) {
    struct compare c = {
        .from = from, .to = to, .arena = arena, .effort = TEXT_DIFF_EFFORT, .out = out};
    size_t most = count_of(from) + count_of(to), next = 0;
    *out = (struct article_diff){.entries = arena_alloc(arena, most * sizeof *out->entries)};
    if (out->entries == NULL || !pair(&c) || !order(&c))
        return PROBLEM_OUT_OF_MEMORY;
    out->all_points = points_of(from) + points_of(to);
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count_of(to); i++) {
        if (c.partner[i] == SIZE_MAX) {
            add_new(&c, i);
            continue;
        }
        if (c.is_in_order[i])
            add_gone(&c, &next, c.partner[i]);
        problem = add_pair(&c, i);
    }
    add_gone(&c, &next, count_of(from));
    return problem;
}

void article_diff_set_heir(struct article_diff *diff, size_t entry, int64_t heir) {
    struct article_diff_entry *gone = &diff->entries[entry];
    if (gone->status != ARTICLE_DIFF_REMOVED ||
        find_id(diff->to_ids, diff->to_count, heir) == SIZE_MAX)
        return;
    diff->counts[ARTICLE_DIFF_REMOVED]--;
    diff->counts[ARTICLE_DIFF_MERGED]++;
    gone->status = ARTICLE_DIFF_MERGED;
    gone->related = heir;
}
