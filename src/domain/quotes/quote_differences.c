/* quote_differences.c: what differs, as runs of words that were replaced, left out or put in. */
#include "domain/quotes/quote_ranges.h"

/* The tokens of steps [first, stop) on either side. */
struct sides {
    size_t quoted, quoted_stop;
    size_t seen, seen_stop;
};

static struct sides sides_of(const struct quote_step *steps, size_t first, size_t stop) {
    const struct quote_step *last = &steps[stop - 1];
    return (struct sides){steps[first].quoted, last->quoted + (last->kind != QUOTE_STEP_MISSING),
                          steps[first].seen, last->seen + (last->kind != QUOTE_STEP_ADDED)};
}

static struct quote_range seen_range(const struct quote_run *run, const struct sides *sides) {
    const struct quote_seen *first = &run->seen[sides->seen];
    if (sides->seen < sides->seen_stop) {
        const struct quote_token *last = run->seen[sides->seen_stop - 1].token;
        return (struct quote_range){first->paragraph, first->token->at, last->stop,
                                    first->token->start, last->end};
    }
    if (sides->seen == 0)
        return (struct quote_range){first->paragraph, first->token->at, first->token->at,
                                    first->token->start, first->token->start};
    first--; /* behind the word before */
    return (struct quote_range){first->paragraph, first->token->stop, first->token->stop,
                                first->token->end, first->token->end};
}

static struct quote_difference difference_of(const struct quote_run *run, const struct quote *quote,
                                             const struct sides *sides) {
    struct quote_difference difference = {.op = QUOTE_REPLACED, .place = seen_range(run, sides)};
    const struct quote_range *place = &difference.place;
    if (sides->quoted == sides->quoted_stop) {
        difference.op = QUOTE_MISSING;
    } else {
        const struct quote_token *tokens = quote->tokens.list;
        size_t at = tokens[sides->quoted].at, stop = tokens[sides->quoted_stop - 1].stop;
        difference.quoted = (struct span){quote->text.at + at, stop - at};
    }
    if (sides->seen == sides->seen_stop)
        difference.op = QUOTE_ADDED;
    else
        difference.original = (struct span){run->paragraphs[place->paragraph].text.at + place->at,
                                            place->stop - place->at};
    return difference;
}

/* Whether the step goes on with the difference that the one before it belongs to. */
static bool joins(const struct quote_run *run, const struct quote_step *step) {
    if (step->kind == QUOTE_STEP_SAME)
        return false;
    return step->kind == QUOTE_STEP_ADDED || step->seen == 0 ||
           run->seen[step->seen].paragraph == run->seen[step->seen - 1].paragraph;
}

enum problem quote_differences_add(const struct quote_run *run, const struct quote *quote,
                                   const struct quote_alignment *alignment, struct arena *arena,
                                   struct quote_match *match) {
    const struct quote_step *steps = alignment->steps;
    if (alignment->count == 0)
        return PROBLEM_NONE;
    if (match->differences == NULL)
        match->differences = arena_alloc(arena, QUOTE_DIFFERENCES_MAX * sizeof *match->differences);
    if (match->differences == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0, next; i < alignment->count; i = next) {
        next = i + 1;
        if (steps[i].kind == QUOTE_STEP_SAME)
            continue;
        while (next < alignment->count && joins(run, &steps[next]))
            next++;
        struct sides sides = sides_of(steps, i, next);
        if (match->difference_count < QUOTE_DIFFERENCES_MAX)
            match->differences[match->difference_count++] = difference_of(run, quote, &sides);
    }
    return PROBLEM_NONE;
}
