/* search_matches.c: see search_matches.h.
 *
 * A paragraph is found by the words in its text; what a query asks of title, authors, tags and
 * section is asked of its article, by a search of articles of its own. */
#include "surface/search/search_matches.h"

#include "engine/render.h"

/* ---- what the index is asked ---- */

static enum problem new_set(const struct search *search, struct idset *set) {
    int64_t max_id = 0;
    enum problem problem =
        store_int(search->request->store, SQL_article_newest_id, &max_id, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE && !idset_init(set, max_id, search->request->arena))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* Adds the articles that `query` finds. */
static enum problem add_articles(const struct search *search, const struct search_query *query,
                                 struct idset *set) {
    struct search_hits hits;
    int64_t number;
    double score;
    enum problem problem = search_begin(search->request->store, SEARCH_ARTICLES, query, INT64_MIN,
                                        INT64_MAX, false, search->request->arena, &hits);
    if (problem != PROBLEM_NONE)
        return problem;
    while (search_next(&hits, &number, &score))
        idset_add(set, search_number_id(SEARCH_ARTICLES, number));
    return search_end(&hits);
}

/* Of each group the items that paragraphs have; groups without any are asked of the article. */
struct split {
    struct search_query text, article;
    struct search_item *items; /* room for all of them */
    bool has_left_out;
};

static void split_group(struct split *split, const struct search_group *group) {
    struct search_group kept = {split->items, 0};
    for (size_t i = 0; i < group->item_count; i++) {
        if (group->items[i].field == SEARCH_FIELD_ANY)
            kept.items[kept.item_count++] = group->items[i];
    }
    if (kept.item_count == 0) {
        split->article.groups[split->article.group_count++] = *group;
        return;
    }
    split->has_left_out |= kept.item_count < group->item_count;
    split->items += kept.item_count;
    split->text.groups[split->text.group_count++] = kept;
}

static size_t count_items(const struct search_query *query) {
    size_t count = query->excluded_count;
    for (size_t i = 0; i < query->group_count; i++)
        count += query->groups[i].item_count;
    return count;
}

static bool split_query(const struct search *search, struct split *split) {
    const struct search_query *query = &search->query.search;
    struct arena *arena = search->request->arena;
    size_t items = count_items(query) + 1;
    *split = (struct split){.items = arena_alloc(arena, items * sizeof *split->items)};
    struct search_group *groups = arena_alloc(arena, (2 * query->group_count + 1) * sizeof *groups);
    if (split->items == NULL || groups == NULL)
        return false;
    split->text.groups = groups;
    split->article.groups = groups + query->group_count;
    for (size_t i = 0; i < query->group_count; i++)
        split_group(split, &query->groups[i]);
    split->text.excluded = split->items;
    for (size_t i = 0; i < query->excluded_count; i++) {
        if (query->excluded[i].field == SEARCH_FIELD_ANY)
            split->text.excluded[split->text.excluded_count++] = query->excluded[i];
    }
    return true;
}

static enum problem find_excluded(struct search *search) {
    const struct search_query *query = &search->query.search;
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < query->excluded_count && problem == PROBLEM_NONE; i++) {
        if (query->excluded[i].field == SEARCH_FIELD_ANY)
            continue;
        if (!search->has_excluded)
            problem = new_set(search, &search->excluded);
        search->has_excluded = true;
        struct search_group group = {&query->excluded[i], 1};
        const struct search_query alone = {&group, 1, NULL, 0};
        if (problem == PROBLEM_NONE)
            problem = add_articles(search, &alone, &search->excluded);
    }
    return problem;
}

static enum problem ask_paragraphs(struct search *search) {
    struct split split;
    if (!split_query(search, &split))
        return PROBLEM_OUT_OF_MEMORY;
    search->asked = split.text;
    if (split.has_left_out)
        search->note = "An alternative that asks for title, author, tag or section was ignored "
                       "where the other is a word of the paragraph.";
    if (split.text.group_count == 0 && split.article.group_count > 0) {
        search->note = "A search of paragraphs needs a word that stands in their text.";
        search->finds_nothing = true;
        return PROBLEM_NONE;
    }
    enum problem problem = find_excluded(search);
    if (problem != PROBLEM_NONE || split.article.group_count == 0)
        return problem;
    search->has_articles = true;
    problem = new_set(search, &search->articles);
    return problem == PROBLEM_NONE ? add_articles(search, &split.article, &search->articles)
                                   : problem;
}

enum { FEW_ARTICLES = 4000 };

