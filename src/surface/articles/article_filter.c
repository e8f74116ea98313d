/* article_filter.c: from parameters to a term, a span of dates, or a set of ids. */
#include "surface/articles/article_filter.h"

#include "engine/render.h"
#include "surface/articles/article_weights.h"
#include "surface/terms/term_filter.h"

enum { GROUPS_MAX = 3 * LIMIT_QUERY_PAIRS + 1 };

static const struct term_filter term_params[] = {
    {PARAM_TAG, TERM_TAG, false},         {PARAM_TAG_NOT, TERM_TAG, true},
    {PARAM_SECTION, TERM_SECTION, false}, {PARAM_SECTION_NOT, TERM_SECTION, true},
    {PARAM_AUTHOR, TERM_AUTHOR, false},   {PARAM_AUTHOR_NOT, TERM_AUTHOR, true},
};

/* Terms of which an article carries at least one; with is_not: none. */
struct group {
    int64_t *ids;
    size_t count;
    int64_t article_count; /* of the last id */
    bool is_not;
};

struct build {
    struct request *request;
    struct article_filter *filter;
    struct group groups[GROUPS_MAX];
    size_t group_count;
    size_t positive_count;
    const enum param_id *without;
    const struct param_value *since;
    struct idset scratch;
    bool has_scratch;
};

static enum problem resolve_slug(struct build *build, const struct term_filter *param,
                                 struct span slug, struct group *group) {
    struct term_filter_match match;
    enum problem problem =
        term_filter_find(build->request, param, slug, &build->filter->unknown, &match);
    if (problem != PROBLEM_NONE || match.id == 0)
        return problem;
    group->ids[group->count++] = match.id;
    group->article_count = match.article_count;
    return PROBLEM_NONE;
}

static enum problem resolve_group(struct build *build, const struct term_filter *param,
                                  const struct param_group *given) {
    struct group *group = &build->groups[build->group_count++];
    *group = (struct group){NULL, 0, 0, param->is_not};
    group->ids = arena_alloc(build->request->arena, given->count * sizeof *group->ids);
    if (group->ids == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < given->count && problem == PROBLEM_NONE; i++)
        problem = resolve_slug(build, param, given->items[i], group);
    if (!group->is_not) {
        build->positive_count++;
        build->filter->is_empty |= group->count == 0;
    }
    return problem;
}

static bool is_given(const struct build *build, enum param_id id) {
    return build->request->params.values[id].has_value &&
           (build->without == NULL || !params_is_listed(build->without, id));
}

static enum problem resolve_terms(struct build *build) {
    for (size_t i = 0; i < sizeof term_params / sizeof *term_params; i++) {
        if (!is_given(build, term_params[i].param))
            continue;
        const struct param_value *value = &build->request->params.values[term_params[i].param];
        for (size_t j = 0; j < value->group_count && build->group_count < GROUPS_MAX; j++) {
            enum problem problem = resolve_group(build, &term_params[i], &value->groups[j]);
            if (problem != PROBLEM_NONE)
                return problem;
        }
    }
    return PROBLEM_NONE;
}

/* An article without a date is in no span of dates: its "" is below every first day. */
static void narrow(struct article_filter *filter, const char *first, const char *last) {
    filter->has_dates = true;
    if (strcmp(first, filter->first) > 0)
        memcpy(filter->first, first, DATE_BYTES);
    if (strcmp(last, filter->last) < 0)
        memcpy(filter->last, last, DATE_BYTES);
}

static void read_dates(const struct build *build, struct article_filter *filter) {
    const struct param_value *values = build->request->params.values;
    memcpy(filter->last, "9999-12-31", DATE_BYTES); /* and first is "" */
    if (is_given(build, PARAM_DATE))
        narrow(filter, values[PARAM_DATE].first, values[PARAM_DATE].last);
    if (is_given(build, PARAM_FROM))
        narrow(filter, values[PARAM_FROM].first, "9999-12-31");
    if (is_given(build, PARAM_TO))
        narrow(filter, "0001-01-01", values[PARAM_TO].last);
    if (filter->has_dates && strcmp(filter->first, filter->last) > 0)
        filter->is_empty = true;
}

/* ---- sets ---- */

