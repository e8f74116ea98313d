/* quote_lookup.c: which paragraphs a quote is held against, in which order, and which of the places
 * that are found is the best. */
#include <stdlib.h>

#include "domain/articles/term.h"
#include "domain/text/slug.h"
#include "surface/quotes/quote_reads.h"
#include "surface/shapes.h"

enum {
    TRIED_MAX = 24,   /* paragraphs that are aligned in one go */
    WINDOWS_MAX = 4,  /* of them with those around them */
    WINDOW_REACH = 3, /* paragraphs on either side */
    WHOLES_MAX = 3,   /* articles that a quote in parts is looked for in */
};

struct lookup {
    const struct quote_asked *asked;
    struct quote_reads reads;
    size_t effort;
    struct quote_places *places;
};

/* ---- who wrote it ---- */

static enum problem is_by_author(struct lookup *lookup, int64_t article_id, bool *is) {
    struct span wanted = lookup->asked->author, key = slug_key(wanted, lookup->reads.arena);
    bool is_whole = key.at != NULL;
    rows_auto struct rows rows = {0};
    *is = false;
    store_query(lookup->reads.request->store, SQL_term_by_article, &rows,
                STORE_VALUES(STORE_INT(article_id)));
    while (is_whole && rows_next(&rows)) {
        if (rows_int(&rows, ARTICLE_TERM_KIND) != TERM_AUTHOR)
            continue;
        struct span name = slug_key(rows_text(&rows, ARTICLE_TERM_NAME), lookup->reads.arena);
        is_whole = name.at != NULL;
        *is = *is || (is_whole && span_equal(name, key)) ||
              span_equal(rows_text(&rows, ARTICLE_TERM_SLUG), wanted);
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem find_meant(struct lookup *lookup, struct quote_place *place) {
    const struct quote_asked *asked = lookup->asked;
    place->is_meant = asked->article_id == 0 || asked->article_id == place->article_id;
    if (!place->is_meant || asked->author.at == NULL)
        return PROBLEM_NONE;
    return is_by_author(lookup, place->article_id, &place->is_meant);
}

/* ---- places ---- */

static int place_order(const struct quote_place *a, const struct quote_place *b) {
    if (a->is_meant != b->is_meant)
        return a->is_meant ? -1 : 1;
    if (a->match.status != b->match.status)
        return a->match.status > b->match.status ? -1 : 1;
    if (a->match.score < b->match.score || a->match.score > b->match.score)
        return a->match.score > b->match.score ? -1 : 1;
    return (a->match.range_count > b->match.range_count) -
           (a->match.range_count < b->match.range_count);
}

static bool is_same_place(const struct quote_place *a, const struct quote_place *b) {
    if (a->article_id != b->article_id)
        return false;
    for (size_t i = 0; i < a->match.range_count; i++) {
        for (size_t j = 0; j < b->match.range_count; j++) {
            if (a->ids[i] == b->ids[j])
                return true;
        }
    }
    return false;
}

/* Keeps the list in order; of two ways to see one place the better one. */
static void insert(struct quote_places *places, const struct quote_place *place) {
    for (size_t i = 0; i < places->count;) {
        if (!is_same_place(&places->list[i], place)) {
            i++;
            continue;
        }
        if (place_order(place, &places->list[i]) >= 0)
            return;
        places->count--;
        memmove(&places->list[i], &places->list[i + 1],
                (places->count - i) * sizeof places->list[0]);
    }
    size_t at = places->count;
    while (at > 0 && place_order(place, &places->list[at - 1]) < 0)
        at--;
    if (at == QUOTE_PLACES_MAX)
        return;
    places->count += places->count < QUOTE_PLACES_MAX;
    memmove(&places->list[at + 1], &places->list[at],
            (places->count - 1 - at) * sizeof places->list[0]);
    places->list[at] = *place;
}

/* Holds the quote against paragraphs that follow one another. */
static enum problem try_run(struct lookup *lookup, const struct quote_read *reads, size_t count) {
    struct quote_reads *all = &lookup->reads;
    struct quote_place place = {.article_id = reads[0].article_id};
    struct quote_tokens *tokens = arena_alloc(all->arena, count * sizeof *tokens);
    if (tokens == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        tokens[i] = reads[i].tokens;
    enum problem problem =
        quote_find(all->quote, tokens, count, &lookup->effort, all->arena, &place.match);
    if (problem != PROBLEM_NONE || place.match.status == QUOTE_NONE)
        return problem;
    place.first_position = reads[0].position;
    for (size_t i = 0; i < place.match.range_count; i++) {
        const struct quote_read *read = &reads[place.match.ranges[i].paragraph];
        place.ids[i] = read->id;
        place.positions[i] = read->position;
        place.texts[i] = read->tokens.text;
    }
    problem = find_meant(lookup, &place);
    if (problem == PROBLEM_NONE)
        insert(lookup->places, &place);
    return problem;
}

static bool has_exact(const struct lookup *lookup) {
    for (size_t i = 0; i < lookup->places->count; i++) {
        if (lookup->places->list[i].match.status >= QUOTE_NORMALIZED)
            return true;
    }
    return false;
}

/* Too good to be half of a quote that runs over the end of its paragraph. */
static bool has_good(const struct lookup *lookup) {
    static const double good = 0.85;
    for (size_t i = 0; i < lookup->places->count; i++) {
        if (lookup->places->list[i].match.score >= good)
            return true;
    }
    return false;
}

/* ---- what is tried ---- */

static int shared_order(const void *left, const void *right) {
    const struct quote_read *a = left, *b = right;
    return (a->shared < b->shared) - (a->shared > b->shared);
}

/* Each paragraph by itself. */
static enum problem try_alone(struct lookup *lookup) {
    struct quote_reads *reads = &lookup->reads;
    size_t tried = 0;
    enum problem problem = PROBLEM_NONE;
    if (reads->count > 0)
        qsort(reads->list, reads->count, sizeof *reads->list, shared_order);
    for (size_t i = 0; i < reads->count && tried < TRIED_MAX && problem == PROBLEM_NONE; i++) {
        if (reads->list[i].is_tried)
            continue;
        reads->list[i].is_tried = true;
        tried++;
        problem = try_run(lookup, &reads->list[i], 1);
        if (problem == PROBLEM_NONE)
            problem = quote_reads_check_time(reads);
    }
    return problem;
}

static enum problem try_article(struct lookup *lookup, int64_t article_id, int64_t first,
                                int64_t last) {
    struct quote_read *window;
    size_t count;
    enum problem problem =
        quote_reads_article(&lookup->reads, article_id, first, last, &window, &count);
    if (problem == PROBLEM_NONE && count > 0)
        problem = try_run(lookup, window, count);
    return problem == PROBLEM_NONE ? quote_reads_check_time(&lookup->reads) : problem;
}

/* With the paragraphs around, for quotes that run over the end of one. */
static enum problem try_windows(struct lookup *lookup) {
    const struct quote_reads *reads = &lookup->reads;
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < reads->count && i < WINDOWS_MAX && problem == PROBLEM_NONE; i++) {
        const struct quote_read *read = &reads->list[i];
        problem = try_article(lookup, read->article_id, read->position - WINDOW_REACH,
                              read->position + WINDOW_REACH);
    }
    return problem;
}

/* Whole articles, for quotes in parts: those that share most. */
static enum problem try_wholes(struct lookup *lookup) {
    const struct quote_reads *reads = &lookup->reads;
    struct tally_entry best[WHOLES_MAX];
    struct tally tally;
    enum problem problem = PROBLEM_NONE;
    tally_init(&tally, reads->arena);
    for (size_t i = 0; i < reads->count; i++) {
        if (!tally_add(&tally, reads->list[i].article_id, (int64_t)reads->list[i].shared))
            return PROBLEM_OUT_OF_MEMORY;
    }
    size_t count = tally_best(&tally, best, WHOLES_MAX);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++)
        problem = try_article(lookup, best[i].id, 1, QUOTE_READ_ARTICLE_MAX);
    return problem;
}

static enum problem try_all(struct lookup *lookup) {
    enum problem problem = try_alone(lookup);
    if (problem == PROBLEM_NONE && !has_good(lookup))
        problem = try_windows(lookup);
    if (problem == PROBLEM_NONE && !has_exact(lookup) && lookup->reads.quote->segment_count > 1)
        problem = try_wholes(lookup);
    return problem;
}

/* The article in which it is believed to stand is looked at whatever the index says. */
static enum problem read_meant(struct lookup *lookup) {
    struct quote_read *list;
    size_t count;
    int64_t id = lookup->asked->article_id;
    if (id == 0)
        return PROBLEM_NONE;
    enum problem problem =
        quote_reads_article(&lookup->reads, id, 1, QUOTE_READ_ARTICLE_MAX, &list, &count);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++)
        problem = list[i].shared > 0 ? quote_reads_add(&lookup->reads, list[i].id) : problem;
    return problem;
}