static bool lets_through(const struct search *search, int64_t article_id) {
    if (search->is_filtered && search->filter.has_set &&
        !idset_contains(&search->filter.set, article_id))
        return false;
    if (search->has_articles && !idset_contains(&search->articles, article_id))
        return false;
    return !search->has_excluded || !idset_contains(&search->excluded, article_id);
}

static enum problem add_paragraphs(struct search *search, int64_t article_id) {
    rows_auto struct rows rows = {0};
    store_query(search->request->store, SQL_search_paragraphs_of, &rows,
                STORE_VALUES(STORE_INT(article_id)));
    while (rows_next(&rows))
        idset_add(&search->paragraphs, rows_int(&rows, 0));
    return rows_end(&rows);
}

static enum problem find_paragraphs(struct search *search) {
    const struct idset *set = search->has_articles ? &search->articles : &search->filter.set;
    int64_t max_id = 0;
    if ((!search->has_articles && !search->filter.has_set) || search->min_words > 0 ||
        idset_count(set) > FEW_ARTICLES)
        return PROBLEM_NONE;
    enum problem problem =
        store_int(search->request->store, SQL_paragraph_newest_id, &max_id, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE && problem != PROBLEM_NOT_FOUND)
        return problem;
    if (!idset_init(&search->paragraphs, max_id, search->request->arena))
        return PROBLEM_OUT_OF_MEMORY;
    problem = PROBLEM_NONE;
    for (int64_t id = idset_next(set, 0); id != 0 && problem == PROBLEM_NONE;
         id = idset_next(set, id)) {
        if (lets_through(search, id))
            problem = add_paragraphs(search, id);
    }
    search->has_paragraphs = true;
    return problem;
}

enum problem search_matches_ask(struct search *search, struct span text) {
    search->note = NULL;
    search->finds_nothing = search->has_articles = search->has_excluded = false;
    search->has_paragraphs = false;
    enum problem problem = query_parse(text, search->request->arena, &search->query);
    if (problem != PROBLEM_NONE)
        return problem;
    search->asked = search->query.search;
    search->finds_nothing = !search->query.has_words;
    if (search->scope == SEARCH_PARAGRAPHS && !search->finds_nothing)
        problem = ask_paragraphs(search);
    search->needs_place |= search->has_articles || search->has_excluded;
    if (problem == PROBLEM_NONE && search->scope == SEARCH_PARAGRAPHS && !search->finds_nothing)
        problem = find_paragraphs(search);
    return problem;
}

/* ---- filters ---- */

/* As long as the operator says for searches, and never longer than for other requests. */
unsigned search_matches_deadline_ms(const struct request *request) {
    unsigned any_ms = request->service->config->query_deadline_ms;
    unsigned search_ms = request->service->config->search_deadline_ms;
    return search_ms != 0 && (any_ms == 0 || search_ms < any_ms) ? search_ms : any_ms;
}

/* Dates alone bound the walk; every other filter is a set. */
static enum problem build_filter(struct search *search) {
    struct article_filter *filter = &search->filter;
    enum problem problem =
        article_filter_build(search->request, search->in_path, NULL, true, filter);
    if (problem == PROBLEM_NONE && filter->term_id > 0)
        problem = article_filter_build(search->request, search->in_path, NULL, false, filter);
    if (problem != PROBLEM_NONE)
        return problem;
    search->is_filtered = true;
    search->needs_place |= filter->has_set;
    struct span none = {NULL, 0};
    search_period(filter->has_dates ? span_of(filter->first) : none,
                  filter->has_dates ? span_of(filter->last) : none, &search->low, &search->high);
    return PROBLEM_NONE;
}

enum problem search_matches_prepare(struct search *search, struct request *request,
                                    enum search_scope scope, struct article_filter_term in_path) {
    const struct param_value *min_words = &request->params.values[PARAM_MIN_WORDS];
    *search = (struct search){.request = request, .in_path = in_path, .scope = scope};
    search->min_words = min_words->has_value ? min_words->number : 0;
    search->needs_place = search->min_words > 0;
    store_deadline_set(request->store, search_matches_deadline_ms(request));
    enum problem problem = build_filter(search);
    return problem == PROBLEM_NONE
               ? search_matches_ask(search, request->params.values[PARAM_Q].text)
               : problem;
}

/* ---- walking ---- */

static bool begin(struct search_walk *walk, const struct search *search, int64_t low,
                  int64_t high) {
    *walk = (struct search_walk){
        .search = search, .looked_at_max = INT64_MAX, .last_number = INT64_MAX};
    return !search->finds_nothing && low <= high &&
           !(search->is_filtered && search->filter.is_empty);
}

void search_matches_begin_rising(struct search_walk *walk, const struct search *search, int64_t low,
                                 int64_t high) {
    if (begin(walk, search, low, high))
        walk->problem = search_begin_rising(search->request->store, search->scope, &search->asked,
                                            low, high, search->request->arena, &walk->hits);
}