static enum problem scan(struct build *build, struct idset *set, enum sql_id sql,
                         const struct store_value *values, size_t value_count) {
    rows_auto struct rows rows = {0};
    store_query(build->request->store, sql, &rows, values, value_count);
    while (rows_next(&rows))
        idset_add(set, rows_int(&rows, 0));
    return rows_end(&rows);
}

static enum problem scan_dates(struct build *build, struct idset *set) {
    return scan(build, set, SQL_article_ids_by_date,
                STORE_VALUES(STORE_TEXT(span_of(build->filter->first)),
                             STORE_TEXT(span_of(build->filter->last))));
}

static enum problem scan_since(struct build *build, struct idset *set) {
    return scan(build, set,
                build->since->is_instant ? SQL_article_ids_since_instant
                                         : SQL_article_ids_since_seq,
                STORE_VALUES(STORE_INT(build->since->number)));
}

static enum problem scan_group(struct build *build, struct idset *set, const struct group *group) {
    for (size_t i = 0; i < group->count; i++) {
        enum problem problem =
            scan(build, set, SQL_article_ids_by_term,
                 STORE_VALUES(STORE_INT(group->ids[i]), STORE_TEXT(span_of(build->filter->first)),
                              STORE_TEXT(span_of(build->filter->last))));
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

static enum problem new_set(struct request *request, struct idset *set) {
    int64_t max_id = 0;
    enum problem problem =
        store_int(request->store, SQL_article_newest_id, &max_id, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE && !idset_init(set, max_id, request->arena))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* Where the next condition is gathered: in the answer itself at first, then in a set beside it. */
static enum problem next_set(struct build *build, struct idset **set) {
    struct article_filter *filter = build->filter;
    *set = filter->has_set ? &build->scratch : &filter->set;
    if (filter->has_set && build->has_scratch) {
        idset_clear(&build->scratch);
        return PROBLEM_NONE;
    }
    build->has_scratch |= filter->has_set;
    return new_set(build->request, *set);
}

static void combine(struct build *build, const struct idset *set, bool is_not) {
    struct article_filter *filter = build->filter;
    if (set == &filter->set)
        filter->has_set = true;
    else if (is_not)
        idset_andnot(&filter->set, set);
    else
        idset_and(&filter->set, set);
}

static enum problem combine_groups(struct build *build, bool is_not) {
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; i < build->group_count && problem == PROBLEM_NONE; i++) {
        if (build->groups[i].is_not != is_not)
            continue;
        struct idset *set = NULL;
        problem = next_set(build, &set);
        if (problem == PROBLEM_NONE)
            problem = scan_group(build, set, &build->groups[i]);
        if (problem == PROBLEM_NONE)
            combine(build, set, is_not);
    }
    return problem;
}

static enum problem combine_scan(struct build *build,
                                 enum problem scan_one(struct build *, struct idset *)) {
    struct idset *set = NULL;
    enum problem problem = next_set(build, &set);
    if (problem == PROBLEM_NONE)
        problem = scan_one(build, set);
    if (problem == PROBLEM_NONE)
        combine(build, set, false);
    return problem;
}

/* Terms that must be there bring the dates with them; what must not be there is taken away last. */
static enum problem build_set(struct build *build) {
    enum problem problem = combine_groups(build, false);
    if (problem == PROBLEM_NONE && build->since->has_value)
        problem = combine_scan(build, scan_since);
    bool needs_dates =
        build->positive_count == 0 && (build->filter->has_dates || !build->filter->has_set);
    if (problem == PROBLEM_NONE && needs_dates)
        problem = combine_scan(build, scan_dates);
    if (problem == PROBLEM_NONE)
        problem = combine_groups(build, true);
    if (problem == PROBLEM_NONE)
        build->filter->set_count = idset_count(&build->filter->set);
    return problem;
}

static bool needs_set(const struct build *build, bool walks_by_date) {
    const struct article_filter *filter = build->filter;
    if (filter->is_empty)
        return false;
    if (build->group_count == 0 && !build->since->has_value)
        return filter->has_dates && !walks_by_date;
    bool is_one_term = build->group_count == 1 && build->positive_count == 1 &&
                       build->groups[0].count == 1 && !build->since->has_value;
    return !is_one_term || !walks_by_date;
}

enum problem article_filter_build(struct request *request, struct article_filter_term in_path,
                                  const enum param_id *without, bool walks_by_date,
                                  struct article_filter *filter) {
    struct build *build = arena_alloc(request->arena, sizeof *build);
    if (build == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    *filter = (struct article_filter){0};
    *build = (struct build){.request = request, .filter = filter, .without = without};
    build->since = &request->params.values[PARAM_CHANGED_SINCE];
    if (in_path.id > 0) {
        int64_t *id = arena_alloc(request->arena, sizeof *id);
        if (id == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        *id = in_path.id;
        build->groups[build->group_count++] = (struct group){id, 1, in_path.article_count, false};
        build->positive_count = 1;
    }
    enum problem problem = resolve_terms(build);
    if (problem != PROBLEM_NONE)
        return problem;
    read_dates(build, filter);
    if (needs_set(build, walks_by_date))
        return build_set(build);
    if (!filter->is_empty && build->group_count == 1) {
        filter->term_id = build->groups[0].ids[0];
        filter->term_count = build->groups[0].article_count;
    }
    return PROBLEM_NONE;
}

enum problem article_filter_narrow(struct request *request, int64_t min_words,
                                   struct article_filter *filter, int64_t *count) {
    struct idset set;
    *count = 0;
    if (filter->is_empty)
        return PROBLEM_NONE;
    enum problem problem = new_set(request, &set);
    if (problem != PROBLEM_NONE)
        return problem;
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    problem = article_weights_begin(request, &walk);
    if (problem != PROBLEM_NONE)
        return problem;
    while (facts_walk_paragraph(&walk, &paragraph)) {
        int64_t id = paragraph.article_id;
        if (paragraph.words < min_words || (filter->has_set && !idset_contains(&filter->set, id)))
            continue;
        idset_add(&set, id);
        ++*count;
    }
    filter->set = set;
    filter->has_set = true;
    filter->set_count = idset_count(&set);
    return facts_walk_end(&walk);
}

/* ---- counting ---- */

/* Counts by walking, so that it can stop. */
static enum problem count_up_to(struct store *store, int64_t limit, int64_t *count, enum sql_id sql,
                                const struct store_value *values, size_t value_count) {
    rows_auto struct rows rows = {0};
    store_query(store, sql, &rows, values, value_count);
    for (*count = 0; *count < limit && rows_next(&rows);)
        ++*count;
    return rows_end(&rows);
}

static enum problem count_dates(struct store *store, const struct article_filter *filter,
                                int64_t limit, struct list_total *total) {
    struct store_value values[] = {STORE_INT(filter->term_id), STORE_TEXT(span_of(filter->first)),
                                   STORE_TEXT(span_of(filter->last))};
    bool has_term = filter->term_id > 0;
    const struct store_value *used = has_term ? values : values + 1;
    size_t used_count = has_term ? 3 : 2;
    int64_t count = 0;
    enum problem problem;
    if (limit == INT64_MAX)
        problem = store_int(store, has_term ? SQL_article_count_by_term : SQL_article_count_by_date,
                            &count, used, used_count);
    else
        problem = count_up_to(store, limit, &count,
                              has_term ? SQL_article_ids_by_term : SQL_article_ids_by_date, used,
                              used_count);
    *total = list_total_of(count, limit);
    return problem;
}

static enum problem count_all(struct store *store, int64_t *count) {
    rows_auto struct rows rows = {0};
    store_query(store, SQL_store_totals, &rows, STORE_NO_VALUES);
    *count = rows_next(&rows) ? rows_int(&rows, 1) : 0;
    return rows_end(&rows);
}

enum problem article_filter_count(struct request *request, const struct article_filter *filter,
                                  int64_t limit, struct list_total *total) {
    *total = (struct list_total){limit > 0, false, 0};
    if (filter->is_empty || limit == 0)
        return PROBLEM_NONE;
    if (filter->has_set)
        total->count = filter->set_count;
    else if (filter->has_dates)
        return count_dates(request->store, filter, limit, total);
    else if (filter->term_id > 0)
        total->count = filter->term_count;
    else
        return count_all(request->store, &total->count);
    return PROBLEM_NONE;
}
