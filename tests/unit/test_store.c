/* test_store.c: statements, transactions, roles, deadlines, locks and the write-ahead log. */
#include "store_help.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* ---- statements and transactions ---- */

static void test_values_and_rows(void **state) {
    struct fixture *f = *state;
    struct store *store = f->writer;
    int64_t id = 0, version = 0;
    struct store_value name = STORE_TEXT(SPAN_LITERAL("K\xC3\xA4se"));
    assert_int_equal(store_begin(store), PROBLEM_NONE);
    assert_int_equal(store_int(store, SQL_term_insert, &id,
                               STORE_VALUES(STORE_INT(3), STORE_TEXT(SPAN_LITERAL("kaese")), name,
                                            STORE_TEXT(((struct span){NULL, 0})), STORE_NULL)),
                     PROBLEM_NONE);
    assert_int_equal(store_commit(store), PROBLEM_NONE);
    assert_int_equal(store_int(store, SQL_stored_term_by_key, &version,
                               STORE_VALUES(STORE_INT(3), STORE_TEXT(SPAN_LITERAL("")))),
                     PROBLEM_NONE);
    assert_int_equal(version, id);
    assert_int_equal(store_int(store, SQL_stored_term_by_key, &version,
                               STORE_VALUES(STORE_INT(2), STORE_TEXT(SPAN_LITERAL("")))),
                     PROBLEM_NOT_FOUND);
    struct rows rows = {0};
    store_query(store, SQL_store_totals, &rows, STORE_NO_VALUES);
    assert_int_equal(rows_width(&rows), 3);
    assert_string_equal(rows_name(&rows, 1), "article_count");
    assert_true(rows_next(&rows));
    assert_int_equal(rows_type(&rows, 0), STORE_TYPE_INT);
    assert_int_equal(rows_text(&rows, 0).bytes, 1);
    assert_false(rows_next(&rows));
    assert_false(rows_next(&rows));
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
}

static void test_mistakes_are_internal(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t number;
    assert_int_equal(store_run(reader, SQL_links_delete, STORE_VALUES(STORE_INT(1))),
                     PROBLEM_INTERNAL);
    assert_int_equal(store_run(f->writer, SQL_links_delete, STORE_NO_VALUES), PROBLEM_INTERNAL);
    struct rows rows = {0};
    store_query(reader, SQL_store_totals, &rows, STORE_NO_VALUES);
    assert_true(rows_next(&rows));
    assert_int_equal(store_seq(reader, &number), PROBLEM_INTERNAL);
    assert_int_equal(rows_end(&rows), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &number), PROBLEM_NONE);
    store_close(reader);
}

static void test_transactions(void **state) {
    struct fixture *f = *state;
    struct store *writer = f->writer, *reader = reader_open(f->place.db);
    int64_t seq = -1;
    store_end(writer);
    assert_int_equal(store_begin(reader), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 0);
    assert_int_equal(fill(writer, 1, 3, &f->arena), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 0);
    store_end(reader);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 3);

    assert_int_equal(store_begin(writer), PROBLEM_NONE);
    assert_int_equal(
        store_int(writer, SQL_totals_add, &seq, STORE_VALUES(STORE_INT(5), STORE_INT(5))),
        PROBLEM_NONE);
    store_end(writer);
    assert_int_equal(store_begin(writer), PROBLEM_NONE);
    assert_int_equal(store_mark(writer), PROBLEM_NONE);
    assert_int_equal(
        store_int(writer, SQL_totals_add, &seq, STORE_VALUES(STORE_INT(5), STORE_INT(5))),
        PROBLEM_NONE);
    store_mark_undo(writer);
    assert_int_equal(store_mark(writer), PROBLEM_NONE);
    assert_int_equal(store_mark_keep(writer), PROBLEM_NONE);
    assert_int_equal(store_commit(writer), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 3);
    assert_store_sound(writer);
    store_close(reader);
}

static void test_conflict(void **state) {
    struct fixture *f = *state;
    assert_int_equal(
        store_run(f->writer, SQL_link_insert,
                  STORE_VALUES(STORE_INT(1), STORE_INT(1), STORE_INT(1), STORE_INT(1),
                               STORE_TEXT(SPAN_LITERAL("x")), STORE_TEXT(SPAN_LITERAL("")))),
        PROBLEM_CONFLICT);
}

/* ---- what a reader may do ---- */

static const char *const refused_to_readers[] = {
    "INSERT INTO store VALUES (2, 0, 0, 0)",
    "DELETE FROM article",
    "UPDATE store SET seq = 9",
    "CREATE TABLE a (b)",
    "DROP TABLE term",
    "CREATE TEMP TABLE a (b)",
    "ATTACH 'other.db' AS other",
    "PRAGMA query_only = OFF",
    "PRAGMA journal_mode",
    "PRAGMA writable_schema = ON",
    "SELECT load_extension('x')",
    "VACUUM INTO 'copy.db'",
    "SAVEPOINT a",
    "REINDEX",
};

static void test_readers_cannot_write(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t number = 0;
    for (size_t i = 0; i < sizeof refused_to_readers / sizeof refused_to_readers[0]; i++) {
        if (store_scalar(reader, refused_to_readers[i], &number) == PROBLEM_NONE)
            fail_msg("a reader may %s", refused_to_readers[i]);
    }
    assert_int_equal(sqlite3_db_readonly(reader->db, "main"), 1);
    /* Without the authorizer the file is still read-only. */
    sqlite3_set_authorizer(reader->db, NULL, NULL);
    assert_int_equal(store_scalar(reader, "UPDATE store SET seq = 9", &number), PROBLEM_READ_ONLY);
    store_close(reader);
}