void search_matches_begin(struct search_walk *walk, const struct search *search, int64_t low,
                          int64_t high, bool is_ranked) {
    if (!begin(walk, search, low, high))
        return;
    walk->problem = search_begin(search->request->store, search->scope, &search->asked, low, high,
                                 is_ranked, search->request->arena, &walk->hits);
}

static enum problem find_place(const struct search *search, struct search_match *match,
                               bool *is_there) {
    rows_auto struct rows rows = {0};
    store_query(search->request->store, SQL_search_paragraph_place, &rows,
                STORE_VALUES(STORE_INT(match->id), STORE_INT(search->min_words)));
    *is_there = rows_next(&rows);
    match->article_id = *is_there ? rows_int(&rows, 0) : 0;
    return rows_end(&rows);
}

bool search_matches_next(struct search_walk *walk, struct search_match *match) {
    const struct search *search = walk->search;
    if (walk->hits.rows.store == NULL)
        return false;
    while (walk->problem == PROBLEM_NONE && walk->looked_at < walk->looked_at_max &&
           search_next(&walk->hits, &match->number, &match->score)) {
        bool is_there = true;
        walk->looked_at++;
        walk->last_number = match->number;
        match->id = search_number_id(search->scope, match->number);
        match->article_id = search->scope == SEARCH_ARTICLES ? match->id : 0;
        if (search->has_paragraphs && search->is_filtered) {
            if (idset_contains(&search->paragraphs, match->id))
                return true;
            continue;
        }
        if (search->scope == SEARCH_PARAGRAPHS && search->needs_place)
            walk->problem = find_place(search, match, &is_there);
        if (walk->problem == PROBLEM_NONE && is_there && lets_through(search, match->article_id))
            return true;
    }
    return false;
}

enum problem search_matches_end(struct search_walk *walk) {
    if (walk->hits.rows.store == NULL)
        return walk->problem;
    enum problem problem = search_end(&walk->hits);
    return walk->problem == PROBLEM_NONE ? problem : walk->problem;
}

enum problem search_matches_count(const struct search *search, int64_t limit, int64_t *count) {
    struct search_walk walk;
    struct search_match match;
    *count = 0;
    if (limit == 0)
        return PROBLEM_NONE;
    search_matches_begin(&walk, search, search->low, search->high, false);
    while (*count < limit && search_matches_next(&walk, &match))
        ++*count;
    return search_matches_end(&walk);
}

enum problem search_matches_gather(const struct search *search, struct idset *set) {
    struct search_walk walk;
    struct search_match match;
    enum problem problem = new_set(search, set);
    if (problem != PROBLEM_NONE)
        return problem;
    search_matches_begin(&walk, search, search->low, search->high, false);
    while (search_matches_next(&walk, &match))
        idset_add(set, match.id);
    return search_matches_end(&walk);
}

/* The paragraphs that the index finds, whatever their articles are. */
static enum problem gather_paragraphs(const struct search *search, struct idset *set) {
    struct search found = *search;
    struct search_walk walk;
    struct search_match match;
    int64_t max_id = 0;
    enum problem problem =
        store_int(search->request->store, SQL_paragraph_newest_id, &max_id, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE && problem != PROBLEM_NOT_FOUND)
        return problem;
    if (!idset_init(set, max_id, search->request->arena))
        return PROBLEM_OUT_OF_MEMORY;
    found.is_filtered = found.needs_place = found.has_articles = found.has_excluded = false;
    search_matches_begin(&walk, &found, search->low, search->high, false);
    while (search_matches_next(&walk, &match))
        idset_add(set, match.id);
    return search_matches_end(&walk);
}

enum problem search_matches_weigh(const struct search *search, struct idset *set,
                                  struct article_weights *weights) {
    struct idset paragraphs;
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    enum problem problem = new_set(search, set);
    if (problem == PROBLEM_NONE)
        problem = article_weights_init(search->request, weights);
    if (problem == PROBLEM_NONE)
        problem = gather_paragraphs(search, &paragraphs);
    if (problem != PROBLEM_NONE)
        return problem;
    facts_walk_begin(&walk, search->request->store, FACTS_OF_PARAGRAPHS, &paragraphs, 0);
    while (facts_walk_paragraph(&walk, &paragraph)) {
        if (paragraph.words < search->min_words || !lets_through(search, paragraph.article_id))
            continue;
        idset_add(set, paragraph.article_id);
        article_weights_add(weights, paragraph.article_id);
    }
    return facts_walk_end(&walk);
}
