/* article_index_rebuild.c: the facts and both indexes anew from the rows; these oldest article
 * first, as the numbers rise. Each part is a transaction; until the last one the index says that it
 * is not whole, so whoever is stopped in between begins again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/search/article_index.h"
#include "ground/log.h"

enum {
    PART_ARTICLES = 500,
    SCRATCH_BYTES_MAX = 256 * 1024 * 1024,
    SAY_EVERY = 10000,
    VERSION_BYTES_MAX = 64 * 1024
};

struct rebuild {
    struct store *store;
    struct article_index *index;
    struct arena scratch;
    char published[DATE_BYTES]; /* of the last article that is done */
    int64_t id;
    int64_t done;
    bool is_at_end;
};

/* The next articles in the order of their numbers. */
static enum problem part_find(struct rebuild *rebuild, int64_t *ids, size_t *count) {
    rows_auto struct rows rows = {0};
    char key[DATE_BYTES]; /* the rows borrow it for as long as they are read */
    *count = 0;
    memcpy(key, rebuild->published, sizeof key);
    store_query(rebuild->store, SQL_article_walk_published_up, &rows,
                STORE_VALUES(STORE_TEXT(span_of(key)), STORE_INT(rebuild->id),
                             STORE_TEXT(SPAN_LITERAL("9999-99-99"))));
    while (*count < PART_ARTICLES && rows_next(&rows)) {
        struct span published = rows_text(&rows, 1);
        ids[(*count)++] = rebuild->id = rows_int(&rows, 0);
        snprintf(rebuild->published, sizeof rebuild->published, "%.*s", (int)published.bytes,
                 published.at);
    }
    rebuild->is_at_end = *count < PART_ARTICLES;
    return rows_end(&rows);
}

static enum problem part_put(struct rebuild *rebuild, const int64_t *ids, size_t count) {
    enum problem problem = PROBLEM_NONE;
    for (size_t i = 0; problem == PROBLEM_NONE && i < count; i++) {
        arena_reset(&rebuild->scratch);
        problem = article_index_after(rebuild->index, ids[i], &rebuild->scratch, NULL);
        if (problem == PROBLEM_NONE)
            problem = article_index_relieve(rebuild->index);
    }
    return problem == PROBLEM_NONE ? article_index_apply(rebuild->index) : problem;
}

static void say_progress(const struct rebuild *rebuild, size_t more) {
    char articles[24];
    if (rebuild->done / SAY_EVERY == (rebuild->done - (int64_t)more) / SAY_EVERY)
        return;
    snprintf(articles, sizeof articles, "%" PRId64, rebuild->done);
    log_event(LOG_INFO, "search_index", "articles", articles, NULL);
}

static enum problem part_make(struct rebuild *rebuild) {
    int64_t ids[PART_ARTICLES];
    size_t count;
    enum problem problem = store_begin(rebuild->store);
    if (problem == PROBLEM_NONE)
        problem = part_find(rebuild, ids, &count);
    if (problem == PROBLEM_NONE)
        problem = part_put(rebuild, ids, count);
    if (problem == PROBLEM_NONE && rebuild->is_at_end) {
        struct span version = search_terms_version(&rebuild->scratch);
        problem = version.at == NULL ? PROBLEM_OUT_OF_MEMORY
                                     : search_version_set(rebuild->store, version);
    }
    if (problem == PROBLEM_NONE)
        problem = store_commit(rebuild->store);
    store_end(rebuild->store);
    if (problem != PROBLEM_NONE)
        return problem;
    rebuild->done += (int64_t)count;
    say_progress(rebuild, count);
    return PROBLEM_NONE;
}

static enum problem empty(struct store *store) {
    enum problem problem = store_begin(store);
    if (problem == PROBLEM_NONE)
        problem = search_empty(store);
    if (problem == PROBLEM_NONE)
        problem = store_commit(store);
    store_end(store);
    return problem;
}

enum problem article_index_rebuild(struct store *writer) {
    struct article_index index;
    struct rebuild rebuild = {.store = writer, .index = &index};
    enum problem problem = empty(writer);
    if (problem == PROBLEM_NONE)
        problem = article_facts_rebuild(writer);
    if (problem != PROBLEM_NONE)
        return problem;
    article_index_init(&index, writer);
    arena_init(&rebuild.scratch, SCRATCH_BYTES_MAX);
    index.is_on = index.leaves_facts = true;
    while (problem == PROBLEM_NONE && !rebuild.is_at_end)
        problem = part_make(&rebuild);
    arena_fini(&rebuild.scratch);
    article_index_fini(&index);
    return problem;
}

enum problem article_index_prepare(struct store *writer) {
    struct arena arena;
    struct span kept;
    arena_init(&arena, VERSION_BYTES_MAX);
    struct span own = search_terms_version(&arena);
    enum problem problem =
        own.at == NULL ? PROBLEM_OUT_OF_MEMORY : search_version(writer, &arena, &kept);
    bool is_whole = problem == PROBLEM_NONE && span_equal(own, kept);
    arena_fini(&arena);
    if (problem != PROBLEM_NONE || is_whole)
        return problem;
    log_event(LOG_INFO, "search_index", "step", "made anew", NULL);
    return article_index_rebuild(writer);
}
