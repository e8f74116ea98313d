/* test_edit.c: articles made, written anew, deleted, restored; what each leaves behind. The store
 * is checked as a whole after every step. */
#include "edit_help.h"

#include "domain/articles/article_history.h"

#define CHANGES "SELECT seq, op, type, id, version, changed FROM change ORDER BY seq"

static const char visit[] =
    "Minister visits|Ann Lee|2018-06-03|WORLD/Asia|Korea,Talks|"
    "The minister came by train.~He stayed for three days.~Nobody knows why.";

static void test_create(void **state) {
    struct fixture *f = *state;
    assert_int_equal(create(f, visit, ""), PROBLEM_NONE);
    assert_int_equal(result.article_id, 1);
    assert_int_equal(result.version, 1);
    assert_int_equal(result.seq, 1);
    assert_true(result.is_changed);
    assert_string_equal(asked(f->writer, CHANGES), "1|create|article|1|1|");
    assert_string_equal(asked(f->writer, "SELECT slug, created_at FROM article"),
                        "minister-visits|1700000000");
    assert_string_equal(loaded(f, 1),
                        "v1 Minister visits|2018-06-03|Ann Lee|WORLD,Asia|Korea,Talks|"
                        "1 The minister came by train.~2 He stayed for three days.~"
                        "3 Nobody knows why.");
    assert_string_equal(loaded(f, 2), "not_found");
    assert_int_equal(create(f, "MINISTER VISITS|ann lee|2018-06-03|||Else.", ""), PROBLEM_CONFLICT);
    assert_string_equal(fault.text, "article 1 has the same title, authors and date");
    assert_int_equal(create(f, "Other|||||Else.", "minister-visits"), PROBLEM_CONFLICT);
    assert_string_equal(fault.text, "the slug minister-visits is that of article 1");
    assert_string_equal(fault.name, "slug");
    assert_int_equal(create(f, "Other|||||Else.", "Not one"), PROBLEM_INVALID);
    assert_string_equal(fault.name, "slug");
    assert_int_equal(create(f, "Other|||||Else.", "2018"), PROBLEM_INVALID);
    assert_int_equal(create(f, "Other|||||Else.", "mine"), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT id, slug FROM article ORDER BY id"),
                        "1|minister-visits;2|mine");
}

struct changed_case {
    const char *line, *slug, *changed;
};

static const struct changed_case changed_cases[] = {
    {"Minister visits|Ann Lee|2018-06-03|WORLD/Asia|Korea,Talks|"
     "The minister came by train.~He stayed for three days.~Nobody knows why.",
     "", NULL},
    {"Minister visits|Ann Lee|2018-06-03|WORLD/Asia|Korea,Talks,Korea|"
     "The minister came by train.~He stayed for three days.~Nobody knows why.",
     "minister-visits", NULL},
    {"A visit|Ann Lee|2018-06-03|WORLD/Asia|Korea,Talks|"
     "The minister came by train.~He stayed for three days.~Nobody knows why.",
     "", "title"},
    {"Minister visits|Bo,Ann Lee|2018-06-04|WORLD|Talks|"
     "The minister came by train.~He stayed for three days.~Nobody knows why.",
     "visit", "slug,authors,published,section,tags"},
    {"Minister visits|||||The minister came by train.~He stayed for three days.~Nobody knows why.",
     "", "authors,published,section,tags"},
    {"Minister visits|Ann Lee|2018-06-03|WORLD/Asia|Talks,Korea|"
     "The minister came by train.~It rained.~He stayed for four days.~Nobody knows why.",
     "", "tags,paragraphs:2,3"},
    {"Minister visits|Ann Lee|2018-06-03|World/Asia|Korea,Talks|"
     "The minister came by train.~Nobody knows why.",
     "", "section,paragraphs:2"},
    {"Minister visits|Ann Lee|2018-06-03|WORLD/Asia|Korea,Talks|"
     "Nobody knows why.~The minister came by train.~He stayed for three days.",
     "", "paragraphs:1"},
};

