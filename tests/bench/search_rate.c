/* search_rate.c: what the index room adds to the engine that stands behind it.
 *
 *     search_rate DATABASE QUERY [QUERY...]      prints a Markdown table
 *
 * For each query, in turns: the newest 20 articles through search_index.h, in a read transaction of
 * their own; and the rows of a plain connection that was given the same MATCH. A ratio compares
 * neighbours in one round. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "domain/search/query.h"
#include "engine/search/search_index.h"
#include "ground/log.h"

enum { ROUNDS = 9, ROUND_NS = 100 * 1000 * 1000, PAGE = 20, ARENA_BYTES = 1 << 20 };

struct plain {
    sqlite3 *db;
    sqlite3_stmt *find;
};

struct sides {
    struct store *store;
    struct plain plain;
    const struct search_query *query;
    struct span match;
    struct arena *arena;
};

static void must(bool is_good, const char *what) {
    if (is_good)
        return;
    fprintf(stderr, "search_rate: %s\n", what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static size_t find_through_room(const struct sides *sides) {
    struct search_hits hits;
    size_t count = 0;
    int64_t number;
    double score;
    must(store_begin(sides->store) == PROBLEM_NONE, "cannot begin");
    must(search_begin(sides->store, SEARCH_ARTICLES, sides->query, 0, INT64_MAX, false,
                      sides->arena, &hits) == PROBLEM_NONE,
         "cannot search");
    while (count < PAGE && search_next(&hits, &number, &score))
        count++;
    must(search_end(&hits) == PROBLEM_NONE, "the search failed");
    store_end(sides->store);
    store_rest(sides->store);
    arena_reset(sides->arena);
    return count;
}

static size_t find_plainly(const struct sides *sides) {
    sqlite3_stmt *find = sides->plain.find;
    size_t count = 0;
    sqlite3_bind_text(find, 1, sides->match.at, (int)sides->match.bytes, SQLITE_STATIC);
    while (count < PAGE && sqlite3_step(find) == SQLITE_ROW)
        count++;
    sqlite3_reset(find);
    return count;
}

/* Microseconds for one call, over a round. */
static double time_of(size_t (*find)(const struct sides *), const struct sides *sides) {
    int64_t began = now_ns(), spent;
    size_t calls = 0;
    do {
        find(sides);
        calls++;
        spent = now_ns() - began;
    } while (spent < ROUND_NS);
    return (double)spent / 1000 / (double)calls;
}

static int order(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *numbers) {
    qsort(numbers, ROUNDS, sizeof *numbers, order);
    return numbers[ROUNDS / 2];
}

static void compare(struct sides *sides, const char *text, struct arena *kept) {
    struct query query;
    double room[ROUNDS], plain[ROUNDS], ratio[ROUNDS];
    must(query_parse(span_of(text), kept, &query) == PROBLEM_NONE, "cannot parse");
    sides->query = &query.search;
    sides->match = search_explain(SEARCH_ARTICLES, &query.search, kept);
    must(sides->match.at != NULL && query.has_words, "nothing to look for");
    size_t found = find_through_room(sides);
    must(found == find_plainly(sides), "the two sides find different numbers of articles");
    for (size_t i = 0; i < ROUNDS; i++) {
        room[i] = time_of(find_through_room, sides);
        plain[i] = time_of(find_plainly, sides);
        ratio[i] = plain[i] / room[i];
    }
    double middle = median(ratio);
    printf("| `%s` | %zu | %.1f | %.1f | %.2f (%.2f..%.2f) |\n", text, found, median(room),
           median(plain), middle, ratio[0], ratio[ROUNDS - 1]);
}

static void plain_open(struct plain *plain, const char *path) {
    static const char sql[] = "SELECT rowid FROM article_search WHERE article_search MATCH ?1 "
                              "AND rowid BETWEEN 0 AND 9223372036854775807 ORDER BY rowid DESC";
    bool is_open = sqlite3_open_v2(path, &plain->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                   sqlite3_prepare_v2(plain->db, sql, -1, &plain->find, NULL) == SQLITE_OK;
    must(is_open, sqlite3_errmsg(plain->db));
}

int main(int argc, char **argv) {
    struct sides sides;
    struct fault fault;
    struct arena arena, kept;
    if (argc < 3) {
        fprintf(stderr, "search_rate DATABASE QUERY [QUERY...]\n");
        return 2;
    }
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    fault_init(&fault);
    arena_init(&arena, ARENA_BYTES);
    arena_init(&kept, ARENA_BYTES);
    must(store_open(argv[1], STORE_READER, &sides.store, &fault) == PROBLEM_NONE, fault.text);
    plain_open(&sides.plain, argv[1]);
    sides.arena = &arena;
    puts("| query | found | us through the room | us plainly | rate of plain "
         "|\n|---|---|---|---|---|");
    for (int i = 2; i < argc; i++)
        compare(&sides, argv[i], &kept);
    sqlite3_finalize(sides.plain.find);
    sqlite3_close(sides.plain.db);
    store_close(sides.store);
    arena_fini(&kept);
    arena_fini(&arena);
    return 0;
}
