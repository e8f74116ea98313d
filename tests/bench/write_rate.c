/* write_rate.c: what writing costs beside plain SQLite that writes the same rows, in process.
 *
 *     write_rate FOLDER EDITS FILE...      prints a Markdown table
 *
 * A first import, and EDITS edits of single articles in a commit of their own, are done by Pilcrow
 * and noted: every statement that writes, with its values. Then both are timed in turns: Pilcrow
 * again, which also reads files, compares texts and looks for what is there; and a plain connection
 * that runs what was noted, with the same schema and indexes, synchronous=FULL, the same commits.
 * FOLDER should be on the disk that is meant. The linker puts the __wrap_ functions between the
 * rooms (see Makefile). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "domain/articles/article_edit.h"
#include "domain/articles/article_text.h"
#include "domain/import/import.h"
#include "engine/store/store_sqlite.h"
#include "ground/log.h"

enum { ROUNDS = 5, VALUES_MAX = 32, ARENA_BYTES = 64 * 1024 * 1024 };

/* ---- what is noted ---- */

struct noted {
    enum sql_id sql; /* SQL_COUNT: a commit */
    size_t count;
    struct store_value *values;
};

static struct {
    bool is_on;
    struct noted *items;
    size_t count, room;
    char *texts[SQL_COUNT];
} notes;

static void *checked(void *memory) {
    if (memory == NULL) {
        fputs("write_rate: no memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void must(bool is_good, const char *what) {
    if (is_good)
        return;
    fprintf(stderr, "write_rate: %s\n", what);
    exit(1);
}

static void note_add(struct noted item) {
    if (notes.count == notes.room) {
        notes.room = notes.room * 2 + 1024;
        notes.items = checked(realloc(notes.items, notes.room * sizeof *notes.items));
    }
    notes.items[notes.count++] = item;
}

static void note(struct store *store, enum sql_id sql, const struct store_value *values,
                 size_t count) {
    sqlite3_stmt *statement = store->statements[sql];
    if (!notes.is_on || statement == NULL || sqlite3_stmt_readonly(statement))
        return;
    struct noted item = {sql, count, checked(calloc(count + 1, sizeof *values))};
    for (size_t i = 0; i < count; i++) {
        item.values[i] = values[i];
        if (values[i].type != STORE_TYPE_TEXT && values[i].type != STORE_TYPE_BYTES)
            continue;
        char *copy = checked(malloc(values[i].text.bytes + 1));
        if (values[i].text.bytes > 0)
            memcpy(copy, values[i].text.at, values[i].text.bytes);
        item.values[i].text.at = copy;
    }
    note_add(item);
    if (notes.texts[sql] == NULL)
        notes.texts[sql] = checked(strdup(sqlite3_sql(statement)));
}

enum problem __real_store_run(struct store *store, enum sql_id sql,
                              const struct store_value *values, size_t count);
enum problem __wrap_store_run(struct store *store, enum sql_id sql,
                              const struct store_value *values, size_t count);
enum problem __wrap_store_run(struct store *store, enum sql_id sql,
                              const struct store_value *values, size_t count) {
    note(store, sql, values, count);
    return __real_store_run(store, sql, values, count);
}

enum problem __real_store_int(struct store *store, enum sql_id sql, int64_t *out,
                              const struct store_value *values, size_t count);
enum problem __wrap_store_int(struct store *store, enum sql_id sql, int64_t *out,
                              const struct store_value *values, size_t count);
enum problem __wrap_store_int(struct store *store, enum sql_id sql, int64_t *out,
                              const struct store_value *values, size_t count) {
    note(store, sql, values, count);
    return __real_store_int(store, sql, out, values, count);
}

void __real_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count);
void __wrap_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count);
void __wrap_store_query(struct store *store, enum sql_id sql, struct rows *rows,
                        const struct store_value *values, size_t count) {
    note(store, sql, values, count);
    __real_store_query(store, sql, rows, values, count);
}

enum problem __real_store_commit(struct store *store);
enum problem __wrap_store_commit(struct store *store);
enum problem __wrap_store_commit(struct store *store) {
    if (notes.is_on)
        note_add((struct noted){SQL_COUNT, 0, NULL});
    return __real_store_commit(store);
}

/* ---- Pilcrow ---- */

struct cost {
    double wall_s, cpu_s;
};

static double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct cost cost_now(void) {
    return (struct cost){clock_s(CLOCK_MONOTONIC), clock_s(CLOCK_PROCESS_CPUTIME_ID)};
}