static const struct setting_case {
    enum store_role role;
    const char *sql, *value;
} setting_cases[] = {
    {STORE_WRITER, "PRAGMA synchronous", "2"},     {STORE_WRITER, "PRAGMA wal_autocheckpoint", "0"},
    {STORE_WRITER, "PRAGMA foreign_keys", "1"},    {STORE_WRITER, "PRAGMA trusted_schema", "0"},
    {STORE_WRITER, "PRAGMA mmap_size", "0"},       {STORE_WRITER, "PRAGMA cell_size_check", "1"},
    {STORE_READER, "PRAGMA query_only", "1"},      {STORE_READER, "PRAGMA wal_autocheckpoint", "0"},
    {STORE_READER, "PRAGMA cell_size_check", "1"}, {STORE_READER, "PRAGMA cache_size", "-1024"},
    {STORE_READER, "PRAGMA trusted_schema", "0"},
};

static void test_limits_are_set(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    assert_int_equal(sqlite3_limit(reader->db, SQLITE_LIMIT_SQL_LENGTH, -1), 16 * 1024);
    assert_int_equal(sqlite3_limit(reader->db, SQLITE_LIMIT_ATTACHED, -1), 0);
    assert_int_equal(sqlite3_limit(reader->db, SQLITE_LIMIT_LENGTH, -1), 4 * 1024 * 1024);
    assert_int_equal(sqlite3_limit(f->writer->db, SQLITE_LIMIT_LENGTH, -1), 64 * 1024 * 1024);
    for (size_t i = 0; i < sizeof setting_cases / sizeof setting_cases[0]; i++) {
        const struct setting_case *c = &setting_cases[i];
        assert_string_equal(asked(c->role == STORE_READER ? reader : f->writer, c->sql), c->value);
    }
    store_close(reader);
}

/* ---- deadline ---- */

static void test_deadline(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    static const char endless[] =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT count(*) FROM n";
    int64_t number;
    for (int i = 0; i < 20; i++) {
        store_deadline_set(reader, 2);
        assert_int_equal(store_begin(reader), PROBLEM_NONE);
        assert_int_equal(store_scalar(reader, endless, &number), PROBLEM_QUERY_TIMEOUT);
        assert_int_equal(store_seq(reader, &number), PROBLEM_QUERY_TIMEOUT);
        store_end(reader);
        assert_int_equal(store_begin(reader), PROBLEM_QUERY_TIMEOUT);
        store_deadline_set(reader, 0);
        assert_int_equal(store_seq(reader, &number), PROBLEM_NONE);
    }
    store_close(reader);
}

/* ---- one writer ---- */

static void test_second_writer_is_refused(void **state) {
    struct fixture *f = *state;
    struct store *second = NULL;
    struct fault fault;
    char expected[200], link_name[200];
    snprintf(expected, sizeof expected, "%s is being written by another pilcrow (process %ld)",
             f->place.db, (long)getpid());
    assert_int_equal(try_open(f->place.db, STORE_WRITER, &second, &fault), PROBLEM_BUSY);
    assert_string_equal(fault.text, expected);
    snprintf(link_name, sizeof link_name, "%s/other.db", f->place.folder);
    assert_int_equal(symlink(f->place.db, link_name), 0);
    assert_int_equal(try_open(link_name, STORE_WRITER, &second, &fault), PROBLEM_BUSY);
    assert_string_equal(fault.text, expected);
    store_close(f->writer);
    f->writer = writer_open(link_name);
}

static void test_locked_by_another_program(void **state) {
    struct fixture *f = *state;
    int ready[2], go[2];
    char byte = 'x';
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    store_close(f->writer);
    f->writer = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *db = NULL;
        if (sqlite3_open(f->place.db, &db) != SQLITE_OK ||
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        (void)!read(go[0], &byte, 1);
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    f->writer = writer_open(f->place.db);
    sqlite3_busy_timeout(f->writer->db, 20);
    assert_int_equal(fill(f->writer, 1, 1, &f->arena), PROBLEM_BUSY);
    struct store *reader = reader_open(f->place.db);
    int64_t seq;
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    store_close(reader);
    assert_int_equal(write(go[1], "x", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(fill(f->writer, 1, 1, &f->arena), PROBLEM_NONE);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(go[i]);
    }
}

/* ---- the log ---- */

static off_t log_bytes(const struct place *place) {
    char name[200];
    struct stat facts;
    snprintf(name, sizeof name, "%s-wal", place->db);
    return stat(name, &facts) == 0 ? facts.st_size : -1;
}

static void test_log_stays_small(void **state) {
    struct fixture *f = *state;
    struct store *reader = reader_open(f->place.db);
    int64_t seq;
    off_t most = 0;
    for (int round = 0; round < 20; round++) {
        assert_int_equal(fill(f->writer, round * 300, round * 300 + 299, &f->arena), PROBLEM_NONE);
        assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
        most = log_bytes(&f->place) > most ? log_bytes(&f->place) : most;
    }
    assert_in_range(most, 1, 8 * 1024 * 1024);
    /* A reader's close leaves the log alone, the writer's empties it. */
    store_close(reader);
    assert_true(log_bytes(&f->place) > 0);
    reader = reader_open(f->place.db);
    store_close(f->writer);
    assert_int_equal(log_bytes(&f->place), 0);
    store_close(reader);
    f->writer = writer_open(f->place.db);
    assert_store_sound(f->writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_values_and_rows),
        STORE_TEST(test_mistakes_are_internal),
        STORE_TEST(test_transactions),
        STORE_TEST(test_conflict),
        STORE_TEST(test_readers_cannot_write),
        STORE_TEST(test_limits_are_set),
        STORE_TEST(test_deadline),
        STORE_TEST(test_second_writer_is_refused),
        STORE_TEST(test_locked_by_another_program),
        STORE_TEST(test_log_stays_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
