/* import.c: runs of imports, and transactions of bounded size around their articles. */
#include "domain/import/import.h"

#include <stdlib.h>
#include <time.h>

#include "domain/articles/article_history.h"
#include "domain/articles/article_store.h"
#include "domain/import/import_run.h"

enum {
    BATCH_ARTICLES = 500,
    BATCH_BYTES = 8 * 1024 * 1024,
    SCRATCH_BYTES_MAX = 256 * 1024 * 1024, /* the largest article, old and new, compared */
};

enum problem import_open(struct store *writer, bool is_dry_run, struct import **out) {
    struct import *run = calloc(1, sizeof *run);
    *out = run;
    if (run == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    run->writer = writer;
    run->is_dry_run = is_dry_run;
    import_seen_init(&run->seen);
    import_seen_init(&run->made);
    arena_init(&run->scratch, SCRATCH_BYTES_MAX);
    article_index_init(&run->index, writer);
    return PROBLEM_NONE;
}

void import_set_mode(struct import *run, enum import_mode mode) {
    run->mode = mode;
}

void import_set_changes_keep(struct import *run, unsigned keep) {
    run->changes_keep = keep;
}

void import_close(struct import *run) {
    if (run == NULL)
        return;
    if (run->is_begun)
        store_end(run->writer);
    import_seen_fini(&run->seen);
    import_seen_fini(&run->made);
    arena_fini(&run->scratch);
    article_index_fini(&run->index);
    free(run);
}

/* ---- transactions ---- */

static void totals_add(struct import_totals *sum, const struct import_totals *more) {
    for (size_t i = 0; i < IMPORT_OUTCOME_COUNT; i++)
        sum->outcome[i] += more->outcome[i];
    sum->paragraphs += more->paragraphs;
}

struct import_totals import_totals(const struct import *run) {
    struct import_totals totals = run->committed;
    /* A dry run commits nothing, so what it would commit is what is pending. */
    if (run->is_dry_run && run->ended == PROBLEM_NONE)
        totals_add(&totals, &run->pending);
    return totals;
}

static enum problem end(struct import *run, enum problem problem) {
    store_end(run->writer);
    run->is_begun = false;
    run->ended = problem;
    run->pending = (struct import_totals){0};
    return problem;
}

static enum problem begin(struct import *run) {
    if (run->is_begun)
        return PROBLEM_NONE;
    enum problem problem = store_begin(run->writer);
    run->is_begun = problem == PROBLEM_NONE;
    run->batch_articles = run->batch_bytes = 0;
    if (problem == PROBLEM_NONE && !run->is_dry_run)
        problem = article_index_begin(&run->index);
    return problem;
}

static enum problem trim(struct import *run) {
    const uint64_t *outcome = run->pending.outcome;
    if (run->changes_keep == 0 || outcome[IMPORT_CREATED] + outcome[IMPORT_UPDATED] == 0)
        return PROBLEM_NONE;
    return article_history_trim(run->writer, run->changes_keep);
}

enum problem import_commit(struct import *run) {
    if (run->ended != PROBLEM_NONE)
        return run->ended;
    if (!run->is_begun || run->is_dry_run)
        return PROBLEM_NONE;
    enum problem problem = trim(run);
    if (problem == PROBLEM_NONE)
        problem = article_index_apply(&run->index);
    if (problem == PROBLEM_NONE)
        problem = store_commit(run->writer);
    if (problem != PROBLEM_NONE)
        return end(run, problem);
    run->is_begun = false;
    totals_add(&run->committed, &run->pending);
    run->pending = (struct import_totals){0};
    return PROBLEM_NONE;
}

enum problem import_pause(struct import *run) {
    if (!run->is_dry_run || run->ended != PROBLEM_NONE)
        return import_commit(run);
    store_end(run->writer);
    run->is_begun = false;
    return PROBLEM_NONE;
}

/* ---- one article ---- */

static size_t article_bytes(const struct article *article) {
    size_t bytes = article->title.bytes;
    for (size_t i = 0; i < article->paragraphs.count; i++)
        bytes += article->paragraphs.items[i].bytes;
    return bytes;
}

static enum problem count_accepted(struct import *run, const struct article *article,
                                   struct span source, struct import_result *result) {
    enum problem problem = store_mark_keep(run->writer);
    bool is_made = result->article_id == 0; /* by a dry run, in a transaction before */
    if (problem == PROBLEM_NONE && !is_made &&
        !import_seen_add(&run->seen, result->article_id, source))
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem != PROBLEM_NONE)
        return end(run, problem);
    run->pending.outcome[result->outcome]++;
    run->pending.paragraphs += article->paragraphs.count;
    if (run->is_dry_run && result->outcome == IMPORT_CREATED)
        result->article_id = 0;
    run->batch_articles++;
    run->batch_bytes += article_bytes(article);
    if (run->batch_articles >= BATCH_ARTICLES || run->batch_bytes >= BATCH_BYTES)
        return import_commit(run);
    return PROBLEM_NONE;
}

static enum problem count_refused(struct import *run, struct import_result *result,
                                  struct fault *fault) {
    store_mark_undo(run->writer);
    *result = (struct import_result){IMPORT_REFUSED, 0, 0};
    run->pending.outcome[IMPORT_REFUSED]++;
    fault_set(fault, "the article breaks a rule of the database; the log says which");
    return PROBLEM_CONFLICT;
}

static int64_t now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

enum problem import_article(struct import *run, const struct article *article, struct span source,
                            struct import_result *result, struct fault *fault) {
    *result = (struct import_result){IMPORT_REFUSED, 0, 0};
    if (run->ended != PROBLEM_NONE)
        return run->ended;
    enum problem problem = begin(run);
    if (problem == PROBLEM_NONE)
        problem = store_mark(run->writer);
    if (problem != PROBLEM_NONE)
        return end(run, problem);
    struct article_put put = {
        .store = run->writer,
        .index = run->is_dry_run ? NULL : &run->index,
        .arena = &run->scratch,
        .article = article,
        .source = source,
        .now_s = now_s(),
    };
    problem = import_put(run, &put, result, fault);
    arena_reset(&run->scratch);
    if (problem == PROBLEM_CONFLICT)
        return count_refused(run, result, fault);
    if (problem != PROBLEM_NONE) {
        *result = (struct import_result){IMPORT_REFUSED, 0, 0};
        return end(run, problem);
    }
    return count_accepted(run, article, source, result);
}
