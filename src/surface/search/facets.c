/* facets.c: see facets.h. */
#include "surface/search/facets.h"

#include <stdio.h>

#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/article_weights.h"
#include "surface/search/facet_count.h"
#include "surface/terms/terms.h"

enum { VALUES_MAX = 20 };

/* What a facet counts, and the parameters that choose one of its values. */
struct facet {
    int kind; /* FACET_YEAR or enum term_kind */
    enum param_id chooses;
    enum param_id own[4];
};

static const struct facet facets[] = {
    [PARAM_FACET_SECTION] = {TERM_SECTION, PARAM_SECTION, {PARAM_SECTION, PARAM_ID_COUNT}},
    [PARAM_FACET_AUTHOR] = {TERM_AUTHOR, PARAM_AUTHOR, {PARAM_AUTHOR, PARAM_ID_COUNT}},
    [PARAM_FACET_TAG] = {TERM_TAG, PARAM_TAG, {PARAM_TAG, PARAM_ID_COUNT}},
    [PARAM_FACET_YEAR] = {FACET_YEAR,
                          PARAM_DATE,
                          {PARAM_DATE, PARAM_FROM, PARAM_TO, PARAM_ID_COUNT}},
};
enum { FACET_COUNT = sizeof facets / sizeof facets[0] };

/* ---- values ---- */

static bool is_before(const struct tally_entry *a, const struct tally_entry *b) {
    return a->weight > b->weight || (a->weight == b->weight && a->id < b->id);
}

