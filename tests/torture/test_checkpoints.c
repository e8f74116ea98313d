/* test_checkpoints.c: why the one writer also checkpoints.
 *
 * SQLite 3.7.0 to 3.51.2 can lose commits when another connection checkpoints: it reads how long
 * the log is, the writer begins the log anew, and the checkpoint then marks as copied what the new
 * log does not hold yet. That takes a moment of a few instructions, so here it is made: the
 * checkpointing connection is held exactly there, while the writer commits. It must lose; a test
 * that cannot see this fault could not see that the store avoids it.
 *
 * Then the store: writes, checkpoints after each few, and readers beside them. */
#include "load.h"

#include <pthread.h>
#include <stdatomic.h>

#include "ground/log.h"

enum { ROWS = 40 };

/* ---- the fault, made ---- */

static struct {
    sqlite3 *writer;
    bool is_armed;
    int number; /* what every row holds after the last commit */
} held;

static void run(sqlite3 *db, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static void write_rows(int first, int last) {
    char sql[120];
    snprintf(sql, sizeof sql, "UPDATE entry SET number = %d WHERE id BETWEEN %d AND %d",
             held.number, first, last);
    run(held.writer, sql);
}

/* SQLite calls this for a changed file just after a checkpoint has read how long the log is. */
static int unfetch(sqlite3_file *file, sqlite3_int64 offset, void *page) {
    (void)file, (void)offset, (void)page;
    if (held.is_armed) {
        held.is_armed = false;
        held.number++;
        write_rows(1, 4);
    }
    return SQLITE_OK;
}

/* No memory map: every page is read. */
static int fetch(sqlite3_file *file, sqlite3_int64 offset, int bytes, void **page) {
    (void)file, (void)offset, (void)bytes;
    *page = NULL;
    return SQLITE_OK;
}

static sqlite3 *connect(const char *path, const char *settings) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
                     SQLITE_OK);
    run(db, settings);
    return db;
}

static int checkpoint(sqlite3 *db) {
    return sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void hold_checkpoints_of(sqlite3 *db) {
    static sqlite3_io_methods methods;
    sqlite3_file *file = NULL;
    run(db, "SELECT count(*) FROM entry");
    assert_int_equal(sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file), SQLITE_OK);
    assert_true(file->pMethods->iVersion >= 2);
    methods = *file->pMethods;
    methods.iVersion = 3;
    methods.xFetch = fetch;
    methods.xUnfetch = unfetch;
    file->pMethods = &methods;
}

/* How many rows a fresh connection finds with less than they were given. */
static int rows_lost(const char *path) {
    char sql[120];
    int lost = ROWS;
    sqlite3_stmt *statement = NULL;
    sqlite3 *db = connect(path, "PRAGMA wal_autocheckpoint=0");
    snprintf(sql, sizeof sql, "SELECT count(*) FROM entry WHERE number <> %d", held.number);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        lost = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return lost;
}

static void make_fault(const char *path) {
    static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0";
    held.writer = connect(path, settings);
    run(held.writer, "CREATE TABLE entry (id INTEGER PRIMARY KEY, number INTEGER, fill TEXT);"
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                     "INSERT INTO entry SELECT i, 0, hex(zeroblob(1500)) FROM n");
    sqlite3 *other = connect(path, settings);
    hold_checkpoints_of(other);
    held.number = 1;
    write_rows(1, ROWS);
    assert_int_equal(checkpoint(held.writer), SQLITE_OK); /* all of the log is copied */
    held.is_armed = true;
    (void)checkpoint(other); /* amid it the writer begins the log anew, with a few pages */
    assert_false(held.is_armed);
    write_rows(5, ROWS); /* the rest of the log, which now counts as copied */
    for (int i = 0; i < 2; i++) {
        (void)checkpoint(other);
        run(held.writer, "UPDATE entry SET fill = fill WHERE id = 1"); /* begins it anew */
    }
    sqlite3_close(other);
}

static void test_other_connection_loses(void **state) {
    (void)state;
    struct place place;
    int version = sqlite3_libversion_number();
    place_make(&place);
    make_fault(place.db);
    int lost = rows_lost(place.db);
    sqlite3_close(held.writer);
    place_remove(&place);
    print_message("SQLite %s: %d of %d committed rows lost\n", sqlite3_libversion(), lost, ROWS);
    /* Some of the older lines have the correction too, so there it is not asked for. */
    if (version >= 3007000 && version <= 3040001)
        assert_true(lost > 0);
    if (version >= 3051003)
        assert_int_equal(lost, 0);
}

/* ---- the store ---- */

struct readers {
    const char *db;
    atomic_bool is_over;
    atomic_uint reads, wrong;
};

/* Reads while the log is emptied; versions never go back. */
static void *read_on(void *context) {
    struct readers *readers = context;
    struct store *reader = NULL;
    int64_t seq = 0, newest = 0;
    if (store_open(readers->db, STORE_READER, &reader, NULL) != PROBLEM_NONE)
        atomic_fetch_add(&readers->wrong, 1);
    while (reader != NULL && !atomic_load(&readers->is_over)) {
        if (store_begin(reader) != PROBLEM_NONE || store_seq(reader, &seq) != PROBLEM_NONE ||
            seq < newest)
            atomic_fetch_add(&readers->wrong, 1);
        newest = seq;
        store_end(reader);
        store_rest(reader);
        atomic_fetch_add(&readers->reads, 1);
    }
    store_close(reader);
    return NULL;
}

static void test_store_loses_nothing(void **state) {
    (void)state;
    struct place place;
    struct load load;
    pthread_t threads[2];
    unsigned commits = load_count("COMMITS", 2000), until = 1;
    place_make(&place);
    load_init(&load);
    struct store *writer = writer_open(place.db);
    struct readers readers = {.db = place.db};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers), 0);
    for (unsigned i = 0; i < commits; i++) {
        assert_int_equal(load_write(&load, writer), PROBLEM_NONE);
        if (--until == 0) {
            until = 1 + i * 7 % 12;
            (void)checkpoint(writer->db);
            (void)checkpoint(writer->db);
        }
    }
    atomic_store(&readers.is_over, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    store_close(writer);
    load_verify(&load, place.db);
    print_message("%u commits beside %u reads\n", commits, atomic_load(&readers.reads));
    assert_int_equal(atomic_load(&readers.wrong), 0);
    assert_true(atomic_load(&readers.reads) > 0);
    arena_fini(&load.arena);
    place_remove(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_connection_loses),
        cmocka_unit_test(test_store_loses_nothing),
    };
    log_setup(CONFIG_LOG_LOGFMT, -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
