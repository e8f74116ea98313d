/* article_index_check.c: see article_index_check.h. Articles are walked once: each must have its
 * documents, whose words go into the sums. The index is walked twice: each document must have its
 * row, and each word is taken from the sums. */
#include "domain/search/article_index_check.h"

#include <stdio.h>

#include "domain/search/article_index.h"
#include "engine/search/search_sum.h"

enum { FINDINGS_MAX = 100, PART_IDS = 500, SCRATCH_BYTES_MAX = 256 * 1024 * 1024 };

struct check {
    struct store *store;
    struct article_index index; /* for its terms; nothing is written */
    struct arena scratch;
    struct search_sum sums[SEARCH_SCOPE_COUNT];
    store_check_say *say;
    void *context;
    size_t findings;
};

static const struct {
    const char *noun;
    enum sql_id has, numbers, date;
} scopes[SEARCH_SCOPE_COUNT] = {
    [SEARCH_ARTICLES] = {"article", SQL_search_article_has, SQL_search_article_numbers,
                         SQL_search_article_date},
    [SEARCH_PARAGRAPHS] = {"paragraph", SQL_search_paragraph_has, SQL_search_paragraph_numbers,
                           SQL_search_paragraph_date},
};

static void finding_say(struct check *check, enum search_scope scope, int64_t id,
                        const char *what) {
    char text[200];
    if (check->findings++ >= FINDINGS_MAX)
        return;
    snprintf(text, sizeof text, "the search index %s %s %lld", what, scopes[scope].noun,
             (long long)id);
    check->say(check->context, text);
}

/* Words of a number that is in no list. */
static void unlisted_say(struct check *check, enum search_scope scope) {
    char text[100];
    check->findings++;
    snprintf(text, sizeof text, "the search index holds words of what is no %s",
             scopes[scope].noun);
    check->say(check->context, text);
}

/* ---- from the rows to the index ---- */

static enum problem document_find(struct check *check, enum search_scope scope, int64_t number) {
    int64_t found;
    enum problem problem =
        store_int(check->store, scopes[scope].has, &found, STORE_VALUES(STORE_INT(number)));
    if (problem != PROBLEM_NOT_FOUND)
        return problem;
    finding_say(check, scope, search_number_id(scope, number), "lacks");
    return PROBLEM_NONE;
}

static enum problem article_add(struct check *check, const struct article_indexed *article) {
    int64_t number = search_article_number(span_of(article->published), article->id);
    const struct search_document *document = &article->document;
    search_sum_article(&check->sums[SEARCH_ARTICLES], number, &document->article);
    enum problem problem = document_find(check, SEARCH_ARTICLES, number);
    for (size_t i = 0; problem == PROBLEM_NONE && i < document->paragraph_count; i++) {
        number = search_paragraph_number(span_of(article->published), article->paragraph_ids[i]);
        search_sum_paragraph(&check->sums[SEARCH_PARAGRAPHS], number, document->paragraphs[i].terms,
                             document->paragraphs[i].variants);
        problem = document_find(check, SEARCH_PARAGRAPHS, number);
    }
    return problem;
}

static enum problem rows_walk(struct check *check) {
    rows_auto struct rows rows = {0};
    enum problem problem = PROBLEM_NONE;
    store_query(check->store, SQL_article_ids, &rows, STORE_VALUES(STORE_INT(0)));
    while (problem == PROBLEM_NONE && rows_next(&rows)) {
        struct article_indexed article;
        arena_reset(&check->scratch);
        search_batch_clear(&check->index.batch);
        problem =
            article_index_before(&check->index, rows_int(&rows, 0), &check->scratch, &article);
        if (problem == PROBLEM_NONE)
            problem = article_add(check, &article);
    }
    enum problem ended = rows_end(&rows);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- from the index to the rows ---- */

static int64_t number_of(enum search_scope scope, struct span published, int64_t id) {
    return scope == SEARCH_ARTICLES ? search_article_number(published, id)
                                    : search_paragraph_number(published, id);
}

static enum problem row_find(struct check *check, enum search_scope scope, int64_t number) {
    int64_t id = search_number_id(scope, number);
    rows_auto struct rows rows = {0};
    store_query(check->store, scopes[scope].date, &rows, STORE_VALUES(STORE_INT(id)));
    bool is_found = rows_next(&rows) && number_of(scope, rows_text(&rows, 0), id) == number;
    enum problem problem = rows_end(&rows);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!is_found)
        finding_say(check, scope, id, "holds under a wrong date, or too much,");
    else if (!search_sum_is_even(&check->sums[scope], number))
        finding_say(check, scope, id, "has other words than, or than another in the share of,");
    return PROBLEM_NONE;
}

