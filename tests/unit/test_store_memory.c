/* test_store_memory.c: the n-th allocation fails, for every n, once or from then on: of ours and of
 * SQLite's. Whatever happens is a success or a problem that says so; the store stays sound. */
#include "memory_help.h"
#include "store_help.h"

#include "domain/articles/article_edit.h"
#include "domain/import/import.h"
#include "ground/log.h"

/* ---- what is tried ---- */

struct memory_fixture {
    struct place place;
    struct arena arena;
    struct article first, edited;
};

static int memory_setup(void **state) {
    struct memory_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    place_make(&f->place);
    arena_init(&f->arena, 1024 * 1024);
    f->first = article_of("Visit|Ann,Bob|2018-06-03|WORLD/Asia|x,y|"
                          "It rained all night in the valley.~He stayed. Nobody knows why at all.",
                          &f->arena);
    f->edited = article_of("Visit|Ann|2018-06-03|WORLD|x,z|"
                           "He stayed.~Nobody knows why at all.~It rained all day in the valley.",
                           &f->arena);
    *state = f;
    return 0;
}

static int memory_teardown(void **state) {
    struct memory_fixture *f = *state;
    arena_fini(&f->arena);
    place_remove(&f->place);
    free(f);
    return 0;
}

static enum problem import_one(struct store *writer, const struct article *article,
                               enum import_outcome *outcome) {
    struct import *run = NULL;
    struct import_result result;
    struct fault fault;
    fault_init(&fault);
    enum problem problem = import_open(writer, false, &run);
    if (problem == PROBLEM_NONE)
        problem = import_article(run, article, span_of("a.txt"), &result, &fault);
    if (problem == PROBLEM_NONE)
        problem = import_commit(run);
    import_close(run);
    *outcome = result.outcome;
    return problem;
}

/* ---- edits ---- */

struct edit_step {
    const char *name;
    enum problem (*run)(struct memory_fixture *f, struct article_edit *edit);
};

static enum problem replace_some(struct memory_fixture *f, struct article_edit *edit) {
    struct article_edit_result result;
    return article_edit_replace(edit, 1, &f->edited, span_of("moved"), (int64_t[]){2, 0, 0},
                                &result, NULL);
}

static enum problem restore_first(struct memory_fixture *f, struct article_edit *edit) {
    struct article_edit_result result;
    (void)f;
    return article_edit_restore(edit, 1, 1, &result, NULL);
}

static enum problem rename_tag(struct memory_fixture *f, struct article_edit *edit) {
    int64_t articles, id = 0;
    (void)f;
    enum problem problem = store_int(edit->store, SQL_stored_term_by_key, &id,
                                     STORE_VALUES(STORE_INT(3), STORE_TEXT(span_of("x"))));
    return problem == PROBLEM_NONE ? article_edit_term_rename(edit, 3, id, span_of("Else"),
                                                              span_of(""), &articles, NULL)
                                   : problem;
}

static enum problem delete_first(struct memory_fixture *f, struct article_edit *edit) {
    struct article_edit_result result;
    (void)f;
    return article_edit_delete(edit, 1, &result);
}

static const struct edit_step edit_steps[] = {
    {"replace", replace_some},
    {"restore", restore_first},
    {"rename", rename_tag},
    {"delete", delete_first},
};

/* How far from one allocation that fails to the next. PILCROW_TEST_EVERY=1 takes all of them, which
 * takes minutes: each time the whole store is looked at. */
static size_t step_of(size_t usual) {
    const char *wanted = getenv("PILCROW_TEST_EVERY");
    return wanted == NULL ? usual : strtoul(wanted, NULL, 10);
}

/* A step is tried with the n-th allocation failing until none fails; the one that succeeds is the
 * start of the next step. */