/* The most frequent, of equals the oldest, whichever way they were counted. */
static size_t find_best(const struct tally *tally, struct tally_entry best[VALUES_MAX]) {
    size_t found = 0;
    for (size_t i = 0; i < tally->capacity; i++) {
        const struct tally_entry *entry = &tally->entries[i];
        if (entry->id == 0 || (found == VALUES_MAX && !is_before(entry, &best[found - 1])))
            continue;
        size_t at = found < VALUES_MAX ? found++ : VALUES_MAX - 1;
        for (; at > 0 && is_before(entry, &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = *entry;
    }
    return found;
}

static enum problem name_value(struct request *request, const struct facet *facet, int64_t id,
                               struct term *term) {
    if (facet->kind != FACET_YEAR)
        return terms_load(request, id, term);
    char year[8];
    snprintf(year, sizeof year, "%04d", (int)id);
    term->slug = term->name = arena_copy(request->arena, span_of(year));
    return term->slug.at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem append_value(struct request *request, const struct facet *facet,
                                 const struct tally_entry *entry, json_t *values) {
    struct term term = {0};
    enum problem problem = name_value(request, facet, entry->id, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *value = json_object();
    render_set(value, "slug", render_text(term.slug));
    render_set(value, "name", render_text(term.name));
    render_set(value, "count", json_integer(entry->weight));
    struct span url = address_of_page(request, param_specs[facet->chooses].name, term.slug);
    bool is_whole =
        render_set(value, "url", render_text(url)) && json_array_append_new(values, value) == 0;
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem shape_facet(struct request *request, const struct facet *facet,
                                const struct tally *tally, json_t **out) {
    struct tally_entry best[VALUES_MAX];
    size_t found = find_best(tally, best);
    json_t *values = json_array();
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < found && problem == PROBLEM_NONE; i++)
        problem = append_value(request, facet, &best[i], values);
    *out = json_object();
    if (problem == PROBLEM_NONE &&
        (!render_set(*out, "values", values) ||
         !render_set(*out, "more", json_integer((json_int_t)(tally->count - found)))))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* ---- what is counted ---- */

static bool is_asked(const struct request *request, size_t word) {
    return params_has_word(&request->params, PARAM_FACETS, word);
}

static bool has_own_filter(const struct request *request, const struct facet *facet) {
    for (const enum param_id *own = facet->own; *own != PARAM_ID_COUNT; own++) {
        if (request->params.values[*own].has_value)
            return true;
    }
    return false;
}

/* Without `q`: everything, of paragraphs how many each article has. */
static enum problem gather_all(struct request *request, enum facets_of of,
                               struct facet_articles *all) {
    const struct param_value *min_words = &request->params.values[PARAM_MIN_WORDS];
    struct article_weights weights;
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    *all = (struct facet_articles){.is_all = true};
    if (of == FACETS_OF_ARTICLES)
        return PROBLEM_NONE;
    enum problem problem = article_weights_init(request, &weights);
    if (problem == PROBLEM_NONE)
        problem = article_weights_begin(request, &walk);
    if (problem != PROBLEM_NONE)
        return problem;
    while (facts_walk_paragraph(&walk, &paragraph)) {
        if (!min_words->has_value || paragraph.words >= min_words->number)
            article_weights_add(&weights, paragraph.article_id);
    }
    all->weights = weights.list;
    all->weight_count = weights.count;
    return facts_walk_end(&walk);
}

/* The matches of the query alone: filters differ from facet to facet. */
static enum problem gather_matches(struct request *request, const struct search *search,
                                   struct facet_articles *all) {
    struct search alone = *search;
    struct article_weights weights;
    *all = (struct facet_articles){.is_all = false};
    alone.is_filtered = false;
    if (is_asked(request, PARAM_FACET_YEAR) && has_own_filter(request, &facets[PARAM_FACET_YEAR])) {
        alone.low = INT64_MIN;
        alone.high = INT64_MAX;
    }
    if (search->scope == SEARCH_ARTICLES)
        return search_matches_gather(&alone, &all->set);
    enum problem problem = search_matches_weigh(&alone, &all->set, &weights);
    all->weights = weights.list;
    all->weight_count = weights.count;
    return problem;
}

/* Of `all` what passes every filter but the facet's own. */
static enum problem narrow(struct request *request, const struct facet_articles *all,
                           const struct facet *facet, struct article_filter_term in_path,
                           struct facet_articles *out) {
    struct article_filter filter;
    *out = *all;
    enum problem problem = article_filter_build(request, in_path, facet->own, false, &filter);
    if (problem != PROBLEM_NONE || (!filter.has_set && !filter.is_empty))
        return problem;
    int64_t max_id = 0;
    problem = store_int(request->store, SQL_article_newest_id, &max_id, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE && !idset_init(&out->set, max_id, request->arena))
        problem = PROBLEM_OUT_OF_MEMORY;
    out->is_all = false;
    if (problem != PROBLEM_NONE || filter.is_empty)
        return problem;
    idset_or(&out->set, &filter.set);
    if (!all->is_all)
        idset_and(&out->set, &all->set);
    return PROBLEM_NONE;
}

/* Facets without a filter of their own have the same articles. */
static enum problem narrow_all(struct request *request, const struct facet_articles *all,
                               struct article_filter_term in_path, struct facet_count *counts,
                               size_t *count) {
    const struct facet_articles *plain = NULL;
    enum problem problem = PROBLEM_NONE;
    *count = 0;
    for (size_t i = 0; i < FACET_COUNT && problem == PROBLEM_NONE; i++) {
        struct facet_count *one = &counts[*count];
        bool is_plain = !has_own_filter(request, &facets[i]);
        if (!is_asked(request, i))
            continue;
        *one = (struct facet_count){.kind = facets[i].kind};
        if (is_plain && plain != NULL)
            one->articles = *plain;
        else
            problem = narrow(request, all, &facets[i], in_path, &one->articles);
        if (is_plain)
            plain = &one->articles;
        ++*count;
    }
    return problem;
}

enum problem facets_add(struct request *request, const struct search *search, enum facets_of of,
                        struct article_filter_term in_path, json_t *meta) {
    struct facet_articles all;
    struct facet_count counts[FACET_COUNT];
    size_t count = 0;
    if (!request->params.values[PARAM_FACETS].has_value)
        return PROBLEM_NONE;
    enum problem problem =
        search == NULL ? gather_all(request, of, &all) : gather_matches(request, search, &all);
    if (problem == PROBLEM_NONE)
        problem = narrow_all(request, &all, in_path, counts, &count);
    if (problem == PROBLEM_NONE)
        problem = facet_count_all(request, counts, count);
    json_t *list = json_object();
    for (size_t i = 0, at = 0; i < FACET_COUNT && problem == PROBLEM_NONE; i++) {
        json_t *shaped = NULL;
        if (!is_asked(request, i))
            continue;
        problem = shape_facet(request, &facets[i], &counts[at++].tally, &shaped);
        if (problem == PROBLEM_NONE &&
            !render_set(list, param_specs[PARAM_FACETS].words[i], shaped))
            problem = PROBLEM_OUT_OF_MEMORY;
    }
    if (problem == PROBLEM_NONE && !render_set(meta, "facets", list))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}
