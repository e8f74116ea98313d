/* facets.c: see facets.h. Few matches: the terms of each are looked up. Many: one pass over the
 * index of all terms, where each article is looked for in the set of matches. */
#include "surface/facets.h"

#include <stdio.h>

#include "engine/render.h"
#include "engine/tally.h"
#include "surface/address.h"
#include "surface/terms.h"

enum {
    VALUES_MAX = 20,
    /* To look up the terms of one article costs about as much as so many rows of the pass. */
    FEW_SHARE = 12,
};

/* What a facet counts, and the parameters that choose one of its values. */
struct facet {
    enum term_kind kind; /* 0 = the year */
    enum param_id chooses;
    enum param_id own[4];
};

static const struct facet facets[] = {
    [PARAM_FACET_SECTION] = {TERM_SECTION, PARAM_SECTION, {PARAM_SECTION, PARAM_ID_COUNT}},
    [PARAM_FACET_AUTHOR] = {TERM_AUTHOR, PARAM_AUTHOR, {PARAM_AUTHOR, PARAM_ID_COUNT}},
    [PARAM_FACET_TAG] = {TERM_TAG, PARAM_TAG, {PARAM_TAG, PARAM_ID_COUNT}},
    [PARAM_FACET_YEAR] = {0, PARAM_DATE, {PARAM_DATE, PARAM_FROM, PARAM_TO, PARAM_ID_COUNT}},
};
enum { FACET_COUNT = sizeof facets / sizeof facets[0] };

/* Articles, and how much each counts. */
struct counted {
    bool is_all; /* every article; `set` is not looked at */
    struct idset set;
    int64_t set_count;
    const uint32_t *weights; /* by id; NULL = one each */
    size_t weight_count;
};

struct facet_count {
    struct request *request;
    const struct facet *facet;
    struct counted articles;
    struct tally tally;
};

static int64_t weight_of(const struct counted *articles, int64_t id) {
    if (!articles->is_all && !idset_contains(&articles->set, id))
        return 0;
    if (articles->weights == NULL)
        return 1;
    return (uint64_t)id < articles->weight_count ? articles->weights[id] : 0;
}

static bool add(struct facet_count *count, int64_t id, int64_t value) {
    int64_t weight = weight_of(&count->articles, id);
    return weight == 0 || tally_add(&count->tally, value, weight);
}

/* ---- ways to count ---- */

static int64_t year_of(struct span published) {
    int64_t year = 0;
    for (size_t i = 0; i < 4 && i < published.bytes; i++)
        year = year * 10 + (published.at[i] - '0');
    return year;
}

static enum problem end_rows(struct rows *rows, bool is_whole) {
    enum problem problem = rows_end(rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

/* Every article counts once, and the terms know how many they have. */
static enum problem count_known(struct facet_count *count) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    store_query(count->request->store, SQL_facet_terms, &rows,
                STORE_VALUES(STORE_INT(count->facet->kind)));
    while (is_whole && rows_next(&rows))
        is_whole = tally_add(&count->tally, rows_int(&rows, 0), rows_int(&rows, 1));
    return end_rows(&rows, is_whole);
}

/* Rows come value by value, so a value is added to the tally once. */
static enum problem count_in_one_pass(struct facet_count *count) {
    rows_auto struct rows rows = {0};
    bool is_whole = true, is_year = count->facet->kind == 0;
    int64_t value = 0, weight = 0;
    if (is_year)
        store_query(count->request->store, SQL_facet_published, &rows, STORE_NO_VALUES);
    else
        store_query(count->request->store, SQL_facet_term_articles, &rows,
                    STORE_VALUES(STORE_INT(count->facet->kind)));
    while (is_whole && rows_next(&rows)) {
        int64_t next = is_year ? year_of(rows_text(&rows, 0)) : rows_int(&rows, 0);
        if (next != value) {
            is_whole = weight == 0 || tally_add(&count->tally, value, weight);
            value = next;
            weight = 0;
        }
        weight += weight_of(&count->articles, rows_int(&rows, 1));
    }
    is_whole = is_whole && (weight == 0 || tally_add(&count->tally, value, weight));
    return end_rows(&rows, is_whole);
}

static enum problem count_one(struct facet_count *count, int64_t id) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    if (count->facet->kind == 0) {
        store_query(count->request->store, SQL_article_keys_by_id, &rows,
                    STORE_VALUES(STORE_INT(id)));
        while (is_whole && rows_next(&rows)) {
            struct span published = rows_text(&rows, 0);
            is_whole = published.bytes == 0 || add(count, id, year_of(published));
        }
    } else {
        store_query(count->request->store, SQL_term_ids_by_article, &rows,
                    STORE_VALUES(STORE_INT(id), STORE_INT(count->facet->kind)));
        while (is_whole && rows_next(&rows))
            is_whole = add(count, id, rows_int(&rows, 0));
    }
    return end_rows(&rows, is_whole);
}