static size_t edit_tried(struct memory_fixture *f, struct store *writer,
                         const struct edit_step *step) {
    struct arena arena;
    size_t refused = 0;
    bool is_done = false;
    for (size_t n = 1; !is_done; n += step_of(7)) {
        int64_t seq, seq_after;
        struct article_edit edit = {writer, &arena, 7};
        arena_init(&arena, 64 * 1024 * 1024);
        assert_int_equal(store_seq(writer, &seq), PROBLEM_NONE);
        memory_fail_at(n, n % 2 == 0);
        enum problem problem = store_begin(writer);
        if (problem == PROBLEM_NONE)
            problem = step->run(f, &edit);
        if (problem == PROBLEM_NONE)
            problem = store_commit(writer);
        store_end(writer);
        is_done = problem == PROBLEM_NONE;
        bool has_failed = memory.has_failed;
        memory_fail_at(0, false);
        arena_fini(&arena);
        if (problem != PROBLEM_NONE && (problem != PROBLEM_OUT_OF_MEMORY || !has_failed))
            fail_msg("%s, allocation %zu: %s", step->name, n, problem_info(problem)->code);
        refused += !is_done;
        assert_int_equal(store_seq(writer, &seq_after), PROBLEM_NONE);
        assert_int_equal(seq_after > seq, is_done);
        assert_store_sound(writer);
    }
    return refused;
}

static void test_edit(void **state) {
    struct memory_fixture *f = *state;
    struct store *writer = writer_open(f->place.db);
    enum import_outcome outcome;
    assert_int_equal(import_one(writer, &f->first, &outcome), PROBLEM_NONE);
    for (size_t i = 0; i < sizeof edit_steps / sizeof edit_steps[0]; i++)
        assert_true(edit_tried(f, writer, &edit_steps[i]) > 3);
    store_close(writer);
}

static enum problem read_all(struct store *store, size_t *bytes) {
    struct rows rows = {0};
    enum problem problem = store_begin(store);
    *bytes = 0;
    if (problem == PROBLEM_NONE) {
        store_query(store, SQL_paragraph_by_place, &rows,
                    STORE_VALUES(STORE_INT(1), STORE_INT(1), STORE_INT(9)));
        while (rows_next(&rows))
            *bytes += rows_text(&rows, 2).bytes;
        problem = rows_end(&rows);
    }
    store_end(store);
    return problem;
}

static void test_import(void **state) {
    struct memory_fixture *f = *state;
    struct store *writer = writer_open(f->place.db);
    enum import_outcome outcome;
    size_t refused = 0;
    bool is_first = true;
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        bool has_failed = true;
        for (size_t n = 1; has_failed; n += step_of(5), is_first = !is_first) {
            memory_fail_at(n, is_lasting);
            enum problem problem = import_one(writer, is_first ? &f->first : &f->edited, &outcome);
            has_failed = memory.has_failed;
            memory_fail_at(0, false);
            if (problem != PROBLEM_NONE && (problem != PROBLEM_OUT_OF_MEMORY || !has_failed))
                fail_msg("allocation %zu: %s", n, problem_info(problem)->code);
            refused += problem != PROBLEM_NONE;
            assert_store_sound(writer);
            /* What was refused can be done now. */
            assert_int_equal(import_one(writer, is_first ? &f->first : &f->edited, &outcome),
                             PROBLEM_NONE);
            if ((outcome == IMPORT_UNCHANGED) != (problem == PROBLEM_NONE))
                fail_msg("allocation %zu, lasting %d: %s, then outcome %d", n, is_lasting,
                         problem_info(problem)->code, (int)outcome);
        }
    }
    assert_true(refused > 20);
    store_close(writer);
}

