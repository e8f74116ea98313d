/* test_disk_faults.c: the n-th open, write, sync and truncation fails, for every n, once or from
 * then on. Whatever happens is a success or a problem that says so; nothing that was acknowledged
 * is lost, and nothing that was refused is there. */
#include "disk.h"
#include "load.h"

#include "ground/log.h"

enum { WRITES = 4 };

struct disk_fixture {
    struct place place;
    struct load load;
};

static int fault_setup(void **state) {
    struct disk_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    load_init(&f->load);
    struct store *writer = writer_open(f->place.db);
    for (int i = 0; i < LOAD_ARTICLES; i++)
        assert_int_equal(load_write(&f->load, writer), PROBLEM_NONE);
    store_close(writer);
    *state = f;
    return 0;
}

static int fault_teardown(void **state) {
    struct disk_fixture *f = *state;
    arena_fini(&f->load.arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static bool is_clean(enum problem problem) {
    return problem == PROBLEM_NONE || problem == PROBLEM_UNAVAILABLE ||
           problem == PROBLEM_OUTCOME_UNKNOWN || problem == PROBLEM_DISK_FULL;
}

/* Opens, writes, checkpoints, closes on the failing disk; returns how many writes were refused. */
static unsigned try_all(struct disk_fixture *f) {
    struct store *writer = NULL;
    struct fault fault;
    fault_init(&fault);
    enum problem problem = store_open(f->place.db, STORE_WRITER, &writer, &fault);
    if (!is_clean(problem) || (problem == PROBLEM_NONE) == fault_is_set(&fault))
        fail_msg("open: %s (%s)", problem_info(problem)->code, fault.text);
    if (problem != PROBLEM_NONE)
        return 1;
    unsigned refused = 0;
    for (int i = 0; i < WRITES; i++) {
        problem = load_write(&f->load, writer);
        if (!is_clean(problem))
            fail_msg("write: %s", problem_info(problem)->code);
        refused += problem != PROBLEM_NONE;
    }
    store_close(writer);
    return refused;
}

static void fail_each(struct disk_fixture *f, enum disk_call call, int code) {
    unsigned step = load_count("EVERY", 1), refused = 0, runs = 0;
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        bool has_failed = true;
        for (unsigned n = 1; has_failed; n += n < 8 ? 1 : step) {
            disk_use(true);
            disk_fail(call, n, is_lasting, code);
            unsigned refused_now = try_all(f);
            has_failed = disk_has_failed();
            disk_fail(call, 0, false, 0);
            disk_use(false);
            if (refused_now > 0 && !has_failed)
                fail_msg("call %u: refused without a failure", n);
            load_verify(&f->load, f->place.db);
            refused += refused_now;
            runs++;
        }
    }
    print_message("%u runs, %u writes refused\n", runs, refused);
    assert_true(refused > 0);
}

static void test_open(void **state) {
    fail_each(*state, DISK_OPEN, SQLITE_CANTOPEN);
}

static void test_write(void **state) {
    fail_each(*state, DISK_WRITE, SQLITE_IOERR_WRITE);
}

static void test_write_full(void **state) {
    fail_each(*state, DISK_WRITE, SQLITE_FULL);
}

static void test_sync(void **state) {
    fail_each(*state, DISK_SYNC, SQLITE_IOERR_FSYNC);
}

static void test_truncate(void **state) {
    struct disk_fixture *f = *state;
    /* Only the last checkpoint cuts the log; that it failed loses nothing. */
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        disk_use(true);
        disk_fail(DISK_TRUNCATE, 1, is_lasting, SQLITE_IOERR_TRUNCATE);
        (void)try_all(f);
        assert_true(disk_has_failed());
        disk_fail(DISK_TRUNCATE, 0, false, 0);
        disk_use(false);
        load_verify(&f->load, f->place.db);
    }
}

/* After a sync that failed nothing more is written, though the disk is well again: what it holds is
 * known only after a restart. */
static void test_sync_ends_writing(void **state) {
    struct disk_fixture *f = *state;
    disk_use(true);
    struct store *writer = writer_open(f->place.db);
    disk_fail(DISK_SYNC, 1, false, SQLITE_IOERR_FSYNC);
    assert_int_equal(load_write(&f->load, writer), PROBLEM_OUTCOME_UNKNOWN);
    assert_true(disk_has_failed());
    for (int i = 0; i < 3; i++)
        assert_int_equal(load_write(&f->load, writer), PROBLEM_UNAVAILABLE);
    store_close(writer);
    disk_fail(DISK_SYNC, 0, false, 0);
    disk_use(false);
    load_verify(&f->load, f->place.db);
}

/* A full disk is no reason to stop: with room again, the same connection writes. */
static void test_full_recovers(void **state) {
    struct disk_fixture *f = *state;
    disk_use(true);
    struct store *writer = writer_open(f->place.db);
    for (unsigned n = 1; n < 12; n++) {
        disk_fail(DISK_WRITE, n, true, SQLITE_FULL);
        assert_int_equal(load_write(&f->load, writer), PROBLEM_DISK_FULL);
        disk_fail(DISK_WRITE, 0, false, 0);
        assert_int_equal(load_write(&f->load, writer), PROBLEM_NONE);
    }
    store_close(writer);
    disk_use(false);
    load_verify(&f->load, f->place.db);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, fault_setup, fault_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_open),          FAULT_TEST(test_write),
        FAULT_TEST(test_write_full),    FAULT_TEST(test_sync),
        FAULT_TEST(test_truncate),      FAULT_TEST(test_sync_ends_writing),
        FAULT_TEST(test_full_recovers),
    };
    log_setup(CONFIG_LOG_LOGFMT, -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