static enum problem count_each(struct facet_count *count) {
    const struct idset *set = &count->articles.set;
    enum problem problem = PROBLEM_NONE;
    for (int64_t id = idset_next(set, 0); id != 0 && problem == PROBLEM_NONE;
         id = idset_next(set, id))
        problem = count_one(count, id);
    return problem;
}

static enum problem count_values(struct facet_count *count) {
    const struct counted *articles = &count->articles;
    int64_t total = 0;
    if (articles->is_all && articles->weights == NULL && count->facet->kind != 0)
        return count_known(count);
    if (articles->is_all)
        return count_in_one_pass(count);
    enum problem problem =
        store_int(count->request->store, SQL_article_newest_id, &total, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE)
        return problem;
    return articles->set_count < total / FEW_SHARE ? count_each(count) : count_in_one_pass(count);
}

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

static enum problem name_value(const struct facet_count *count, int64_t id, struct term *term) {
    if (count->facet->kind != 0)
        return terms_load(count->request, id, term);
    char year[8];
    snprintf(year, sizeof year, "%04d", (int)id);
    term->slug = term->name = arena_copy(count->request->arena, span_of(year));
    return term->slug.at == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem append_value(const struct facet_count *count, const struct tally_entry *entry,
                                 json_t *values) {
    struct term term = {0};
    enum problem problem = name_value(count, entry->id, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *value = json_object();
    render_set(value, "slug", render_text(term.slug));
    render_set(value, "name", render_text(term.name));
    render_set(value, "count", json_integer(entry->weight));
    struct span url =
        address_of_page(count->request, param_specs[count->facet->chooses].name, term.slug);
    bool is_whole =
        render_set(value, "url", render_text(url)) && json_array_append_new(values, value) == 0;
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem shape_facet(const struct facet_count *count, json_t **out) {
    struct tally_entry best[VALUES_MAX];
    size_t found = find_best(&count->tally, best);
    json_t *values = json_array();
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < found && problem == PROBLEM_NONE; i++)
        problem = append_value(count, &best[i], values);
    *out = json_object();
    if (problem == PROBLEM_NONE &&
        (!render_set(*out, "values", values) ||
         !render_set(*out, "more", json_integer((json_int_t)(count->tally.count - found)))))
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
static enum problem gather_all(struct request *request, enum facets_of of, struct counted *all) {
    const struct param_value *min_words = &request->params.values[PARAM_MIN_WORDS];
    int64_t max_id = 0;
    *all = (struct counted){.is_all = true};
    if (of == FACETS_OF_ARTICLES)
        return PROBLEM_NONE;
    enum problem problem =
        store_int(request->store, SQL_article_newest_id, &max_id, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE)
        return problem;
    all->weight_count = (size_t)max_id + 1;
    uint32_t *weights = arena_alloc(request->arena, all->weight_count * sizeof *weights);
    if (weights == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memset(weights, 0, all->weight_count * sizeof *weights);
    all->weights = weights;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_paragraph_articles_by_words, &rows,
                STORE_VALUES(STORE_INT(min_words->has_value ? min_words->number : 0)));
    while (rows_next(&rows)) {
        int64_t id = rows_int(&rows, 0);
        if (id > 0 && id <= max_id)
            weights[id]++;
    }
    return rows_end(&rows);
}

/* The matches of the query alone: filters differ from facet to facet. */
static enum problem gather_matches(struct request *request, const struct search *search,
                                   struct counted *all) {
    struct search alone = *search;
    uint32_t *weights = NULL;
    bool is_weighted = search->scope == SEARCH_PARAGRAPHS;
    *all = (struct counted){0};
    alone.is_filtered = false;
    alone.needs_place = true;
    if (is_asked(request, PARAM_FACET_YEAR) && has_own_filter(request, &facets[PARAM_FACET_YEAR])) {
        alone.low = INT64_MIN;
        alone.high = INT64_MAX;
    }
    enum problem problem = search_matches_gather(&alone, &all->set, is_weighted ? &weights : NULL);
    all->weights = weights;
    all->weight_count = all->set.word_count * 64;
    return problem;
}

/* Of `all` what passes every filter but the facet's own. */
static enum problem narrow(struct request *request, const struct counted *all,
                           const struct facet *facet, struct article_filter_term in_path,
                           struct counted *out) {
    struct article_filter filter;
    *out = *all;
    enum problem problem = article_filter_build(request, in_path, facet->own, false, &filter);
    if (problem != PROBLEM_NONE)
        return problem;
    bool is_narrowed = filter.has_set || filter.is_empty;
    if (is_narrowed || !all->is_all) {
        int64_t max_id = 0;
        problem = store_int(request->store, SQL_article_newest_id, &max_id, STORE_NO_VALUES);
        if (problem == PROBLEM_NONE && !idset_init(&out->set, max_id, request->arena))
            problem = PROBLEM_OUT_OF_MEMORY;
        if (problem != PROBLEM_NONE)
            return problem;
        out->is_all = false;
    }
    if (filter.is_empty || out->is_all)
        return PROBLEM_NONE;
    memcpy(out->set.words, all->is_all ? filter.set.words : all->set.words,
           out->set.word_count * sizeof *out->set.words);
    if (filter.has_set && !all->is_all)
        idset_and(&out->set, &filter.set);
    out->set_count = idset_count(&out->set);
    return PROBLEM_NONE;
}

static enum problem add_facet(struct request *request, const struct counted *all, size_t word,
                              struct article_filter_term in_path, json_t *list) {
    struct facet_count *count = arena_alloc(request->arena, sizeof *count);
    json_t *shaped = NULL;
    if (count == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *count = (struct facet_count){.request = request, .facet = &facets[word]};
    tally_init(&count->tally, request->arena);
    enum problem problem = narrow(request, all, count->facet, in_path, &count->articles);
    if (problem == PROBLEM_NONE)
        problem = count_values(count);
    if (problem == PROBLEM_NONE)
        problem = shape_facet(count, &shaped);
    if (problem == PROBLEM_NONE && !render_set(list, param_specs[PARAM_FACETS].words[word], shaped))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

enum problem facets_add(struct request *request, const struct search *search, enum facets_of of,
                        struct article_filter_term in_path, json_t *meta) {
    struct counted all;
    if (!request->params.values[PARAM_FACETS].has_value)
        return PROBLEM_NONE;
    enum problem problem =
        search == NULL ? gather_all(request, of, &all) : gather_matches(request, search, &all);
    json_t *list = json_object();
    for (size_t i = 0; i < FACET_COUNT && problem == PROBLEM_NONE; i++) {
        if (is_asked(request, i))
            problem = add_facet(request, &all, i, in_path, list);
    }
    if (problem == PROBLEM_NONE && !render_set(meta, "facets", list))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}
