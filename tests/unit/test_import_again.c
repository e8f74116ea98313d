/* test_import_again.c: texts that are imported again after people edited or deleted what came of
 * them. The store is checked as a whole after each step. */
#include "edit_help.h"

#include "domain/import/import.h"

static const char first[] = "Fog|Ann Lee|2018-06-03|WORLD|Sea|It lifts.~It falls.~It stays.";
static const char changed[] = "Fog|Ann Lee|2018-06-03|WORLD|Sea|It lifts.~It falls.~It went.";
static const char edited[] = "Fog|Ann Lee|2018-06-03|WORLD|Sea|It lifts.~It rises.~It stays.";
static const char retitled[] = "Mist|Ann Lee|2018-06-03|WORLD|Sea|It lifts.~It falls.~It stays.";

static struct import_result put_as(struct fixture *f, const char *line, const char *source,
                                   enum import_mode mode, bool is_dry_run) {
    struct import *run = NULL;
    struct import_result put;
    arena_reset(&f->arena);
    struct article article = article_of(line, &f->arena);
    fault_init(&fault);
    assert_int_equal(import_open(f->writer, is_dry_run, &run), PROBLEM_NONE);
    import_set_mode(run, mode);
    enum problem problem = import_article(run, &article, span_of(source), &put, &fault);
    assert_int_equal(problem, put.outcome == IMPORT_REFUSED ? PROBLEM_CONFLICT : PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_store_sound(f->writer);
    return put;
}

static struct import_result put(struct fixture *f, const char *line, const char *source) {
    return put_as(f, line, source, IMPORT_UPSERT, false);
}

static const char *paragraphs(struct fixture *f) {
    return asked(f->writer, "SELECT article_id, text FROM paragraph WHERE position IS NOT NULL "
                            "ORDER BY article_id, position");
}

/* What people do to article 1, and what of it is there afterwards. */
static const struct {
    const char *edit; /* NULL: it is deleted */
    const char *source;
    const char *left;
    const char *replaced; /* by mode=replace */
    const char *description;
} cases[] = {
    {edited, "a.txt", "1|It lifts.;1|It rises.;1|It stays.", "1|It lifts.;1|It falls.;1|It stays.",
     "a paragraph"},
    {edited, "", "1|It lifts.;1|It rises.;1|It stays.", "1|It lifts.;1|It falls.;1|It stays.",
     "a paragraph, without a source"},
    {retitled, "a.txt", "1|It lifts.;1|It falls.;1|It stays.",
     "1|It lifts.;1|It falls.;1|It stays.", "the title"},
    {retitled, "", "1|It lifts.;1|It falls.;1|It stays.", "1|It lifts.;1|It falls.;1|It stays.",
     "the title, without a source"},
    {"Else||||Else|All of it.", "", "1|All of it.", "1|It lifts.;1|It falls.;1|It stays.",
     "everything"},
    {NULL, "a.txt", "", "2|It lifts.;2|It falls.;2|It stays.", "deleted"},
    {NULL, "", "", "2|It lifts.;2|It falls.;2|It stays.", "deleted, without a source"},
};

static void test_what_was_edited_stays(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *f = NULL;
        void *own = NULL;
        assert_int_equal(setup(&own), 0);
        f = own;
        assert_int_equal(put(f, first, cases[i].source).outcome, IMPORT_CREATED);
        assert_int_equal(cases[i].edit == NULL ? erase(f, 1)
                                               : replace(f, 1, cases[i].edit, "", NULL),
                         PROBLEM_NONE);
        int changes = sqlite3_total_changes(f->writer->db);
        for (int again = 0; again < 2; again++) {
            struct import_result got = put_as(f, first, cases[i].source, IMPORT_UPSERT, again == 1);
            if (got.outcome != IMPORT_UNCHANGED)
                print_message("%s\n", cases[i].description);
            assert_int_equal(got.outcome, IMPORT_UNCHANGED);
            assert_int_equal(got.article_id, 1);
            assert_int_equal(got.version, cases[i].edit == NULL ? 1 : 2);
        }
        assert_int_equal(sqlite3_total_changes(f->writer->db), changes);
        assert_string_equal(paragraphs(f), cases[i].left);
        struct import_result got = put_as(f, first, cases[i].source, IMPORT_REPLACE, false);
        assert_int_equal(got.outcome, cases[i].edit == NULL ? IMPORT_CREATED : IMPORT_UPDATED);
        assert_string_equal(paragraphs(f), cases[i].replaced);
        assert_int_equal(put(f, first, cases[i].source).outcome, IMPORT_UNCHANGED);
        assert_string_equal(paragraphs(f), cases[i].replaced);
        teardown(&own);
    }
}

