/* store_help.h: what the tests of the store and of the import share: a folder that goes away, an
 * article in one line, and questions to a database that need no statement of the product. */
#ifndef PILCROW_TESTS_STORE_HELP_H
#define PILCROW_TESTS_STORE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/articles/article.h"
#include "domain/import/import.h"
#include "domain/search/article_index_check.h"
#include "engine/store/store_sqlite.h"
#include "ground/arena.h"

struct place {
    char folder[64];
    char db[100];
};

static inline void place_make(struct place *place) {
    /* In memory where that is possible: no test waits for a disk. */
    snprintf(place->folder, sizeof place->folder, "%s/pilcrow-test-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->db, sizeof place->db, "%s/test.db", place->folder);
}

static inline void place_remove(struct place *place) {
    DIR *folder = opendir(place->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[400];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", place->folder, entry->d_name);
        unlink(name);
    }
    closedir(folder);
    rmdir(place->folder);
}

/* The pieces of `text` between `separator`s; "" has none. */
static inline struct span_list pieces(const char *text, char separator, struct arena *arena) {
    struct span_list list = {arena_alloc(arena, (strlen(text) + 1) * sizeof(struct span)), 0};
    assert_non_null(list.items);
    while (*text != '\0') {
        const char *stop = strchr(text, separator);
        size_t bytes = stop == NULL ? strlen(text) : (size_t)(stop - text);
        list.items[list.count++] = (struct span){text, bytes};
        text += bytes + (stop != NULL);
    }
    return list;
}

/* "Title|Author,Author|2018-06-03|OUTER/Inner|tag,tag|paragraph~paragraph" */
static inline struct article article_of(const char *line, struct arena *arena) {
    struct span copy = arena_copy(arena, (struct span){line, strlen(line)});
    char *fields[6], *at = (char *)(uintptr_t)copy.at;
    for (size_t i = 0; i < 6; i++) {
        fields[i] = at;
        at = i == 5 ? at : strchr(at, '|');
        assert_non_null(at);
        if (i < 5)
            *at++ = '\0';
    }
    struct article article = {
        .title = span_of(fields[0]),
        .authors = pieces(fields[1], ',', arena),
        .section = pieces(fields[3], '/', arena),
        .tags = pieces(fields[4], ',', arena),
        .paragraphs = pieces(fields[5], '~', arena),
    };
    snprintf(article.published, sizeof article.published, "%s", fields[2]);
    return article;
}

/* The answer of a query of the test's own as "a|b;c|d", on the connection of a store. */
static inline const char *asked(struct store *store, const char *sql) {
    static char answer[4096];
    sqlite3_stmt *statement = NULL;
    size_t used = 0;
    sqlite3_set_authorizer(store->db, NULL, NULL);
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL), SQLITE_OK);
    answer[0] = '\0';
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(statement); c++) {
            const char *text = (const char *)sqlite3_column_text(statement, c);
            const char *before = c > 0 ? "|" : used > 0 ? ";" : "";
            used += (size_t)snprintf(answer + used, sizeof answer - used, "%s%s", before,
                                     text == NULL ? "-" : text);
            assert_true(used < sizeof answer);
        }
    }
    sqlite3_finalize(statement);
    return answer;
}

static inline void count_finding(void *context, const char *finding) {
    (void)context;
    print_message("finding: %s\n", finding);
}

static inline void assert_store_sound(struct store *store) {
    size_t findings = 1;
    sqlite3_set_authorizer(store->db, NULL, NULL);
    assert_int_equal(store_check(store, count_finding, NULL, &findings), PROBLEM_NONE);
    assert_int_equal(findings, 0);
    /* A store that was filled without the search index says so; the others are in step. */
    if (strcmp(asked(store, "SELECT search_version FROM store"), "") != 0)
        assert_int_equal(article_index_check(store, count_finding, NULL, &findings), PROBLEM_NONE);
    assert_int_equal(findings, 0);
}

static inline struct store *writer_open(const char *path) {
    struct store *store = NULL;
    struct fault fault;
    fault_init(&fault);
    enum problem problem = store_open(path, STORE_WRITER, &store, &fault);
    if (problem != PROBLEM_NONE)
        fail_msg("%s", fault.text);
    return store;
}

/* ---- a store in a folder of its own, for a test ---- */

struct fixture {
    struct place place;
    struct store *writer;
    struct arena arena;
};

static inline int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    arena_init(&f->arena, 64 * 1024 * 1024);
    f->writer = writer_open(f->place.db);
    *state = f;
    return 0;
}

static inline int teardown(void **state) {
    struct fixture *f = *state;
    store_close(f->writer);
    arena_fini(&f->arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static inline enum problem try_open(const char *path, enum store_role role, struct store **store,
                                    struct fault *fault) {
    fault_init(fault);
    enum problem problem = store_open(path, role, store, fault);
    assert_int_equal(problem == PROBLEM_NONE, !fault_is_set(fault));
    return problem;
}

static inline struct store *reader_open(const char *path) {
    struct store *reader = NULL;
    struct fault fault;
    if (try_open(path, STORE_READER, &reader, &fault) != PROBLEM_NONE)
        fail_msg("%s", fault.text);
    return reader;
}

/* Articles number first to last, each with a large paragraph. */
static inline enum problem fill(struct store *writer, int first, int last, struct arena *arena) {
    struct import *run = NULL;
    char line[3000];
    enum problem problem = import_open(writer, false, &run);
    for (int i = first; problem == PROBLEM_NONE && i <= last; i++) {
        struct import_result result;
        snprintf(line, sizeof line, "Title %d|Author %d|2018-01-01|S/T|x,y|Short %d.~%02000d", i,
                 i % 9, i, i);
        arena_reset(arena);
        struct article article = article_of(line, arena);
        problem = import_article(run, &article, span_of(""), &result, NULL);
    }
    if (problem == PROBLEM_NONE)
        problem = import_commit(run);
    import_close(run);
    return problem;
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
