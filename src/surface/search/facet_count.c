/* facet_count.c: see facet_count.h. */
#include "surface/search/facet_count.h"

#include "engine/search/facts_walk.h"

static int64_t weight_of(const struct facet_articles *articles, int64_t id) {
    if (!articles->is_all && !idset_contains(&articles->set, id))
        return 0;
    if (articles->weights == NULL)
        return 1;
    return (uint64_t)id < articles->weight_count ? articles->weights[id] : 0;
}

/* ---- one pass ---- */

struct pass {
    struct facet_count *of_kind[FACET_KINDS]; /* NULL = not counted here */
    bool is_of_all;
    struct idset any; /* articles that any of them counts */
};

static enum problem pass_add(struct pass *pass, struct facet_count *count, int64_t last_id,
                             struct arena *arena) {
    pass->of_kind[count->kind] = count;
    pass->is_of_all |= count->articles.is_all;
    if (count->articles.is_all)
        return PROBLEM_NONE;
    if (pass->any.words == NULL && !idset_init(&pass->any, last_id, arena))
        return PROBLEM_OUT_OF_MEMORY;
    idset_or(&pass->any, &count->articles.set);
    return PROBLEM_NONE;
}

static enum problem count_article(const struct pass *pass, struct facts_article *article) {
    int64_t weights[FACET_KINDS] = {0}, term_id;
    bool is_whole = true;
    int kind;
    for (int i = 0; i < FACET_KINDS; i++) {
        if (pass->of_kind[i] != NULL)
            weights[i] = weight_of(&pass->of_kind[i]->articles, article->id);
    }
    if (weights[FACET_YEAR] > 0 && article->year > 0)
        is_whole = tally_add(&pass->of_kind[FACET_YEAR]->tally, article->year, weights[FACET_YEAR]);
    while (is_whole && facts_next_term(&article->terms, &kind, &term_id)) {
        if (kind != FACET_YEAR && weights[kind] > 0)
            is_whole = tally_add(&pass->of_kind[kind]->tally, term_id, weights[kind]);
    }
    if (!is_whole)
        return PROBLEM_OUT_OF_MEMORY;
    return article->terms.is_broken ? PROBLEM_CORRUPT : PROBLEM_NONE;
}

static enum problem pass_make(struct request *request, const struct pass *pass, int64_t last_id) {
    struct facts_walk walk;
    struct facts_article article;
    enum problem problem = PROBLEM_NONE;
    facts_walk_begin(&walk, request->store, FACTS_OF_ARTICLES, pass->is_of_all ? NULL : &pass->any,
                     last_id);
    while (problem == PROBLEM_NONE && facts_walk_article(&walk, &article))
        problem = count_article(pass, &article);
    enum problem ended = facts_walk_end(&walk);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* ---- all ---- */

/* Every article counts once, and the terms know how many they have. */
static enum problem count_known(struct request *request, struct facet_count *count) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    store_query(request->store, SQL_facet_terms, &rows, STORE_VALUES(STORE_INT(count->kind)));
    while (is_whole && rows_next(&rows))
        is_whole = tally_add(&count->tally, rows_int(&rows, 0), rows_int(&rows, 1));
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

enum problem facet_count_all(struct request *request, struct facet_count *counts, size_t count) {
    struct pass pass = {.is_of_all = false};
    int64_t last_id = 0;
    bool needs_pass = false;
    enum problem problem =
        store_int(request->store, SQL_article_newest_id, &last_id, STORE_NO_VALUES);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++) {
        const struct facet_articles *articles = &counts[i].articles;
        tally_init(&counts[i].tally, request->arena);
        if (articles->is_all && articles->weights == NULL && counts[i].kind != FACET_YEAR) {
            problem = count_known(request, &counts[i]);
            continue;
        }
        needs_pass = true;
        problem = pass_add(&pass, &counts[i], last_id, request->arena);
    }
    return problem == PROBLEM_NONE && needs_pass ? pass_make(request, &pass, last_id) : problem;
}