static void cost_add(struct cost *sum, struct cost began) {
    struct cost now = cost_now();
    sum->wall_s += now.wall_s - began.wall_s;
    sum->cpu_s += now.cpu_s - began.cpu_s;
}

static struct arena arena;

static bool article_read(const char *path, struct article *article) {
    struct buffer bytes;
    char part[65536];
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    buffer_init(&bytes);
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        buffer_append(&bytes, part, got);
    fclose(file);
    arena_reset(&arena);
    struct span text = arena_copy(&arena, buffer_span(&bytes));
    buffer_fini(&bytes);
    return article_text_parse(text, &arena, article, NULL, NULL) == PROBLEM_NONE;
}

static struct store *writer_open(const char *db) {
    struct store *store = NULL;
    struct fault fault;
    fault_init(&fault);
    must(store_open(db, STORE_WRITER, &store, &fault) == PROBLEM_NONE, fault.text);
    return store;
}

/* The ids of what is new go into `ids`, 0 for what was refused. */
static struct cost import_all(const char *db, char **files, size_t count, int64_t *ids) {
    struct store *store = writer_open(db);
    struct import *run = NULL;
    struct article article;
    struct cost began = cost_now();
    must(import_open(store, false, &run) == PROBLEM_NONE, "import");
    for (size_t i = 0; i < count; i++) {
        struct import_result result = {.article_id = 0};
        enum problem problem = PROBLEM_NONE;
        ids[i] = 0;
        if (!article_read(files[i], &article))
            continue;
        problem = import_article(run, &article, span_of(files[i]), &result, NULL);
        must(problem == PROBLEM_NONE || problem == PROBLEM_CONFLICT, "import");
        if (problem == PROBLEM_NONE && result.outcome == IMPORT_CREATED)
            ids[i] = result.article_id;
    }
    must(import_commit(run) == PROBLEM_NONE, "import");
    struct cost cost = {0, 0};
    cost_add(&cost, began);
    import_close(run);
    store_close(store);
    return cost;
}

/* Other words for one paragraph, the n-th edit's. */
static bool article_change(struct article *article, size_t n) {
    char text[200];
    struct span_list *paragraphs = &article->paragraphs;
    if (paragraphs->count == 0)
        return false;
    snprintf(text, sizeof text, "In the newest edition, number %zu, this paragraph is another.", n);
    paragraphs->items[n % paragraphs->count] = arena_copy(&arena, span_of(text));
    return true;
}

/* Edits and commits. */
static struct cost edit_some(const char *db, char **files, size_t count, const int64_t *ids,
                             size_t edits) {
    struct store *store = writer_open(db);
    struct cost cost = {0, 0};
    for (size_t i = 0, done = 0; done < edits; i++) {
        struct article article;
        struct article_edit_result result;
        must(i < edits * 100, "no file to edit");
        if (ids[i % count] == 0 || !article_read(files[i % count], &article) ||
            !article_change(&article, i))
            continue;
        struct article_edit edit = {.store = store, .arena = &arena, .now_s = 1700000000};
        struct cost began = cost_now();
        enum problem problem = store_begin(store);
        if (problem == PROBLEM_NONE)
            problem = article_edit_replace(&edit, ids[i % count], &article, (struct span){"", 0},
                                           NULL, &result, NULL);
        if (problem == PROBLEM_NONE)
            problem = store_commit(store);
        store_end(store);
        cost_add(&cost, began);
        must(problem == PROBLEM_NONE, "edit");
        done++;
    }
    store_close(store);
    return cost;
}

/* ---- plain SQLite ---- */

static void plain_bind(sqlite3_stmt *statement, const struct noted *item) {
    for (size_t i = 0; i < item->count; i++) {
        const struct store_value *value = &item->values[i];
        int at = (int)i + 1;
        if (value->type == STORE_TYPE_INT)
            sqlite3_bind_int64(statement, at, value->number);
        else if (value->type == STORE_TYPE_TEXT)
            sqlite3_bind_text(statement, at, value->text.at, (int)value->text.bytes, SQLITE_STATIC);
        else if (value->type == STORE_TYPE_BYTES)
            sqlite3_bind_blob(statement, at, value->text.at, (int)value->text.bytes, SQLITE_STATIC);
        else
            sqlite3_bind_null(statement, at);
    }
}

static void plain_exec(sqlite3 *db, const char *sql) {
    must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
}

