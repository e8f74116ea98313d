/* import_put.c: which stored article a text belongs to, and what happens to that. */
#include "domain/import/import_refusal.h"
#include "domain/import/import_run.h"
#include "domain/revisions/revision.h"

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
        return run->mode == IMPORT_CREATE ? import_refuse_again(stored.id, fault)
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

enum problem import_put(struct import *run, struct article_put *put, struct import_result *result,
                        struct fault *fault) {
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
