/* facts_walk.c: see facts_walk.h. */
#include "engine/search/facts_walk.h"

#include "engine/search/search_index.h"
#include "ground/log.h"

static const enum sql_id loads[FACTS_OF_COUNT] = {
    [FACTS_OF_ARTICLES] = SQL_article_facts,
    [FACTS_OF_PARAGRAPHS] = SQL_paragraph_facts,
};

void facts_walk_begin(struct facts_walk *walk, struct store *store, enum facts_of of,
                      const struct idset *set, int64_t last_id) {
    *walk =
        (struct facts_walk){.store = store, .of = of, .set = set, .last_id = last_id, .number = -1};
}

/* The next id of the set behind `id`; 0 = none. */
static int64_t next_id(const struct facts_walk *walk, int64_t id) {
    if (walk->set != NULL)
        return idset_next(walk->set, id);
    return id < walk->last_id ? id + 1 : 0;
}

static enum problem close_block(struct facts_walk *walk) {
    if (walk->block.is_broken) {
        walk->block.is_broken = false;
        log_event(LOG_ERROR, "store_damaged", "what", "the packed facts of a block", "advice",
                  "pilcrow check --repair", NULL);
        return PROBLEM_CORRUPT;
    }
    return walk->rows.store == NULL ? PROBLEM_NONE : rows_end(&walk->rows);
}

/* The next one that has any of the set. */
static bool open_block(struct facts_walk *walk) {
    int64_t ids = facts_block_ids(walk->of);
    walk->problem = close_block(walk);
    walk->block = (struct facts){.rest = {"", 0}};
    while (walk->problem == PROBLEM_NONE) {
        int64_t id = next_id(walk, walk->number < 0 ? 0 : walk->number * ids + ids - 1);
        if (id == 0)
            return false;
        if (walk->number < 0)
            walk->problem = search_is_whole(walk->store);
        if (walk->problem != PROBLEM_NONE)
            return false;
        walk->number = id / ids;
        store_query(walk->store, loads[walk->of], &walk->rows,
                    STORE_VALUES(STORE_INT(walk->number)));
        if (rows_next(&walk->rows)) {
            walk->block = facts_begin(walk->number, ids, rows_bytes(&walk->rows, 0));
            return true;
        }
        walk->problem = rows_end(&walk->rows);
    }
    return false;
}

static bool is_wanted(const struct facts_walk *walk, int64_t id) {
    return walk->set == NULL || idset_contains(walk->set, id);
}

bool facts_walk_article(struct facts_walk *walk, struct facts_article *out) {
    while (walk->problem == PROBLEM_NONE) {
        while (facts_next_article(&walk->block, out)) {
            if (is_wanted(walk, out->id))
                return true;
        }
        if (!open_block(walk))
            return false;
    }
    return false;
}

bool facts_walk_paragraph(struct facts_walk *walk, struct facts_paragraph *out) {
    while (walk->problem == PROBLEM_NONE) {
        while (facts_next_paragraph(&walk->block, out)) {
            if (is_wanted(walk, out->id))
                return true;
        }
        if (!open_block(walk))
            return false;
    }
    return false;
}

enum problem facts_walk_end(struct facts_walk *walk) {
    enum problem problem = close_block(walk);
    walk->block = (struct facts){.rest = {"", 0}};
    return walk->problem == PROBLEM_NONE ? problem : walk->problem;
}
