/* quote_align.c: the cheapest alignment of a quote with the place that it is most like. Words that
 * are left out, put in or replaced cost their weight, slips of the pen less; what stands before and
 * behind the place costs nothing. */
#include "domain/quotes/quote_run.h"
#include "domain/quotes/quote_set.h"

size_t quote_run_find(const struct quote_run *run, const struct quote *quote,
                      struct quote_segment part, size_t from) {
    const struct quote_token *wanted = &quote->tokens.list[part.first];
    for (size_t i = from; i + part.count <= run->count; i++) {
        size_t same = 0;
        while (same < part.count && quote_token_equal(&wanted[same], run->seen[i + same].token))
            same++;
        if (same == part.count)
            return i;
    }
    return SIZE_MAX;
}

/* ---- the place ---- */

struct window {
    size_t first, stop;
};

static bool has_pair(const struct quote_run *run, const struct quote *quote, size_t i) {
    if (i + 1 >= run->count)
        return false;
    return quote_set_has(quote->pairs, quote_pair_hash(run->seen[i].token, run->seen[i + 1].token));
}

/* The stretch of `width` tokens that has most pairs of the quote, narrowed to them. Of equal ones
 * the first. *pairs: how many it has. */
static struct window densest(const struct quote_run *run, const struct quote *quote, size_t from,
                             size_t width, size_t *pairs) {
    struct window best = {from, from};
    size_t held = 0;
    *pairs = 0;
    for (size_t i = from; i < run->count; i++) {
        held += has_pair(run, quote, i);
        if (i >= from + width)
            held -= has_pair(run, quote, i - width);
        if (held > *pairs) {
            *pairs = held;
            best = (struct window){i + 1 > from + width ? i + 1 - width : from, i + 1};
        }
    }
    while (best.first < best.stop && !has_pair(run, quote, best.first))
        best.first++;
    return best;
}

/* With room on both sides for what was changed at the ends of the quote. */
static struct window choose(const struct quote_run *run, const struct quote *quote,
                            struct quote_segment part, size_t from, size_t *pairs) {
    size_t room = part.count / 2 + 4;
    struct window place = densest(run, quote, from, part.count + part.count / 4 + 4, pairs);
    place.first = place.first - from > room ? place.first - room : from;
    place.stop = run->count - place.stop > room ? place.stop + room : run->count;
    return place;
}

/* ---- the alignment ---- */

struct grid {
    const struct quote_token *quoted;
    const struct quote_seen *seen;
    size_t rows, columns; /* tokens of either */
    unsigned *costs;      /* of one row, columns + 1 */
    unsigned char *kinds; /* how each cell is best reached */
};

static unsigned char *kind_at(const struct grid *grid, size_t row, size_t column) {
    return &grid->kinds[row * (grid->columns + 1) + column];
}

/* One row, out of the one above it. Of equal ways the one that pairs words comes first. */
static void fill_row(const struct grid *grid, size_t row) {
    const struct quote_token *quoted = &grid->quoted[row - 1];
    unsigned diagonal = grid->costs[0];
    grid->costs[0] += quoted->weight;
    *kind_at(grid, row, 0) = QUOTE_STEP_ADDED;
    for (size_t column = 1; column <= grid->columns; column++) {
        const struct quote_token *seen = grid->seen[column - 1].token;
        unsigned paired = diagonal + quote_replace_cost(quoted, seen);
        unsigned added = grid->costs[column] + quoted->weight;
        unsigned missing = grid->costs[column - 1] + seen->weight;
        unsigned char kind =
            quote_token_equal(quoted, seen) ? QUOTE_STEP_SAME : QUOTE_STEP_REPLACED;
        diagonal = grid->costs[column];
        grid->costs[column] = paired;
        if (added < grid->costs[column]) {
            grid->costs[column] = added;
            kind = QUOTE_STEP_ADDED;
        }
        if (missing < grid->costs[column]) {
            grid->costs[column] = missing;
            kind = QUOTE_STEP_MISSING;
        }
        *kind_at(grid, row, column) = kind;
    }
}

/* Of places that are as cheap the first, but with the last word replaced rather than put in. */
static size_t cheapest_column(const struct grid *grid) {
    size_t best = 0;
    for (size_t column = 1; column <= grid->columns; column++) {
        bool pairs_last = column == best + 1 && grid->costs[column] == grid->costs[best] &&
                          *kind_at(grid, grid->rows, column) == QUOTE_STEP_REPLACED;
        if (grid->costs[column] < grid->costs[best] || pairs_last)
            best = column;
    }
    return best;
}

/* Back from the last row to the first; the steps then stand in the order of the texts. */
static void trace(const struct grid *grid, size_t column, struct quote_alignment *out) {
    size_t row = grid->rows, at = grid->rows + grid->columns;
    struct quote_step *end = out->steps + at, *step = end;
    out->stop = column;
    while (row > 0) {
        enum quote_step_kind kind = (enum quote_step_kind) * kind_at(grid, row, column);
        row -= kind != QUOTE_STEP_MISSING;
        column -= kind != QUOTE_STEP_ADDED;
        *--step = (struct quote_step){kind, row, column};
    }
    out->first = column;
    out->steps = step;
    out->count = (size_t)(end - step);
}

static bool make_grid(struct grid *grid, struct arena *arena, struct quote_alignment *out) {
    out->steps = arena_alloc(arena, (grid->rows + grid->columns) * sizeof *out->steps);
    grid->costs = arena_alloc(arena, (grid->columns + 1) * sizeof *grid->costs);
    grid->kinds = arena_alloc(arena, (grid->rows + 1) * (grid->columns + 1));
    if (out->steps == NULL || grid->costs == NULL || grid->kinds == NULL)
        return false;
    memset(grid->costs, 0, (grid->columns + 1) * sizeof *grid->costs);
    return true;
}

/* Indexes of the grid into those of quote and run. */
static void shift(struct quote_alignment *out, size_t quoted, size_t seen) {
    for (size_t i = 0; i < out->count; i++) {
        out->steps[i].quoted += quoted;
        out->steps[i].seen += seen;
    }
    out->first += seen;
    out->stop += seen;
}

static unsigned weight_of(const struct grid *grid) {
    unsigned weight = 0;
    for (size_t i = 0; i < grid->rows; i++)
        weight += grid->quoted[i].weight;
    return weight;
}

enum problem quote_run_align(const struct quote_run *run, const struct quote *quote,
                             struct quote_segment part, size_t from, size_t *effort,
                             struct arena *arena, struct quote_alignment *out) {
    size_t pairs;
    *out = (struct quote_alignment){.count = 0};
    struct window place = choose(run, quote, part, from, &pairs);
    struct grid grid = {.quoted = &quote->tokens.list[part.first],
                        .seen = run->seen + place.first,
                        .rows = part.count,
                        .columns = place.stop - place.first};
    size_t cells = (grid.rows + 1) * (grid.columns + 1);
    if (pairs == 0 || grid.columns == 0 || cells > *effort)
        return PROBLEM_NONE;
    *effort -= cells;
    if (!make_grid(&grid, arena, out))
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t row = 1; row <= grid.rows; row++)
        fill_row(&grid, row);
    size_t column = cheapest_column(&grid);
    unsigned weight = weight_of(&grid), cost = grid.costs[column];
    trace(&grid, column, out);
    shift(out, part.first, place.first);
    out->score = cost >= weight ? 0 : 1 - (double)cost / (double)weight;
    return PROBLEM_NONE;
}