static void test_changed(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof changed_cases / sizeof changed_cases[0]; i++) {
        const struct changed_case *c = &changed_cases[i];
        assert_int_equal(create(f, visit, ""), PROBLEM_NONE);
        assert_int_equal(replace(f, 1, c->line, c->slug, NULL), PROBLEM_NONE);
        assert_int_equal(result.is_changed, c->changed != NULL);
        assert_int_equal(result.version, c->changed == NULL ? 1 : 2);
        assert_string_equal(asked(f->writer, "SELECT changed FROM change WHERE op = 'update'"),
                            c->changed == NULL ? "" : c->changed);
        assert_string_equal(asked(f->writer, "SELECT count(*) FROM revision"),
                            c->changed == NULL ? "0" : "1");
        if (c->changed != NULL) {
            assert_string_equal(
                asked(f->writer, "SELECT seq, slug, title, published, lead, word_count, created_at "
                                 "FROM revision"),
                "1|minister-visits|Minister visits|2018-06-03|The minister came by train.|13|"
                "1700000000");
            assert_string_equal(
                asked(f->writer, "SELECT kind, position, slug, name FROM revision_term"),
                "1|1|ann-lee|Ann Lee;2|1|world|WORLD;2|2|world-asia|Asia;3|1|korea|Korea;"
                "3|2|talks|Talks");
            assert_string_equal(asked(f->writer, "SELECT position, id, text, first_version, "
                                                 "last_version, match FROM revision_paragraph"),
                                "1|1|The minister came by train.|1|1|new;"
                                "2|2|He stayed for three days.|1|1|new;"
                                "3|3|Nobody knows why.|1|1|new");
        }
        teardown(state);
        setup(state);
        f = *state;
    }
}

#define PARAGRAPHS \
    "SELECT id, coalesce(position, 0), text, last_version, match FROM paragraph " \
    "ORDER BY position IS NULL, position, id"

struct ids_case {
    const char *paragraphs;
    int64_t ids[4];
    const char *after, *changed;
};

static const struct ids_case ids_cases[] = {
    {"One.~Two.~Three.", {1, 2, 3}, "1|1|One.|1|new;2|2|Two.|1|new;3|3|Three.|1|new", NULL},
    {"Quite else.~Two.~Three.",
     {1, 0, 0},
     "1|1|Quite else.|2|edited;2|2|Two.|1|new;3|3|Three.|1|new",
     "paragraphs:1"},
    {"Three.~One.~Two.",
     {3, 1, 2},
     "3|1|Three.|2|moved;1|2|One.|1|new;2|3|Two.|1|new",
     "paragraphs:1"},
    {"Two.~One.~Three.",
     {1, 2, 3},
     "1|1|Two.|2|edited;2|2|One.|2|edited;3|3|Three.|1|new",
     "paragraphs:1,2"},
    {"One.~New one here.~Two.~Three.",
     {0, 3, 0, 0},
     "1|1|One.|1|new;3|2|New one here.|2|edited;2|3|Two.|1|new;4|4|Three.|2|new",
     "paragraphs:2,4"},
    {"Last.", {3}, "3|1|Last.|2|edited;1|0|One.|2|new;2|0|Two.|2|new", "paragraphs:1,2"},
};

static void test_paragraph_ids(void **state) {
    struct fixture *f = *state;
    char line[200];
    for (size_t i = 0; i < sizeof ids_cases / sizeof ids_cases[0]; i++) {
        const struct ids_case *c = &ids_cases[i];
        assert_int_equal(create(f, "T|||||One.~Two.~Three.", ""), PROBLEM_NONE);
        snprintf(line, sizeof line, "T|||||%s", c->paragraphs);
        assert_int_equal(replace(f, 1, line, "", c->ids), PROBLEM_NONE);
        assert_string_equal(asked(f->writer, PARAGRAPHS), c->after);
        assert_int_equal(result.is_changed, c->changed != NULL);
        assert_string_equal(asked(f->writer, "SELECT changed FROM change WHERE seq = 2"),
                            c->changed == NULL ? "" : c->changed);
        teardown(state);
        setup(state);
        f = *state;
    }
}