static enum problem documents_walk(struct check *check, enum search_scope scope) {
    enum problem problem = search_sum_index(&check->sums[scope], scope, check->store);
    if (problem != PROBLEM_NONE)
        return problem;
    rows_auto struct rows rows = {0};
    store_query(check->store, scopes[scope].numbers, &rows, STORE_VALUES(STORE_INT(-1)));
    while (problem == PROBLEM_NONE && rows_next(&rows))
        problem = row_find(check, scope, rows_int(&rows, 0));
    enum problem ended = rows_end(&rows);
    if (problem == PROBLEM_NONE && ended == PROBLEM_NONE && check->findings == 0 &&
        search_sum_uneven(&check->sums[scope]) > 0)
        unlisted_say(check, scope);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- both ---- */

/* The first article starts the index: before it there is none, as in a store whose first import was
 * cut off. */
static enum problem version_check(struct check *check, bool *is_whole) {
    int64_t newest = 0;
    struct span own = search_terms_version(&check->scratch), kept;
    enum problem problem = own.at == NULL ? PROBLEM_OUT_OF_MEMORY
                                          : search_version(check->store, &check->scratch, &kept);
    if (problem == PROBLEM_NONE)
        problem = store_int(check->store, SQL_article_newest_id, &newest, STORE_NO_VALUES);
    *is_whole = problem == PROBLEM_NONE && span_equal(own, kept);
    if (problem != PROBLEM_NONE || *is_whole || (newest == 0 && kept.bytes == 0))
        return problem;
    check->findings++;
    check->say(
        check->context,
        "the search index is not whole, or of another version: `pilcrow serve` makes it anew");
    return PROBLEM_NONE;
}

static enum problem check_all(struct check *check) {
    bool is_whole;
    enum problem problem = version_check(check, &is_whole);
    if (problem != PROBLEM_NONE || !is_whole)
        return problem;
    problem = article_facts_check(check->store, check->say, check->context, &check->findings);
    for (int scope = 0; problem == PROBLEM_NONE && scope < SEARCH_SCOPE_COUNT; scope++)
        problem = search_sum_init(&check->sums[scope]);
    if (problem == PROBLEM_NONE)
        problem = rows_walk(check);
    for (int scope = 0; problem == PROBLEM_NONE && scope < SEARCH_SCOPE_COUNT; scope++)
        problem = documents_walk(check, (enum search_scope)scope);
    return problem;
}

enum problem article_index_check(struct store *store, store_check_say *say, void *context,
                                 size_t *findings) {
    struct check check = {.store = store, .say = say, .context = context};
    article_index_init(&check.index, store);
    check.index.is_on = true;
    arena_init(&check.scratch, SCRATCH_BYTES_MAX);
    enum problem problem = store_begin(store);
    if (problem == PROBLEM_NONE)
        problem = check_all(&check);
    store_end(store);
    for (int scope = 0; scope < SEARCH_SCOPE_COUNT; scope++)
        search_sum_fini(&check.sums[scope]);
    arena_fini(&check.scratch);
    article_index_fini(&check.index);
    *findings += check.findings;
    if (problem != PROBLEM_CORRUPT)
        return problem;
    /* So damaged that it cannot be read to its end: that is a finding. */
    say(context, "the search index is damaged");
    *findings += 1;
    return PROBLEM_NONE;
}

enum problem article_index_repair(struct store *writer, store_check_say *say, void *context,
                                  bool *is_repaired) {
    size_t findings = 0;
    enum problem problem = article_index_check(writer, say, context, &findings);
    *is_repaired = problem == PROBLEM_NONE && findings > 0;
    return *is_repaired ? article_index_rebuild(writer) : problem;
}
