/* quote_find.c: the best match of a quote in paragraphs that follow one another: as it is, word for
 * word, in parts around its ellipses, or nearly. */
#include "domain/quotes/quote_ranges.h"
#include "ground/utf8.h"

/* ---- the very characters ---- */

/* So that "art" is not found in "party". A mark behind it would make it another letter. */
static bool is_bounded(const struct quote *quote, const struct quote_tokens *tokens, size_t at) {
    const struct quote_token *quoted = quote->tokens.list;
    size_t first = at + quoted[0].at, stop = at + quoted[quote->tokens.count - 1].stop;
    bool begins = false, ends = false;
    for (size_t i = 0; i < tokens->count && tokens->list[i].at <= first; i++)
        begins |= tokens->list[i].at == first;
    for (size_t i = tokens->count; i > 0 && tokens->list[i - 1].stop >= stop; i--)
        ends |= tokens->list[i - 1].stop == stop;
    return begins && ends;
}

/* Where the quote stands as it is, at word bounds if it can be; SIZE_MAX when it does not. */
static size_t find_bytes(const struct quote *quote, const struct quote_tokens *tokens) {
    struct span text = tokens->text, wanted = quote->text;
    size_t cut = SIZE_MAX;
    for (size_t at = 0; at + wanted.bytes <= text.bytes; at++) {
        const char *found = memmem(text.at + at, text.bytes - at, wanted.at, wanted.bytes);
        if (found == NULL)
            break;
        at = (size_t)(found - text.at);
        if (is_bounded(quote, tokens, at))
            return at;
        cut = cut == SIZE_MAX ? at : cut;
    }
    return quote->tokens.count > QUOTE_SHORT_WORDS ? cut : SIZE_MAX;
}

static bool find_verbatim(const struct quote *quote, const struct quote_run *run,
                          size_t paragraph_count, struct quote_match *out) {
    for (size_t i = 0; i < paragraph_count; i++) {
        size_t at = find_bytes(quote, &run->paragraphs[i]);
        if (at == SIZE_MAX)
            continue;
        struct span text = run->paragraphs[i].text;
        size_t start = utf8_count((struct span){text.at, at});
        out->ranges[out->range_count++] = (struct quote_range){i, at, at + quote->text.bytes, start,
                                                               start + utf8_count(quote->text)};
        out->status = QUOTE_VERBATIM;
        out->score = 1;
        return true;
    }
    return false;
}

/* ---- word for word ---- */

static bool find_whole(const struct quote *quote, const struct quote_run *run,
                       struct quote_match *out) {
    struct quote_segment all = {0, quote->tokens.count};
    size_t first = quote_run_find(run, quote, all, 0);
    if (first == SIZE_MAX || !quote_ranges_add(run, quote, all, first, first + all.count, out))
        return false;
    bool is_verbatim = quote_ranges_are_verbatim(run, quote, out);
    out->status = is_verbatim ? QUOTE_VERBATIM : QUOTE_NORMALIZED;
    out->score = 1;
    return true;
}

static bool find_parts(const struct quote *quote, const struct quote_run *run,
                       struct quote_match *out) {
    size_t from = 0;
    for (size_t i = 0; i < quote->segment_count; i++) {
        struct quote_segment part = quote->segments[i];
        size_t first = quote_run_find(run, quote, part, from);
        if (first == SIZE_MAX ||
            !quote_ranges_add(run, quote, part, first, first + part.count, out)) {
            *out = (struct quote_match){.status = QUOTE_NONE};
            return false;
        }
        from = first + part.count;
    }
    out->status = QUOTE_NORMALIZED;
    out->score = 1;
    out->has_gaps = true;
    return true;
}

/* ---- nearly ---- */

struct search {
    const struct quote *quote;
    const struct quote_run *run;
    size_t *effort;
    struct arena *arena;
    struct quote_match *out;
};

static struct quote_alignment exact_alignment(const struct search *search,
                                              struct quote_segment part, size_t from) {
    struct quote_alignment found = {.count = 0};
    size_t first = quote_run_find(search->run, search->quote, part, from);
    if (first == SIZE_MAX)
        return found;
    found.score = 1;
    found.first = first;
    found.stop = first + part.count;
    return found;
}

/* One part; the score of the whole is that of its tokens. */
static enum problem add_part(struct search *search, struct quote_segment part, size_t *from) {
    struct quote_match *out = search->out;
    struct quote_alignment found = exact_alignment(search, part, *from);
    enum problem problem = PROBLEM_NONE;
    if (found.score <= 0)
        problem = quote_run_align(search->run, search->quote, part, *from, search->effort,
                                  search->arena, &found);
    if (problem != PROBLEM_NONE || found.score <= 0)
        return problem;
    if (!quote_ranges_add(search->run, search->quote, part, found.first, found.stop, out))
        return PROBLEM_NONE;
    out->score += found.score * (double)part.count / (double)search->quote->tokens.count;
    *from = found.stop;
    return quote_differences_add(search->run, search->quote, &found, search->arena, out);
}

/* How alike it must be, measured on real articles (tests/corpus/quote_accuracy.py). Short quotes
 * are alike by chance; of long ones one changed word is a small part. */
static double least_score(size_t token_count) {
    static const struct {
        size_t tokens;
        double score;
    } steps[] = {{5, 0.74}, {8, 0.70}, {SIZE_MAX, 0.74}};
    size_t i = 0;
    while (token_count > steps[i].tokens)
        i++;
    return steps[i].score;
}

static enum problem find_near(struct search *search) {
    struct quote_match *out = search->out;
    const struct quote *quote = search->quote;
    size_t from = 0;
    enum problem problem = PROBLEM_NONE;
    if (quote->tokens.count <= QUOTE_SHORT_WORDS)
        return PROBLEM_NONE;
    for (size_t i = 0; i < quote->segment_count && problem == PROBLEM_NONE; i++)
        problem = add_part(search, quote->segments[i], &from);
    out->status = out->score >= least_score(quote->tokens.count) ? QUOTE_NEAR : QUOTE_NONE;
    out->has_gaps = quote->segment_count > 1;
    if (problem == PROBLEM_NONE && out->status == QUOTE_NONE)
        *out = (struct quote_match){.status = QUOTE_NONE};
    return problem;
}

/* ---- the best ---- */

static enum problem make_run(const struct quote_tokens *paragraphs, size_t paragraph_count,
                             struct arena *arena, struct quote_run *run) {
    size_t count = 0;
    for (size_t i = 0; i < paragraph_count; i++)
        count += paragraphs[i].count;
    *run = (struct quote_run){paragraphs, arena_alloc(arena, (count + 1) * sizeof *run->seen), 0};
    if (run->seen == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < paragraph_count; i++) {
        for (size_t j = 0; j < paragraphs[i].count; j++)
            run->seen[run->count++] = (struct quote_seen){&paragraphs[i].list[j], i};
    }
    return PROBLEM_NONE;
}

enum problem quote_find(const struct quote *quote, const struct quote_tokens *paragraphs,
                        size_t paragraph_count, size_t *effort, struct arena *arena,
                        struct quote_match *out) {
    struct quote_run run;
    *out = (struct quote_match){.status = QUOTE_NONE};
    if (quote->segment_count == 0)
        return PROBLEM_NONE;
    enum problem problem = make_run(paragraphs, paragraph_count, arena, &run);
    if (problem != PROBLEM_NONE || find_verbatim(quote, &run, paragraph_count, out) ||
        find_whole(quote, &run, out) || (quote->segment_count > 1 && find_parts(quote, &run, out)))
        return problem;
    struct search search = {quote, &run, effort, arena, out};
    return find_near(&search);
}