static void test_ids_that_are_not_its(void **state) {
    struct fixture *f = *state;
    create(f, "A|||||One.~Two.", "");
    create(f, "B|||||One.~Two.", "");
    assert_int_equal(replace(f, 1, "A|||||One.~Two.", "", (int64_t[]){1, 1}), PROBLEM_INVALID);
    assert_string_equal(fault.text, "paragraph 1 is given twice");
    assert_string_equal(fault.name, "paragraphs");
    assert_int_equal(replace(f, 1, "A|||||One.~Two.", "", (int64_t[]){1, 3}), PROBLEM_INVALID);
    assert_string_equal(fault.text, "paragraph 3 is none of this article");
    assert_int_equal(replace(f, 1, "A|||||One.~Two.", "", (int64_t[]){1, 99}), PROBLEM_INVALID);
    assert_int_equal(replace(f, 1, "A|||||One.", "", NULL), PROBLEM_NONE);
    assert_int_equal(replace(f, 1, "A|||||x~y", "", (int64_t[]){2, 2}), PROBLEM_INVALID);
    assert_string_equal(fault.text, "paragraph 2 is given twice");
    assert_int_equal(replace(f, 1, "A|||||Two.~One.", "", (int64_t[]){2, 1}), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT id, position, last_version, match FROM paragraph "
                                         "WHERE article_id = 1 ORDER BY position"),
                        "2|1|3|moved;1|2|1|new");
    assert_string_equal(asked(f->writer, "SELECT changed FROM change WHERE seq = 4"),
                        "paragraphs:1");
}

static void test_back_at_its_place(void **state) {
    struct fixture *f = *state;
    create(f, "T|||||One.~Two.", "");
    replace(f, 1, "T|||||One.", "", NULL);
    assert_int_equal(replace(f, 1, "T|||||One.~Two.", "", (int64_t[]){1, 2}), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, PARAGRAPHS), "1|1|One.|1|new;2|2|Two.|3|moved");
    assert_string_equal(asked(f->writer, "SELECT changed FROM change WHERE seq = 3"),
                        "paragraphs:2");
}

/* What is not kept is aligned as ever, also when what is kept stands elsewhere. */
static void test_merged_beside_kept(void **state) {
    struct fixture *f = *state;
    create(
        f,
        "T|||||The lamp burns over the harbour all night.~Ferries wait outside in the fog.~Last.",
        "");
    assert_int_equal(replace(f, 1,
                             "T|||||Quite else.~The lamp burns over the harbour all night. Ferries "
                             "wait outside in the fog.",
                             "", (int64_t[]){3, 0}),
                     PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT id, position, match, related_id FROM paragraph"),
                        "1|2|merged|-;2|-|merged|1;3|1|edited|-");
}

static void test_restore(void **state) {
    struct fixture *f = *state;
    char first[500];
    create(f, visit, "");
    snprintf(first, sizeof first, "%s", loaded(f, 1) + 2);
    replace(f, 1, "A visit|Bo|2019-01-01||x|Quite other words.~Nobody knows why.", "a-visit", NULL);
    replace(f, 1, "A visit|Bo|2019-01-01||x|Nothing of it is left.", "", NULL);
    assert_int_equal(restore(f, 1, 1), PROBLEM_NONE);
    assert_int_equal(result.version, 4);
    assert_string_equal(loaded(f, 1) + 2, first);
    assert_string_equal(asked(f->writer, "SELECT slug FROM article"), "a-visit");
    assert_int_equal(restore(f, 1, 4), PROBLEM_NONE);
    assert_false(result.is_changed);
    assert_int_equal(restore(f, 1, 5), PROBLEM_NOT_FOUND);
    assert_int_equal(restore(f, 2, 1), PROBLEM_NOT_FOUND);
    erase(f, 1);
    assert_int_equal(restore(f, 1, 1), PROBLEM_GONE);
}

