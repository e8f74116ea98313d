/* article_facts_all.c: all facts at once: made anew, or compared with what they would be. */
#include <inttypes.h>
#include <stdio.h>

#include "domain/search/article_facts_block.h"

enum { PART_BLOCKS = 32, FINDINGS_MAX = 100 };

static const struct {
    const char *noun;
    enum sql_id newest_id, beyond;
} all[FACTS_OF_COUNT] = {
    [FACTS_OF_ARTICLES] = {"articles", SQL_article_newest_id, SQL_article_facts_beyond},
    [FACTS_OF_PARAGRAPHS] = {"paragraphs", SQL_paragraph_newest_id, SQL_paragraph_facts_beyond},
};

/* One block as if there were none, into facts->fresh. */
static enum problem make_anew(struct article_facts *facts, enum facts_of of, int64_t block) {
    int64_t ids[FACTS_PARAGRAPHS];
    _Static_assert((int)FACTS_ARTICLES <= (int)FACTS_PARAGRAPHS, "ids has room for either");
    int64_t count = facts_block_ids(of);
    for (int64_t i = 0; i < count; i++)
        ids[i] = block * count + i;
    buffer_clear(&facts->old);
    return article_facts_block_make(facts, of, block, ids, (size_t)count);
}

static enum problem newest_block(struct store *store, enum facts_of of, int64_t *block) {
    int64_t id = 0;
    enum problem problem = store_int(store, all[of].newest_id, &id, STORE_NO_VALUES);
    *block = article_facts_block_of(of, id);
    return problem == PROBLEM_NOT_FOUND ? PROBLEM_NONE : problem;
}

/* ---- making ---- */

static enum problem part_make(struct article_facts *facts, enum facts_of of, int64_t first,
                              int64_t last) {
    enum problem problem = store_begin(facts->store);
    for (int64_t block = first; block <= last && problem == PROBLEM_NONE; block++) {
        problem = make_anew(facts, of, block);
        if (problem == PROBLEM_NONE)
            problem = article_facts_block_store(facts, of, block);
    }
    if (problem == PROBLEM_NONE)
        problem = store_commit(facts->store);
    store_end(facts->store);
    return problem;
}

static enum problem make_all(struct article_facts *facts, enum facts_of of) {
    int64_t newest;
    enum problem problem = newest_block(facts->store, of, &newest);
    for (int64_t first = 0; first <= newest && problem == PROBLEM_NONE; first += PART_BLOCKS) {
        int64_t last = first + PART_BLOCKS - 1;
        problem = part_make(facts, of, first, last < newest ? last : newest);
    }
    return problem;
}

/* Blocks that are there may be broken. */
static enum problem empty(struct store *store) {
    enum problem problem = store_begin(store);
    if (problem == PROBLEM_NONE)
        problem = article_facts_empty(store);
    if (problem == PROBLEM_NONE)
        problem = store_commit(store);
    store_end(store);
    return problem;
}

enum problem article_facts_rebuild(struct store *writer) {
    struct article_facts facts;
    enum problem problem = empty(writer);
    article_facts_init(&facts, writer);
    for (int of = 0; of < FACTS_OF_COUNT && problem == PROBLEM_NONE; of++)
        problem = make_all(&facts, (enum facts_of)of);
    article_facts_fini(&facts);
    return problem;
}

/* ---- checking ---- */

static enum problem check_block(struct article_facts *facts, enum facts_of of, int64_t block,
                                bool *is_right) {
    *is_right = true;
    enum problem problem = make_anew(facts, of, block);
    if (problem == PROBLEM_NONE)
        problem = article_facts_block_load(facts, of, block);
    if (problem == PROBLEM_NONE)
        *is_right = span_equal(buffer_span(&facts->old), buffer_span(&facts->fresh));
    return problem;
}

static enum problem check_beyond(struct store *store, enum facts_of of, int64_t newest,
                                 store_check_say *say, void *context, size_t *findings) {
    char text[120];
    int64_t count = 0;
    enum problem problem =
        store_int(store, all[of].beyond, &count, STORE_VALUES(STORE_INT(newest)));
    if (problem != PROBLEM_NONE || count == 0)
        return problem;
    ++*findings;
    snprintf(text, sizeof text, "the search index has facts of %s that were never there",
             all[of].noun);
    say(context, text);
    return PROBLEM_NONE;
}

static enum problem check_all(struct article_facts *facts, enum facts_of of, store_check_say *say,
                              void *context, size_t *findings) {
    int64_t newest, ids = facts_block_ids(of);
    enum problem problem = newest_block(facts->store, of, &newest);
    if (problem == PROBLEM_NONE)
        problem = check_beyond(facts->store, of, newest, say, context, findings);
    for (int64_t block = 0; block <= newest && problem == PROBLEM_NONE; block++) {
        char text[120];
        bool is_right;
        problem = check_block(facts, of, block, &is_right);
        if (is_right || problem != PROBLEM_NONE || ++*findings > FINDINGS_MAX)
            continue;
        snprintf(text, sizeof text,
                 "the search index has other facts of %s %" PRId64 " to %" PRId64, all[of].noun,
                 block * ids, block * ids + ids - 1);
        say(context, text);
    }
    return problem;
}

enum problem article_facts_check(struct store *store, store_check_say *say, void *context,
                                 size_t *findings) {
    struct article_facts facts;
    enum problem problem = PROBLEM_NONE;
    article_facts_init(&facts, store);
    for (int of = 0; of < FACTS_OF_COUNT && problem == PROBLEM_NONE; of++)
        problem = check_all(&facts, (enum facts_of)of, say, context, findings);
    article_facts_fini(&facts);
    return problem;
}
