/* test_writer.c: one at a time, never for ever, and never again after the disk failed. */
#include "store_help.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/store/writer.h"
#include "ground/clock.h"

/* SQLite's own syncs come here: the program's symbol goes before the C library's. */
static atomic_bool syncs_fail;

static int sync_or_fail(long number, int fd) {
    if (!atomic_load(&syncs_fail))
        return (int)syscall(number, fd);
    errno = EIO;
    return -1;
}

int fdatasync(int fd) {
    return sync_or_fail(SYS_fdatasync, fd);
}

int fsync(int fd) {
    return sync_or_fail(SYS_fsync, fd);
}

struct writer_fixture {
    struct place place;
    struct store *store;
    struct writer writer;
    atomic_int failures;
};

static void count_failure(void *context) {
    atomic_fetch_add((atomic_int *)context, 1);
}

static int writer_setup(void **state) {
    struct writer_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    f->store = writer_open(f->place.db);
    writer_init(&f->writer, f->store, count_failure, &f->failures);
    *state = f;
    return 0;
}

static int writer_teardown(void **state) {
    struct writer_fixture *f = *state;
    atomic_store(&syncs_fail, false);
    writer_fini(&f->writer);
    store_close(f->store);
    place_remove(&f->place);
    free(f);
    return 0;
}

static enum problem put_term(struct store *store, const char *name) {
    int64_t id = 0;
    struct span text = span_of(name);
    return store_int(store, SQL_term_insert, &id,
                     STORE_VALUES(STORE_INT(3), STORE_TEXT(text), STORE_TEXT(text),
                                  STORE_TEXT(text), STORE_NULL));
}

static int64_t count_terms(struct writer_fixture *f) {
    struct store *reader = reader_open(f->place.db);
    const char *count = asked(reader, "SELECT count(*) FROM term");
    int64_t number = strtoll(count, NULL, 10);
    store_close(reader);
    return number;
}

static void test_what_is_committed_stays_and_the_rest_goes(void **state) {
    struct writer_fixture *f = *state;
    struct store *store = NULL;
    for (int i = 0; i < 3; i++) {
        const char *names[] = {"a", "b", "c"};
        assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
        assert_ptr_equal(store, f->store);
        assert_int_equal(store_begin(store), PROBLEM_NONE);
        assert_int_equal(put_term(store, names[i]), PROBLEM_NONE);
        if (i != 1)
            assert_int_equal(store_commit(store), PROBLEM_NONE);
        writer_give(&f->writer);
    }
    assert_int_equal(count_terms(f), 2);
    assert_int_equal(f->failures, 0);
}

static void test_a_deadline_is_not_handed_on(void **state) {
    struct writer_fixture *f = *state;
    struct store *store = NULL;
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    store_deadline_set(store, 1);
    usleep(5000);
    assert_int_equal(store_begin(store), PROBLEM_QUERY_TIMEOUT);
    writer_give(&f->writer);
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    assert_int_equal(store_begin(store), PROBLEM_NONE);
    writer_give(&f->writer);
}

struct other {
    struct writer_fixture *f;
    enum problem problem;
    int64_t waited_ms;
};

static void *take_as_other(void *context) {
    struct other *other = context;
    struct store *store = NULL;
    int64_t began_ms = clock_ms();
    other->problem = writer_take(&other->f->writer, &store);
    other->waited_ms = clock_ms() - began_ms;
    if (other->problem == PROBLEM_NONE)
        writer_give(&other->f->writer);
    return NULL;
}

static void test_nobody_waits_for_ever(void **state) {
    struct writer_fixture *f = *state;
    struct other other = {.f = f};
    struct store *store = NULL;
    pthread_t thread;
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    assert_int_equal(pthread_create(&thread, NULL, take_as_other, &other), 0);
    pthread_join(thread, NULL);
    assert_int_equal(other.problem, PROBLEM_BUSY);
    assert_in_range(other.waited_ms, 1990, 3000);
    writer_give(&f->writer);
    take_as_other(&other);
    assert_int_equal(other.problem, PROBLEM_NONE);
}

/* One who gives it back and takes it again at once does not stand in the way of one who waits. */
static void test_who_waits_is_served_first(void **state) {
    struct writer_fixture *f = *state;
    struct other other = {.f = f, .problem = PROBLEM_INTERNAL};
    struct store *store = NULL;
    pthread_t thread;
    int64_t began_ms = clock_ms();
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    assert_int_equal(pthread_create(&thread, NULL, take_as_other, &other), 0);
    for (bool is_waiting = false; !is_waiting;) {
        pthread_mutex_lock(&f->writer.mutex);
        is_waiting = f->writer.first != NULL;
        pthread_mutex_unlock(&f->writer.mutex);
        assert_in_range(clock_ms() - began_ms, 0, 1500);
    }
    writer_give(&f->writer);
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    assert_int_equal(other.problem, PROBLEM_NONE);
    writer_give(&f->writer);
    pthread_join(thread, NULL);
}

/* Who waits while the disk fails writes nothing more. */
static void test_a_failed_sync_ends_all_writing(void **state) {
    struct writer_fixture *f = *state;
    struct other other = {.f = f};
    struct store *store = NULL;
    pthread_t thread;
    assert_int_equal(writer_take(&f->writer, &store), PROBLEM_NONE);
    assert_int_equal(pthread_create(&thread, NULL, take_as_other, &other), 0);
    assert_int_equal(store_begin(store), PROBLEM_NONE);
    assert_int_equal(put_term(store, "a"), PROBLEM_NONE);
    atomic_store(&syncs_fail, true);
    assert_int_equal(store_commit(store), PROBLEM_OUTCOME_UNKNOWN);
    assert_int_equal(f->failures, 0);
    writer_give(&f->writer);
    pthread_join(thread, NULL);
    assert_int_equal(f->failures, 1);
    atomic_store(&syncs_fail, false);
    take_as_other(&other);
    assert_int_equal(other.problem, PROBLEM_UNAVAILABLE);
    assert_int_equal(f->failures, 1);
    assert_int_equal(store_begin(f->store), PROBLEM_UNAVAILABLE);
    assert_int_equal(count_terms(f), 0);
}

enum { WRITERS = 4, ROUNDS = 25 };

static void *write_rounds(void *context) {
    struct other *other = context;
    for (int i = 0; i < ROUNDS && other->problem == PROBLEM_NONE; i++) {
        struct store *store = NULL;
        char name[32];
        snprintf(name, sizeof name, "t%zx-%d", (size_t)pthread_self(), i);
        other->problem = writer_take(&other->f->writer, &store);
        if (other->problem != PROBLEM_NONE)
            break;
        other->problem = store_begin(store);
        if (other->problem == PROBLEM_NONE)
            other->problem = put_term(store, name);
        if (other->problem == PROBLEM_NONE)
            other->problem = store_commit(store);
        writer_give(&other->f->writer);
    }
    return NULL;
}

static void test_many_take_turns(void **state) {
    struct writer_fixture *f = *state;
    struct other others[WRITERS];
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        others[i] = (struct other){.f = f};
        assert_int_equal(pthread_create(&threads[i], NULL, write_rounds, &others[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(others[i].problem, PROBLEM_NONE);
    }
    assert_int_equal(count_terms(f), WRITERS * ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, writer_setup, writer_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_committed_stays_and_the_rest_goes),
        TEST(test_a_deadline_is_not_handed_on),
        TEST(test_nobody_waits_for_ever),
        TEST(test_who_waits_is_served_first),
        TEST(test_a_failed_sync_ends_all_writing),
        TEST(test_many_take_turns),
    };
    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
