/* import.c: which stored article a text belongs to, and transactions of bounded size around it all.
 * */
#include "domain/import.h"

#include <stdlib.h>
#include <time.h>

#include "domain/article_history.h"
#include "domain/article_index.h"
#include "domain/article_store.h"
#include "domain/import_refusal.h"
#include "domain/import_seen.h"
#include "domain/revision.h"

enum {
    BATCH_ARTICLES = 500,
    BATCH_BYTES = 8 * 1024 * 1024,
    SCRATCH_BYTES_MAX = 256 * 1024 * 1024, /* the largest article, old and new, compared */
};

struct import {
    struct store *writer;
    bool is_dry_run;
    enum import_mode mode;
    unsigned changes_keep;
    bool is_begun;      /* a transaction is open */
    enum problem ended; /* what ended the run */
    size_t batch_articles, batch_bytes;
    struct import_totals committed, pending;
    struct import_seen seen;
    struct import_seen made;    /* by a dry run: identity and content, as its rows are undone */
    struct arena scratch;       /* of one article */
    struct article_index index; /* of one transaction */
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

/* ---- which article is it ---- */

static bool is_same_source(struct span a, struct span b) {
    return a.bytes > 0 && span_equal(a, b);
}

/* The article under another title, author or date; change->stored.id stays 0 when there is none.
 * When articles are replaced: the one that came from the same text. Else rule (2): the one that
 * came from this source. */
static enum problem find_other(const struct import *run, const struct article_put *put,
                               struct article_change *change) {
    struct stored_article stored;
    enum problem problem = PROBLEM_NONE;
    *change = (struct article_change){0};
    if (run->mode == IMPORT_REPLACE) {
        problem = stored_article_by_imported(put, &stored);
        if (problem != PROBLEM_NONE)
            return problem;
        if (stored.id != 0 && import_seen_find(&run->seen, stored.id) == NULL)
            return article_change_make(put, &stored, NULL, change, NULL);
    }
    if (put->source.bytes == 0)
        return PROBLEM_NONE;
    problem = stored_article_by_source(put, &stored);
    if (problem != PROBLEM_NONE || stored.id == 0 ||
        import_seen_find(&run->seen, stored.id) != NULL)
        return problem;
    problem = article_change_make(put, &stored, NULL, change, NULL);
    if (problem == PROBLEM_NONE && !article_change_is_alike(put, change))
        change->stored.id = 0;
    return problem;
}

/* ---- what happens to it ---- */

/* Never 0, which would be no entry. */
static int64_t made_key(const struct article_put *put) {
    return (int64_t)(span_hash(span_of(put->identity)) | 1);
}

/* An article that this dry run has made already, in a transaction that was undone since. */
static enum problem meet_made(const struct import *run, const struct article_put *put,
                              struct import_result *result, bool *is_met, struct fault *fault) {
    const struct import_seen_entry *made = import_seen_find(&run->made, made_key(put));
    *is_met = made != NULL;
    if (made == NULL)
        return PROBLEM_NONE;
    *result = (struct import_result){IMPORT_UNCHANGED, 0, 1};
    if (!span_is(made->source, put->content))
        return import_refuse_twin((struct span){NULL, 0}, fault);
    if (run->mode != IMPORT_CREATE)
        return PROBLEM_NONE;
    fault_set(fault, "another text of this import has the same title, authors and date");
    return PROBLEM_CONFLICT;
}

static enum problem create(struct import *run, struct article_put *put,
                           struct import_result *result) {
    int64_t seq;
    enum problem problem = article_slug_ask(put, NULL);
    if (problem == PROBLEM_NONE)
        problem = article_put_finish(put);
    if (problem == PROBLEM_NONE)
        problem = article_store_create(put, &result->article_id, &seq);
    result->version = 1;
    result->outcome = IMPORT_CREATED;
    if (problem == PROBLEM_NONE && run->is_dry_run &&
        !import_seen_add(&run->made, made_key(put), span_of(put->content)))
        return PROBLEM_OUT_OF_MEMORY;
    return problem;
}

static enum problem update(struct article_put *put, const struct article_change *change,
                           struct import_result *result) {
    int64_t seq = 0;
    enum problem problem = article_put_finish(put);
    if (problem == PROBLEM_NONE)
        problem = article_store_update(put, change, &seq);
    *result = (struct import_result){IMPORT_UPDATED, change->stored.id, change->version};
    if (problem != PROBLEM_NONE || seq != 0)
        return problem;
    *result = (struct import_result){IMPORT_UNCHANGED, change->stored.id, change->stored.version};
    return article_store_imported(put, change->stored.id);
}

/* The file may have another name by now: by that one it is known from here on, or a later
 * correction of its title would make a second article. Of several copies in one run the first
 * counts. */
static enum problem keep(const struct import *run, const struct article_put *put,
                         const struct stored_article *stored, struct import_result *result) {
    enum problem problem = PROBLEM_NONE;
    *result = (struct import_result){IMPORT_UNCHANGED, stored->id, stored->version};
    if (import_seen_find(&run->seen, stored->id) != NULL)
        return PROBLEM_NONE;
    if (put->source.bytes > 0 && !span_equal(stored->source, put->source))
        problem = article_store_source(put, stored->id);
    if (problem == PROBLEM_NONE && !span_is(stored->imported, put->imported))
        problem = article_store_imported(put, stored->id);
    return problem;
}

/* A text that is as it was when it was last imported: what became of its article since was meant
 * so, and not asked for again when the article is to be replaced, or to be made. */
static enum problem meet_again(const struct import *run, const struct article_put *put,
                               struct import_result *result, bool *is_met, struct fault *fault) {
    struct stored_article stored;
    *is_met = false;
    if (run->mode == IMPORT_REPLACE)
        return PROBLEM_NONE;
    enum problem problem = stored_article_by_imported(put, &stored);
    if (problem != PROBLEM_NONE)
        return problem;
    *is_met = stored.id != 0;
    if (stored.id != 0)
        return run->mode == IMPORT_CREATE ? import_refuse_source(stored.id, fault)
                                          : keep(run, put, &stored, result);
    if (run->mode == IMPORT_CREATE)
        return PROBLEM_NONE;
    *result = (struct import_result){.outcome = IMPORT_UNCHANGED};
    problem = stored_deletion_by_imported(put, &result->article_id, &result->version);
    *is_met = result->article_id != 0;
    return problem;
}

static enum problem meet_identity(const struct import *run, struct article_put *put,
                                  const struct stored_article *stored, struct import_result *result,
                                  struct fault *fault) {
    if (run->mode == IMPORT_CREATE)
        return import_refuse_existing(stored->id, fault);
    const struct import_seen_entry *seen = import_seen_find(&run->seen, stored->id);
    enum problem problem = seen == NULL ? article_slug_ask(put, stored) : PROBLEM_NONE;
    if (problem != PROBLEM_NONE)
        return problem;
    if (span_is(stored->content, put->content) && put->slug.bytes == 0)
        return keep(run, put, stored, result);
    if (seen != NULL && !is_same_source(seen->source, put->source))
        return import_refuse_twin(seen->source, fault);
    struct article_change change;
    problem = article_change_make(put, stored, NULL, &change, NULL);
    if (problem != PROBLEM_NONE)
        return problem;
    bool may_differ = seen == NULL &&
                      (run->mode == IMPORT_REPLACE || is_same_source(stored->source, put->source));
    if (!may_differ && !article_change_is_alike(put, &change))
        return import_refuse_unlike(stored, fault);
    return update(put, &change, result);
}

static enum problem put_article(struct import *run, struct article_put *put,
                                struct import_result *result, struct fault *fault) {
    struct stored_article stored;
    struct article_change change;
    bool is_met;
    article_put_imported(put);
    enum problem problem = article_put_begin(put);
    if (problem == PROBLEM_NONE)
        problem = meet_again(run, put, result, &is_met, fault);
    if (problem == PROBLEM_NONE && !is_met)
        problem = stored_article_by_identity(put, &stored);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!is_met && stored.id != 0) {
        is_met = true;
        problem = meet_identity(run, put, &stored, result, fault);
    }
    if (is_met) {
        if (run->is_dry_run && import_seen_find(&run->made, made_key(put)) != NULL)
            result->article_id = 0; /* nobody else will see that one */
        return problem;
    }
    problem = meet_made(run, put, result, &is_met, fault);
    if (problem == PROBLEM_NONE && !is_met)
        problem = find_other(run, put, &change);
    if (problem != PROBLEM_NONE || is_met)
        return problem;
    if (change.stored.id == 0)
        return create(run, put, result);
    if (run->mode == IMPORT_CREATE)
        return import_refuse_source(change.stored.id, fault);
    problem = article_slug_ask(put, &change.stored);
    return problem == PROBLEM_NONE ? update(put, &change, result) : problem;
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
    problem = put_article(run, &put, result, fault);
    arena_reset(&run->scratch);
    if (problem == PROBLEM_CONFLICT)
        return count_refused(run, result, fault);
    if (problem != PROBLEM_NONE) {
        *result = (struct import_result){IMPORT_REFUSED, 0, 0};
        return end(run, problem);
    }
    return count_accepted(run, article, source, result);
}
