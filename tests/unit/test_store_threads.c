/* test_store_threads.c: readers on threads of their own beside the writer: each transaction sees
 * one state, never an older one than before, and what is committed is there. */
#include "store_help.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ARTICLES = 600, BATCH = 7, READERS = 3 };

struct watcher {
    const char *path;
    atomic_int *committed; /* articles that were committed when this was set */
    size_t rounds;
    const char *wrong;
};

/* In one state: as many articles as the totals say, ids without a gap, as many writes. */
static const char *look(struct store *reader, int64_t *last_seq, int least) {
    struct rows rows = {0};
    int64_t newest = 0, seq = 0, count = 0;
    if (store_begin(reader) != PROBLEM_NONE)
        return "begin";
    store_query(reader, SQL_store_totals, &rows, STORE_NO_VALUES);
    while (rows_next(&rows)) {
        seq = rows_int(&rows, 0);
        count = rows_int(&rows, 1);
    }
    enum problem problem = rows_end(&rows);
    if (problem == PROBLEM_NONE)
        problem = store_int(reader, SQL_article_newest_id, &newest, STORE_NO_VALUES);
    store_end(reader);
    const char *wrong = problem != PROBLEM_NONE           ? "a query failed"
                        : newest != count || seq != count ? "two states in one transaction"
                        : seq < *last_seq                 ? "an older state than before"
                        : count < least                   ? "a commit is missing"
                                                          : NULL;
    *last_seq = seq;
    return wrong;
}

static void *watch(void *context) {
    struct watcher *watcher = context;
    struct store *reader = NULL;
    int64_t last_seq = 0;
    int least = 0;
    if (store_open(watcher->path, STORE_READER, &reader, NULL) != PROBLEM_NONE)
        watcher->wrong = "open";
    while (watcher->wrong == NULL && least < ARTICLES) {
        least = atomic_load(watcher->committed);
        watcher->wrong = look(reader, &last_seq, least);
        if (++watcher->rounds % 5 == 0)
            store_rest(reader);
    }
    store_close(reader);
    return NULL;
}

static void write_all(struct fixture *f, atomic_int *committed) {
    struct import *run = NULL;
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    for (int i = 1; i <= ARTICLES; i++) {
        char line[100];
        struct import_result result;
        snprintf(line, sizeof line, "Title %d|Author %d||S|x|One %d.~Two.", i, i % 5, i);
        arena_reset(&f->arena);
        struct article article = article_of(line, &f->arena);
        assert_int_equal(import_article(run, &article, span_of(""), &result, NULL), PROBLEM_NONE);
        if (i % BATCH != 0 && i != ARTICLES)
            continue;
        assert_int_equal(import_commit(run), PROBLEM_NONE);
        atomic_store(committed, i);
    }
    import_close(run);
}

static void test_readers_beside_the_writer(void **state) {
    struct fixture *f = *state;
    atomic_int committed = 0;
    pthread_t threads[READERS];
    struct watcher watchers[READERS];
    for (size_t i = 0; i < READERS; i++) {
        watchers[i] = (struct watcher){f->place.db, &committed, 0, NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, watch, &watchers[i]), 0);
    }
    write_all(f, &committed);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (watchers[i].wrong != NULL)
            fail_msg("reader %zu, round %zu: %s", i, watchers[i].rounds, watchers[i].wrong);
        assert_true(watchers[i].rounds > 0);
    }
    assert_store_sound(f->writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_readers_beside_the_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
