/* change_filter.c: one change against the terms that its article carries now. */
#include "surface/change_filter.h"

#include "engine/render.h"
#include "surface/shapes.h"
#include "surface/terms/term_filter.h"

static const struct term_filter term_params[] = {
    {PARAM_TAG, TERM_TAG, false},
    {PARAM_SECTION, TERM_SECTION, false},
    {PARAM_AUTHOR, TERM_AUTHOR, false},
};

enum { TERM_PARAMS = sizeof term_params / sizeof *term_params };

static enum problem look_up(struct change_filter *filter, const struct term_filter *param,
                            const struct param_group *group) {
    struct term_filter_match match;
    for (size_t i = 0; i < group->count; i++) {
        enum problem problem =
            term_filter_find(filter->request, param, group->items[i], &filter->unknown, &match);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}

enum problem change_filter_begin(struct request *request, struct change_filter *filter) {
    *filter = (struct change_filter){
        .request = request, .is_collapsed = request->params.values[PARAM_COLLAPSE].number != 0};
    for (size_t p = 0; p < TERM_PARAMS; p++) {
        const struct param_value *value = &request->params.values[term_params[p].param];
        for (size_t g = 0; g < value->group_count; g++) {
            enum problem problem = look_up(filter, &term_params[p], &value->groups[g]);
            if (problem != PROBLEM_NONE)
                return problem;
            filter->groups = filter->groups << 1 | 1; /* as many as there are query pairs: 64 */
        }
    }
    return PROBLEM_NONE;
}

static bool holds(const struct param_group *group, struct span slug) {
    for (size_t i = 0; i < group->count; i++) {
        if (span_equal(group->items[i], slug))
            return true;
    }
    return false;
}

/* The groups that one term satisfies. */
static uint64_t groups_of(const struct change_filter *filter, int64_t kind, struct span slug) {
    uint64_t bits = 0;
    unsigned bit = 0;
    for (size_t p = 0; p < TERM_PARAMS; p++) {
        const struct param_value *value = &filter->request->params.values[term_params[p].param];
        for (size_t g = 0; g < value->group_count; g++, bit++) {
            if (kind == (int64_t)term_params[p].kind && holds(&value->groups[g], slug))
                bits |= UINT64_C(1) << bit;
        }
    }
    return bits;
}

static enum problem matches_now(const struct change_filter *filter, int64_t article_id,
                                bool *is_match) {
    uint64_t found = 0;
    rows_auto struct rows rows = {0};
    if (filter->groups != 0)
        store_query(filter->request->store, SQL_term_by_article, &rows,
                    STORE_VALUES(STORE_INT(article_id)));
    while (filter->groups != 0 && rows_next(&rows))
        found |= groups_of(filter, rows_int(&rows, ARTICLE_TERM_KIND),
                           rows_text(&rows, ARTICLE_TERM_SLUG));
    *is_match = found == filter->groups;
    return rows_end(&rows);
}

/* Whether one of the names begins like a field of terms, or nothing is known. */
static bool changed_terms(struct span changed) {
    static const char *const fields[] = {"tags", "section", "authors"};
    if (changed.bytes == 0)
        return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (memmem(changed.at, changed.bytes, fields[i], strlen(fields[i])) != NULL)
            return true;
    }
    return false;
}

/* A newer change of the same thing stands for this one when it passes, too: it does when the
 * article matches, and when it is a deletion. */
static enum problem is_superseded(const struct change_filter *filter, const struct change *change,
                                  bool is_match, bool *is_so) {
    int64_t newest = 0, version;
    *is_so = false;
    if (!filter->is_collapsed)
        return PROBLEM_NONE;
    enum problem problem = store_int(filter->request->store, SQL_change_newest_of, &newest,
                                     STORE_VALUES(STORE_TEXT(change->type), STORE_INT(change->id)));
    if (problem != PROBLEM_NONE || newest == change->seq)
        return problem;
    *is_so = is_match;
    if (is_match)
        return PROBLEM_NONE;
    problem = store_int(filter->request->store, SQL_article_version_by_id, &version,
                        STORE_VALUES(STORE_INT(change->id)));
    *is_so = problem == PROBLEM_NOT_FOUND;
    return *is_so ? PROBLEM_NONE : problem;
}

static bool is_of_type(const struct change_filter *filter, struct span type) {
    const struct param_value *given = &filter->request->params.values[PARAM_CHANGE_TYPE];
    return !given->is_given || span_is(type, param_specs[PARAM_CHANGE_TYPE].words[given->number]);
}

enum problem change_filter_test(const struct change_filter *filter, const struct change *change,
                                bool *passes) {
    bool is_match = true, is_superseded_by_newer = false;
    *passes = false;
    if (!is_of_type(filter, change->type))
        return PROBLEM_NONE;
    enum problem problem = PROBLEM_NONE;
    if (span_is(change->type, "article"))
        problem = matches_now(filter, change->id, &is_match);
    bool is_delete = span_is(change->op, "delete");
    bool may_have_left = span_is(change->op, "update") && changed_terms(change->changed);
    *passes = is_match || is_delete || may_have_left;
    if (problem == PROBLEM_NONE && *passes)
        problem = is_superseded(filter, change, is_match, &is_superseded_by_newer);
    *passes = *passes && !is_superseded_by_newer;
    return problem;
}
