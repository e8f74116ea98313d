/* text_diff_words.c: the shortest way from one run of words to another, after E. W. Myers, "An O(ND)
 * difference algorithm and its variations" (1986), in linear memory: the middle of a shortest way is
 * found by walking from both ends at once, then the two halves are treated alike.
 *
 * A place (x, y) means: x words of `from` and y of `to` are dealt with; its diagonal is x - y. */
#include "domain/text/text_diff_words.h"

struct walk {
    ptrdiff_t *reach; /* for each diagonal: the farthest x */
    ptrdiff_t none;   /* an x that says: not reached */
};

struct compare {
    struct text_diff_words *from, *to;
    ptrdiff_t *room; /* of both walks */
    size_t *effort;
    bool is_exhausted;
};

/* The part of both runs that is looked at. */
struct box {
    size_t from_start, from_end, to_start, to_end;
};

struct place {
    size_t from, to;
};

static bool is_same(const struct compare *c, size_t i, size_t j) {
    const struct text_diff_word *a = &c->from->items[i], *b = &c->to->items[j];
    return a->hash == b->hash && span_equal(a->text, b->text);
}

static bool spend(struct compare *c, size_t cost) {
    c->is_exhausted = c->is_exhausted || *c->effort < cost;
    *c->effort -= c->is_exhausted ? 0 : cost;
    return !c->is_exhausted;
}

static void mark(struct compare *c, const struct box *box) {
    for (size_t i = box->from_start; i < box->from_end; i++)
        c->from->items[i].is_changed = true;
    for (size_t j = box->to_start; j < box->to_end; j++)
        c->to->items[j].is_changed = true;
}

/* What is equal at both ends needs no search. */
static void shrink(const struct compare *c, struct box *box) {
    while (box->from_start < box->from_end && box->to_start < box->to_end &&
           is_same(c, box->from_start, box->to_start)) {
        box->from_start++;
        box->to_start++;
    }
    while (box->from_start < box->from_end && box->to_start < box->to_end &&
           is_same(c, box->from_end - 1, box->to_end - 1)) {
        box->from_end--;
        box->to_end--;
    }
}

/* ---- the middle of a shortest way ---- */

struct search {
    struct compare *compare;
    const struct box *box;
    ptrdiff_t width, height; /* words of each side */
    struct walk forward, backward;
};

static void search_begin(struct search *s, struct compare *c, const struct box *box) {
    *s = (struct search){.compare = c, .box = box};
    s->width = (ptrdiff_t)(box->from_end - box->from_start);
    s->height = (ptrdiff_t)(box->to_end - box->to_start);
    ptrdiff_t diagonals = s->width + s->height + 3; /* from -height - 1 to width + 1 */
    s->forward = (struct walk){c->room + s->height + 1, -1};
    s->backward = (struct walk){c->room + diagonals + s->height + 1, s->width + 1};
    for (ptrdiff_t k = -s->height - 1; k <= s->width + 1; k++) {
        s->forward.reach[k] = s->forward.none;
        s->backward.reach[k] = s->backward.none;
    }
}

static bool is_equal_at(const struct search *s, ptrdiff_t x, ptrdiff_t y) {
    return is_same(s->compare, s->box->from_start + (size_t)x, s->box->to_start + (size_t)y);
}

/* One step farther on diagonal k, then along what is equal. */
static void step_forward(struct search *s, ptrdiff_t k, bool is_first) {
    const ptrdiff_t *reach = s->forward.reach;
    ptrdiff_t x = is_first ? 0 : s->forward.none;
    if (reach[k - 1] >= 0 && reach[k - 1] < s->width)
        x = reach[k - 1] + 1;
    if (reach[k + 1] > x && reach[k + 1] - k <= s->height)
        x = reach[k + 1];
    while (x >= 0 && x < s->width && x - k < s->height && is_equal_at(s, x, x - k) &&
           spend(s->compare, 1))
        x++;
    s->forward.reach[k] = x;
}

static void step_backward(struct search *s, ptrdiff_t k, bool is_first) {
    const ptrdiff_t *reach = s->backward.reach;
    ptrdiff_t none = s->backward.none, x = is_first ? s->width : none;
    if (reach[k + 1] != none && reach[k + 1] > 0)
        x = reach[k + 1] - 1;
    if (reach[k - 1] != none && reach[k - 1] < x && reach[k - 1] - k >= 0)
        x = reach[k - 1];
    while (x != none && x > 0 && x - k > 0 && is_equal_at(s, x - 1, x - k - 1) &&
           spend(s->compare, 1))
        x--;
    s->backward.reach[k] = x;
}