/* Where the quote may stand as it is: wherever that is, its runs of three words do, so that longer
 * ones are only needed when these have too many places, or when it has no more words. */
static enum problem search_right(struct quote_reads *reads) {
    enum problem problem = quote_reads_search(reads, QUOTE_REACH_RARE);
    bool is_enough = reads->runs > 0 && (reads->has_all || !reads->has_more);
    return problem != PROBLEM_NONE || is_enough ? problem
                                                : quote_reads_search(reads, QUOTE_REACH_LONG);
}

enum problem quote_lookup(struct request *request, const struct quote_asked *asked,
                          const struct quote *quote, struct arena *arena,
                          struct quote_places *out) {
    struct lookup lookup = {.asked = asked, .effort = QUOTE_EFFORT, .places = out};
    *out = (struct quote_places){arena_alloc(arena, (QUOTE_PLACES_MAX + 1) * sizeof *out->list), 0};
    if (out->list == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    if (quote->segment_count == 0)
        return PROBLEM_NONE;
    quote_reads_init(&lookup.reads, request, quote, arena, quote_reads_deadline(request));
    enum problem problem = read_meant(&lookup);
    if (problem == PROBLEM_NONE)
        problem = search_right(&lookup.reads);
    if (problem == PROBLEM_NONE)
        problem = try_all(&lookup);
    if (problem != PROBLEM_NONE || has_exact(&lookup))
        return problem;
    problem = quote_reads_search(&lookup.reads, QUOTE_REACH_SHORT);
    return problem == PROBLEM_NONE ? try_all(&lookup) : problem;
}
