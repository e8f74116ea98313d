/* article_facts.c: see article_facts.h. */
#include "domain/search/article_facts.h"

#include <stdlib.h>

#include "domain/search/article_facts_block.h"

enum { TOUCHED_FIRST = 64 };

void article_facts_init(struct article_facts *facts, struct store *store) {
    *facts = (struct article_facts){.store = store};
    buffer_init(&facts->old);
    buffer_init(&facts->fresh);
    buffer_init(&facts->packed);
}

void article_facts_fini(struct article_facts *facts) {
    for (int of = 0; of < FACTS_OF_COUNT; of++)
        free(facts->touched[of].ids);
    buffer_fini(&facts->old);
    buffer_fini(&facts->fresh);
    buffer_fini(&facts->packed);
}

void article_facts_clear(struct article_facts *facts) {
    for (int of = 0; of < FACTS_OF_COUNT; of++)
        facts->touched[of].count = 0;
}

enum problem article_facts_touch(struct article_facts *facts, enum facts_of of, int64_t id) {
    size_t count = facts->touched[of].count, capacity = facts->touched[of].capacity;
    if (count == capacity) {
        capacity = capacity == 0 ? TOUCHED_FIRST : 2 * capacity;
        int64_t *ids = realloc(facts->touched[of].ids, capacity * sizeof *ids);
        if (ids == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        facts->touched[of].ids = ids;
        facts->touched[of].capacity = capacity;
    }
    facts->touched[of].ids[facts->touched[of].count++] = id;
    return PROBLEM_NONE;
}

/* ---- blocks ---- */

static int id_order(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static enum problem apply_of(struct article_facts *facts, enum facts_of of) {
    int64_t *ids = facts->touched[of].ids;
    size_t count = facts->touched[of].count;
    enum problem problem = PROBLEM_NONE;
    if (count > 1)
        qsort(ids, count, sizeof *ids, id_order);
    for (size_t first = 0, end; problem == PROBLEM_NONE && first < count; first = end) {
        int64_t block = article_facts_block_of(of, ids[first]);
        for (end = first; end < count && article_facts_block_of(of, ids[end]) == block;)
            end++;
        problem = article_facts_block_change(facts, of, block, ids + first, end - first);
    }
    return problem;
}

enum problem article_facts_apply(struct article_facts *facts) {
    enum problem problem = PROBLEM_NONE;
    for (int of = 0; of < FACTS_OF_COUNT && problem == PROBLEM_NONE; of++)
        problem = apply_of(facts, (enum facts_of)of);
    article_facts_clear(facts);
    return problem;
}

enum problem article_facts_empty(struct store *store) {
    enum problem problem = store_run(store, SQL_article_facts_empty, STORE_NO_VALUES);
    return problem == PROBLEM_NONE ? store_run(store, SQL_paragraph_facts_empty, STORE_NO_VALUES)
                                   : problem;
}