static void test_a_text_that_changed_counts(void **state) {
    struct fixture *f = *state;
    put(f, first, "a.txt");
    assert_int_equal(replace(f, 1, edited, "", NULL), PROBLEM_NONE);
    struct import_result got = put(f, changed, "a.txt");
    assert_int_equal(got.outcome, IMPORT_UPDATED);
    assert_int_equal(got.version, 3);
    assert_string_equal(paragraphs(f), "1|It lifts.;1|It falls.;1|It went.");
    assert_string_equal(asked(f->writer, "SELECT text FROM revision_paragraph WHERE version = 2 "
                                         "AND position = 2"),
                        "It rises.");
    /* It was imported since: to go back is a change. */
    assert_int_equal(put(f, first, "a.txt").outcome, IMPORT_UPDATED);
    assert_int_equal(erase(f, 1), PROBLEM_NONE);
    got = put(f, changed, "a.txt");
    assert_int_equal(got.outcome, IMPORT_CREATED);
    assert_int_equal(got.article_id, 2);
}

/* The file and the people came to the same text: from here on it is the one that was imported. */
static void test_a_text_that_met_the_edit(void **state) {
    struct fixture *f = *state;
    put(f, first, "a.txt");
    assert_int_equal(replace(f, 1, edited, "", NULL), PROBLEM_NONE);
    assert_int_equal(put(f, edited, "a.txt").outcome, IMPORT_UNCHANGED);
    int changes = sqlite3_total_changes(f->writer->db);
    assert_int_equal(put(f, edited, "a.txt").outcome, IMPORT_UNCHANGED);
    assert_int_equal(sqlite3_total_changes(f->writer->db), changes);
    assert_int_equal(replace(f, 1, changed, "", NULL), PROBLEM_NONE);
    assert_int_equal(put(f, edited, "a.txt").outcome, IMPORT_UNCHANGED);
    assert_string_equal(paragraphs(f), "1|It lifts.;1|It falls.;1|It went.");
}

static void test_only_new_ones(void **state) {
    struct fixture *f = *state;
    put(f, first, "a.txt");
    assert_int_equal(replace(f, 1, retitled, "", NULL), PROBLEM_NONE);
    assert_int_equal(put_as(f, first, "", IMPORT_CREATE, false).outcome, IMPORT_REFUSED);
    assert_string_equal(fault.text,
                        "article 1 was made of this very text, and only new ones are made");
    assert_int_equal(put_as(f, changed, "a.txt", IMPORT_CREATE, false).outcome, IMPORT_REFUSED);
    assert_string_equal(fault.text,
                        "article 1 came from the same source, and only new ones are made");
    assert_int_equal(erase(f, 1), PROBLEM_NONE);
    assert_int_equal(put_as(f, first, "", IMPORT_CREATE, false).outcome, IMPORT_CREATED);
}

/* The file may have a new name all the same, and is known by it. */
static void test_renamed_after_an_edit(void **state) {
    struct fixture *f = *state;
    put(f, first, "a.txt");
    assert_int_equal(replace(f, 1, edited, "", NULL), PROBLEM_NONE);
    assert_int_equal(put(f, first, "b.txt").outcome, IMPORT_UNCHANGED);
    assert_string_equal(asked(f->writer, "SELECT source FROM article"), "b.txt");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_edited_stays), STORE_TEST(test_a_text_that_changed_counts),
        STORE_TEST(test_a_text_that_met_the_edit),    STORE_TEST(test_only_new_ones),
        STORE_TEST(test_renamed_after_an_edit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