static void test_delete(void **state) {
    struct fixture *f = *state;
    create(f, visit, "");
    create(f, "Other||||Talks|Text.", "");
    assert_int_equal(erase(f, 1), PROBLEM_NONE);
    assert_int_equal(result.seq, 3);
    assert_int_equal(result.version, 1);
    assert_string_equal(loaded(f, 1), "gone");
    assert_int_equal(erase(f, 1), PROBLEM_GONE);
    assert_int_equal(erase(f, 7), PROBLEM_NOT_FOUND);
    assert_int_equal(replace(f, 1, visit, "", NULL), PROBLEM_GONE);
    assert_string_equal(asked(f->writer, "SELECT * FROM deletion"),
                        "1|minister-visits|Minister visits|1|3|1700000000|");
    assert_string_equal(asked(f->writer, "SELECT id, article_id, position, text, last_version FROM "
                                         "paragraph"),
                        "1|1|-|The minister came by train.|2;2|1|-|He stayed for three days.|2;"
                        "3|1|-|Nobody knows why.|2;4|2|1|Text.|1");
    assert_string_equal(asked(f->writer, "SELECT seq, article_count, paragraph_count FROM store"),
                        "3|1|1");
    assert_string_equal(asked(f->writer, "SELECT slug FROM term WHERE article_count > 0"), "talks");
    assert_string_equal(asked(f->writer, "SELECT count(*) FROM revision_paragraph"), "3");
    assert_string_equal(asked(f->writer, CHANGES),
                        "1|create|article|1|1|;2|create|article|2|1|;3|delete|article|1|1|");

    assert_int_equal(create(f, visit, ""), PROBLEM_NONE);
    assert_int_equal(result.article_id, 3);
    assert_string_equal(asked(f->writer, "SELECT slug FROM article WHERE id = 3"),
                        "minister-visits");
    assert_int_equal(erase(f, 3), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT article_id FROM deletion ORDER BY article_id"),
                        "1;3");
}

#define OLD_SLUGS "SELECT kind, slug, target_id FROM old_slug"

static void test_old_slugs(void **state) {
    struct fixture *f = *state;
    create(f, "One|||||Text.", "");
    assert_int_equal(replace(f, 1, "One|||||Text.", "first", NULL), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "0|one|1");
    assert_string_equal(asked(f->writer, "SELECT slug FROM revision"), "one");
    /* What is made from a title leaves an old address alone ... */
    create(f, "One||2020-01-01|||Text.", "");
    assert_string_equal(asked(f->writer, "SELECT slug FROM article WHERE id = 2"), "one-2");
    /* ... what is asked for takes it. */
    assert_int_equal(replace(f, 2, "One||2020-01-01|||Text.", "one", NULL), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "0|one-2|2");
    assert_int_equal(replace(f, 2, "One||2020-01-01|||Text.", "first", NULL), PROBLEM_CONFLICT);
    assert_int_equal(replace(f, 2, "One||2020-01-01|||Text.", "one-2", NULL), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "0|one|2");
    assert_int_equal(create(f, "Three|||||Text.", "one"), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "");
    replace(f, 3, "Three|||||Text.", "three", NULL);
    erase(f, 3);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "0|one|3");
}

static void test_twin(void **state) {
    struct fixture *f = *state;
    create(f, "One|||||Text.", "");
    create(f, "Two|||||Text.", "");
    assert_int_equal(replace(f, 2, "ONE|||||Text.", "", NULL), PROBLEM_CONFLICT);
    assert_string_equal(fault.text, "article 1 has the same title, authors and date");
    assert_int_equal(replace(f, 2, "TWO|||||Text.", "", NULL), PROBLEM_NONE);
}

static void test_trim(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < 6; i++) {
        char line[50];
        snprintf(line, sizeof line, "Title %d|||||Text.", i);
        create(f, line, "");
    }
    static const struct {
        int64_t keep;
        const char *rest;
    } cases[] = {{9, "0|1|6"}, {6, "1|1|6"}, {2, "5|5|6"}, {4, "5|5|6"}, {0, "7|-|-"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct article_edit edit = begin(f);
        assert_int_equal(end(f, article_history_trim(edit.store, cases[i].keep)), PROBLEM_NONE);
        assert_string_equal(asked(f->writer, "SELECT oldest_seq, (SELECT min(seq) FROM change), "
                                             "(SELECT max(seq) FROM change) FROM store"),
                            cases[i].rest);
    }
    create(f, "Next|||||Text.", "");
    assert_string_equal(asked(f->writer, "SELECT seq FROM change"), "7");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_create),
        STORE_TEST(test_changed),
        STORE_TEST(test_paragraph_ids),
        STORE_TEST(test_ids_that_are_not_its),
        STORE_TEST(test_restore),
        STORE_TEST(test_delete),
        STORE_TEST(test_old_slugs),
        STORE_TEST(test_twin),
        STORE_TEST(test_trim),
        STORE_TEST(test_back_at_its_place),
        STORE_TEST(test_merged_beside_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