/* Notes[first] to notes[last - 1]; the schema is there already. */
static struct cost plain_run(const char *path, size_t first, size_t last) {
    sqlite3 *db = NULL;
    sqlite3_stmt *statements[SQL_COUNT] = {NULL};
    must(sqlite3_open(path, &db) == SQLITE_OK, path);
    plain_exec(db, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
    for (size_t i = 0; i < SQL_COUNT; i++) {
        if (notes.texts[i] != NULL)
            must(sqlite3_prepare_v2(db, notes.texts[i], -1, &statements[i], NULL) == SQLITE_OK,
                 sqlite3_errmsg(db));
    }
    struct cost began = cost_now();
    plain_exec(db, "BEGIN IMMEDIATE");
    for (size_t i = first; i < last; i++) {
        const struct noted *item = &notes.items[i];
        if (item->sql == SQL_COUNT) {
            plain_exec(db, i + 1 < last ? "COMMIT; BEGIN IMMEDIATE" : "COMMIT");
            continue;
        }
        plain_bind(statements[item->sql], item);
        int code;
        while ((code = sqlite3_step(statements[item->sql])) == SQLITE_ROW)
            continue;
        must(code == SQLITE_DONE, sqlite3_errmsg(db));
        sqlite3_reset(statements[item->sql]);
    }
    struct cost cost = {0, 0};
    cost_add(&cost, began);
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(db);
    return cost;
}

/* ---- in turns ---- */

struct rates {
    double own[ROUNDS], plain[ROUNDS], ratio[ROUNDS], ratio_cpu[ROUNDS];
};

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void rates_add(struct rates *rates, size_t round, double count, struct cost own,
                      struct cost plain) {
    rates->own[round] = count / own.wall_s;
    rates->plain[round] = count / plain.wall_s;
    rates->ratio[round] = plain.wall_s / own.wall_s;
    rates->ratio_cpu[round] = plain.cpu_s / own.cpu_s;
}

static void rates_print(struct rates *rates, const char *what) {
    double *const all[] = {rates->own, rates->plain, rates->ratio, rates->ratio_cpu};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        qsort(all[i], ROUNDS, sizeof *all[i], by_size);
    printf("| %s | %.0f | %.0f | %.2f (%.2f..%.2f) | %.2f (%.2f..%.2f) |\n", what,
           rates->own[ROUNDS / 2], rates->plain[ROUNDS / 2], rates->ratio[ROUNDS / 2],
           rates->ratio[0], rates->ratio[ROUNDS - 1], rates->ratio_cpu[ROUNDS / 2],
           rates->ratio_cpu[0], rates->ratio_cpu[ROUNDS - 1]);
}

static void db_remove(const char *db) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[600];
        snprintf(name, sizeof name, "%s%s", db, endings[i]);
        unlink(name);
    }
}

int main(int argc, char **argv) {
    must(argc > 3, "usage: write_rate FOLDER EDITS FILE...");
    char own[500], plain[500];
    char **files = argv + 3;
    size_t count = (size_t)argc - 3, edits = strtoul(argv[2], NULL, 10), imported = 0;
    int64_t *ids = checked(calloc(count, sizeof *ids));
    static struct rates imports, changes;
    snprintf(own, sizeof own, "%s/own.db", argv[1]);
    snprintf(plain, sizeof plain, "%s/plain.db", argv[1]);
    log_setup(CONFIG_LOG_LOGFMT, LOG_ERROR);
    arena_init(&arena, ARENA_BYTES);
    db_remove(own);
    notes.is_on = true;
    (void)import_all(own, files, count, ids);
    size_t border = notes.count;
    (void)edit_some(own, files, count, ids, edits);
    notes.is_on = false;
    for (size_t i = 0; i < count; i++)
        imported += ids[i] != 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        db_remove(own);
        db_remove(plain);
        store_close(writer_open(plain));
        struct cost cost = import_all(own, files, count, ids);
        rates_add(&imports, round, (double)imported, cost, plain_run(plain, 0, border));
        cost = edit_some(own, files, count, ids, edits);
        rates_add(&changes, round, (double)edits, cost, plain_run(plain, border, notes.count));
    }
    puts("| what | Pilcrow/s | plain SQLite/s | of plain SQLite | of plain by CPU "
         "|\n|---|---|---|---|---|");
    rates_print(&imports, "articles imported, 500 a commit");
    rates_print(&changes, "single articles changed, each on the disk before the next");
    db_remove(own);
    db_remove(plain);
    return 0;
}