static bool have_met(const struct search *s, ptrdiff_t k) {
    ptrdiff_t there = s->forward.reach[k], back = s->backward.reach[k];
    return there >= 0 && back != s->backward.none && there >= back;
}

/* The diagonals that walk with `steps` steps from diagonal `origin`, inside of the box. */
static ptrdiff_t first_diagonal(const struct search *s, ptrdiff_t origin, ptrdiff_t steps) {
    ptrdiff_t first = origin - steps;
    return first >= -s->height ? first : first + (-s->height - first + 1) / 2 * 2;
}

static ptrdiff_t last_diagonal(const struct search *s, ptrdiff_t origin, ptrdiff_t steps) {
    return origin + steps <= s->width ? origin + steps : s->width;
}

/* False when the effort has run out. */
static bool find_middle(struct compare *c, const struct box *box, struct place *middle) {
    struct search s;
    search_begin(&s, c, box);
    ptrdiff_t shift = s.width - s.height;
    bool is_odd = shift % 2 != 0;
    for (ptrdiff_t steps = 0; !c->is_exhausted; steps++) {
        ptrdiff_t found = 0, x = -1;
        for (ptrdiff_t k = first_diagonal(&s, 0, steps); k <= last_diagonal(&s, 0, steps) && x < 0;
             k += 2) {
            step_forward(&s, k, steps == 0);
            if (is_odd && have_met(&s, k)) {
                found = k;
                x = s.forward.reach[k];
            }
        }
        for (ptrdiff_t k = first_diagonal(&s, shift, steps);
             k <= last_diagonal(&s, shift, steps) && x < 0; k += 2) {
            step_backward(&s, k, steps == 0);
            if (!is_odd && have_met(&s, k)) {
                found = k;
                x = s.backward.reach[k];
            }
        }
        if (x >= 0) {
            *middle =
                (struct place){box->from_start + (size_t)x, box->to_start + (size_t)(x - found)};
            return !c->is_exhausted;
        }
        (void)spend(c, (size_t)steps + 1);
    }
    return false;
}

/* Each half needs half of the steps, so this goes as deep as their number has bits. */
static void compare_box(struct compare *c, struct box box) { // NOLINT(misc-no-recursion)
    struct place middle;
    shrink(c, &box);
    bool is_empty = box.from_start == box.from_end || box.to_start == box.to_end;
    if (is_empty || !find_middle(c, &box, &middle)) {
        mark(c, &box);
        return;
    }
    compare_box(c, (struct box){box.from_start, middle.from, box.to_start, middle.to});
    compare_box(c, (struct box){middle.from, box.from_end, middle.to, box.to_end});
}

/* ---- what people would say ---- */

/* A blank or a comma that two changes have between them belongs to both: "one change" reads better
 * than three pieces. */
static void join_changes(struct text_diff_words *from, struct text_diff_words *to) {
    size_t i = 0, j = 0;
    bool is_after_change = false;
    while (i < from->count || j < to->count) {
        size_t old_i = i, old_j = j;
        while (i < from->count && from->items[i].is_changed)
            i++;
        while (j < to->count && to->items[j].is_changed)
            j++;
        is_after_change = is_after_change || i > old_i || j > old_j;
        size_t run = 0;
        bool has_word = false;
        while (i + run < from->count && j + run < to->count && !from->items[i + run].is_changed &&
               !to->items[j + run].is_changed)
            has_word |= from->items[i + run++].is_word;
        bool is_before_change = i + run < from->count || j + run < to->count;
        for (size_t k = 0; k < run && is_after_change && is_before_change && !has_word; k++)
            from->items[i + k].is_changed = to->items[j + k].is_changed = true;
        i += run;
        j += run;
    }
}

bool text_diff_words_compare(struct text_diff_words *from, struct text_diff_words *to,
                             size_t *effort, struct arena *arena, bool *is_coarse) {
    size_t diagonals = from->count + to->count + 3;
    struct compare c = {from, to, arena_alloc(arena, 2 * diagonals * sizeof(ptrdiff_t)), effort,
                        false};
    if (c.room == NULL)
        return false;
    compare_box(&c, (struct box){0, from->count, 0, to->count});
    *is_coarse |= c.is_exhausted;
    join_changes(from, to);
    return true;
}