static void test_read(void **state) {
    struct memory_fixture *f = *state;
    struct store *writer = writer_open(f->place.db), *reader = NULL;
    enum import_outcome outcome;
    size_t whole, bytes;
    assert_int_equal(import_one(writer, &f->first, &outcome), PROBLEM_NONE);
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        bool has_failed = true;
        for (size_t n = 1; has_failed; n += step_of(3)) {
            /* A connection that has read nothing yet allocates most. */
            assert_int_equal(store_open(f->place.db, STORE_READER, &reader, NULL), PROBLEM_NONE);
            memory_fail_at(n, is_lasting);
            enum problem problem = read_all(reader, &bytes);
            has_failed = memory.has_failed;
            memory_fail_at(0, false);
            assert_true(problem == PROBLEM_NONE || problem == PROBLEM_OUT_OF_MEMORY);
            assert_int_equal(read_all(reader, &whole), PROBLEM_NONE);
            assert_true(whole > 0);
            if (problem == PROBLEM_NONE)
                assert_int_equal(bytes, whole);
            store_close(reader);
        }
    }
    store_close(writer);
}

static void open_all(struct memory_fixture *f, enum store_role role, size_t step) {
    struct fault fault;
    for (int is_lasting = 0; is_lasting < 2; is_lasting++) {
        bool has_failed = true;
        for (size_t n = 1; has_failed; n += step) {
            struct store *store = NULL;
            fault_init(&fault);
            memory_fail_at(n, is_lasting);
            enum problem problem = store_open(f->place.db, role, &store, &fault);
            has_failed = memory.has_failed;
            memory_fail_at(0, false);
            if (problem != PROBLEM_NONE && problem != PROBLEM_OUT_OF_MEMORY)
                fail_msg("allocation %zu: %s", n, fault.text);
            assert_int_equal(problem == PROBLEM_NONE, store != NULL);
            assert_int_equal(problem == PROBLEM_NONE, !fault_is_set(&fault));
            store_close(store);
        }
    }
}

static void test_open(void **state) {
    struct memory_fixture *f = *state;
    store_close(writer_open(f->place.db));
    open_all(f, STORE_READER, step_of(29));
    open_all(f, STORE_WRITER, step_of(29));
    struct store *writer = writer_open(f->place.db);
    assert_store_sound(writer);
    store_close(writer);
}

/* Want of memory is never taken for damage. */
static void test_check(void **state) {
    struct memory_fixture *f = *state;
    struct store *writer = writer_open(f->place.db), *reader = NULL;
    enum import_outcome outcome;
    bool has_failed = true;
    assert_int_equal(import_one(writer, &f->first, &outcome), PROBLEM_NONE);
    for (size_t n = 1; has_failed; n += step_of(11)) {
        size_t findings = 0;
        assert_int_equal(store_open(f->place.db, STORE_READER, &reader, NULL), PROBLEM_NONE);
        memory_fail_at(n, n % 2 == 0);
        enum problem problem = store_check(reader, count_finding, NULL, &findings);
        has_failed = memory.has_failed;
        memory_fail_at(0, false);
        assert_true(problem == PROBLEM_NONE || problem == PROBLEM_OUT_OF_MEMORY);
        assert_int_equal(findings, 0);
        store_close(reader);
    }
    store_close(writer);
}

static void test_create(void **state) {
    struct memory_fixture *f = *state;
    bool has_failed = true;
    for (size_t n = 1; has_failed; n += step_of(29)) {
        struct store *store = NULL;
        memory_fail_at(n, false);
        struct fault fault;
        fault_init(&fault);
        enum problem problem = store_open(f->place.db, STORE_WRITER, &store, &fault);
        has_failed = memory.has_failed;
        memory_fail_at(0, false);
        if (problem != PROBLEM_NONE && problem != PROBLEM_OUT_OF_MEMORY)
            fail_msg("allocation %zu: %s: %s", n, problem_info(problem)->code, fault.text);
        store_close(store);
        store = writer_open(f->place.db);
        assert_store_sound(store);
        store_close(store);
        unlink(f->place.db);
    }
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, memory_setup, memory_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_import), MEMORY_TEST(test_edit),  MEMORY_TEST(test_read),
        MEMORY_TEST(test_open),   MEMORY_TEST(test_check), MEMORY_TEST(test_create),
    };
    hook_sqlite();
    log_setup(CONFIG_LOG_LOGFMT, -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
