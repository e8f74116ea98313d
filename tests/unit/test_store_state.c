/* test_store_state.c: the state that a reader puts aside between two reads is never an old one once
 * this process has committed, and keeps nothing after a rest. */
#include "store_help.h"

#include "domain/import/import.h"

struct state_fixture {
    struct place place;
    struct store *writer, *reader;
    struct arena arena;
};

static int state_setup(void **state) {
    struct state_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    arena_init(&f->arena, 1024 * 1024);
    f->writer = writer_open(f->place.db);
    struct fault fault = {0};
    assert_int_equal(store_open(f->place.db, STORE_READER, &f->reader, &fault), PROBLEM_NONE);
    *state = f;
    return 0;
}

static int state_teardown(void **state) {
    struct state_fixture *f = *state;
    store_close(f->reader);
    store_close(f->writer);
    arena_fini(&f->arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static void put(struct state_fixture *f, const char *line) {
    struct import *run = NULL;
    struct import_result result;
    struct article article = article_of(line, &f->arena);
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    assert_int_equal(import_article(run, &article, span_of(""), &result, NULL), PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
}

static int64_t seq_of(struct store *reader) {
    int64_t seq = -1;
    assert_int_equal(store_begin(reader), PROBLEM_NONE);
    assert_int_equal(store_seq(reader, &seq), PROBLEM_NONE);
    store_end(reader);
    return seq;
}

static void test_a_commit_is_seen_at_once(void **state) {
    struct state_fixture *f = *state;
    assert_int_equal(seq_of(f->reader), 0);
    assert_true(f->reader->is_aside);
    for (int i = 1; i <= 20; i++) {
        char line[80];
        snprintf(line, sizeof line, "Title %d|A|2018-01-01|S|x|Text %d.", i, i);
        put(f, line);
        assert_int_equal(seq_of(f->reader), i);
        assert_int_equal(seq_of(f->reader), i);
    }
}

static void test_a_transaction_sees_one_state(void **state) {
    struct state_fixture *f = *state;
    int64_t seq = -1;
    assert_int_equal(seq_of(f->reader), 0);
    assert_int_equal(store_begin(f->reader), PROBLEM_NONE);
    put(f, "Title|A|2018-01-01|S|x|Text.");
    assert_int_equal(store_seq(f->reader, &seq), PROBLEM_NONE);
    assert_int_equal(seq, 0);
    store_end(f->reader);
    assert_int_equal(seq_of(f->reader), 1);
}

static void test_a_rest_lets_the_log_be_emptied(void **state) {
    struct state_fixture *f = *state;
    put(f, "One|A|2018-01-01|S|x|Text.");
    assert_int_equal(seq_of(f->reader), 1);
    put(f, "Two|A|2018-01-01|S|x|Text.");
    assert_int_equal(
        sqlite3_wal_checkpoint_v2(f->writer->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
        SQLITE_BUSY);
    store_rest(f->reader);
    assert_int_equal(
        sqlite3_wal_checkpoint_v2(f->writer->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(seq_of(f->reader), 2);
}

static void test_trouble_is_not_taken_up_again(void **state) {
    struct state_fixture *f = *state;
    assert_int_equal(store_begin(f->reader), PROBLEM_NONE);
    f->reader->has_trouble = true;
    store_end(f->reader);
    assert_false(f->reader->is_aside);
    assert_true(sqlite3_get_autocommit(f->reader->db));
    store_rest(f->reader);
    assert_int_equal(seq_of(f->reader), 0);
}

#define STATE_TEST(name) cmocka_unit_test_setup_teardown(name, state_setup, state_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        STATE_TEST(test_a_commit_is_seen_at_once),
        STATE_TEST(test_a_transaction_sees_one_state),
        STATE_TEST(test_a_rest_lets_the_log_be_emptied),
        STATE_TEST(test_trouble_is_not_taken_up_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
