/* test_edit_term.c: authors, sections and tags that are renamed, or merged into others. */
#include "edit_help.h"

static int64_t articles; /* of the last step */

static int64_t term_id(struct fixture *f, const char *slug) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT id FROM term WHERE slug = '%s'", slug);
    return strtoll(asked(f->writer, sql), NULL, 10);
}

static enum problem rename_term(struct fixture *f, int kind, const char *old, const char *name,
                                const char *slug) {
    int64_t id = term_id(f, old);
    struct article_edit edit = begin(f);
    return end(f, article_edit_term_rename(&edit, kind, id, span_of(name), span_of(slug), &articles,
                                           &fault));
}

static enum problem merge(struct fixture *f, int kind, const char *from, const char *into) {
    int64_t from_id = term_id(f, from), into_id = term_id(f, into);
    struct article_edit edit = begin(f);
    return end(f, article_edit_term_merge(&edit, kind, from_id, into_id, &articles, &fault));
}

static int three_setup(void **state) {
    setup(state);
    struct fixture *f = *state;
    create(f, "One|Ann|2018-01-01|World/Asia/Japan|Korea,Talks|Text.", "");
    create(f, "Two|Ann,Bob|2018-01-02|World/Asia|Talks,Trade|Text.", "");
    create(f, "Three|Bob|2018-01-03|Business/Asia|Trade|Text.", "");
    return 0;
}

#define TERM_TEST(name) cmocka_unit_test_setup_teardown(name, three_setup, teardown)

#define TERMS "SELECT slug, name, key, article_count FROM term WHERE kind = %d ORDER BY slug"
#define OLD_SLUGS \
    "SELECT old_slug.slug, term.slug FROM old_slug JOIN term ON id = target_id " \
    "ORDER BY old_slug.slug"
#define NEWS "SELECT op, type, id, version, changed FROM change WHERE seq > 3 ORDER BY seq"

static const char *terms(struct fixture *f, int kind) {
    char sql[200];
    snprintf(sql, sizeof sql, TERMS, kind);
    return asked(f->writer, sql);
}

static void test_rename_tag(void **state) {
    struct fixture *f = *state;
    assert_int_equal(rename_term(f, TERM_TAG, "talks", "Peace talks", ""), PROBLEM_NONE);
    assert_int_equal(articles, 2);
    assert_string_equal(terms(f, TERM_TAG), "korea|Korea|korea|1;"
                                            "peace-talks|Peace talks|peace talks|2;"
                                            "trade|Trade|trade|2");
    assert_string_equal(asked(f->writer, OLD_SLUGS), "talks|peace-talks");
    assert_string_equal(asked(f->writer, NEWS), "update|tag|6|0|name,slug;update|article|1|2|tags;"
                                                "update|article|2|2|tags");
    assert_string_equal(loaded(f, 1),
                        "v2 One|2018-01-01|Ann|World,Asia,Japan|Korea,Peace talks|1 Text.");
    assert_string_equal(asked(f->writer, "SELECT slug, name FROM revision_term WHERE kind = 3 AND "
                                         "article_id = 1"),
                        "korea|Korea;talks|Talks");
    /* Another spelling keeps the address; going back gets the old one back. */
    assert_int_equal(rename_term(f, TERM_TAG, "peace-talks", "PEACE  TALKS", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 2), "v3 Two|2018-01-02|Ann,Bob|World,Asia|PEACE  TALKS,Trade|"
                                      "2 Text.");
    assert_int_equal(rename_term(f, TERM_TAG, "peace-talks", "Talks", ""), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "peace-talks|talks");
    assert_int_equal(rename_term(f, TERM_TAG, "talks", "Talks", ""), PROBLEM_NONE);
    assert_int_equal(articles, 0);
}

static void test_rename_slug_alone(void **state) {
    struct fixture *f = *state;
    assert_int_equal(rename_term(f, TERM_TAG, "korea", "Korea", "dprk"), PROBLEM_NONE);
    assert_int_equal(articles, 1);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "korea|dprk");
    assert_string_equal(asked(f->writer, "SELECT version FROM article"), "2;1;1");
    assert_int_equal(rename_term(f, TERM_TAG, "dprk", "Korea", "trade"), PROBLEM_CONFLICT);
    assert_string_equal(fault.name, "slug");
    assert_int_equal(rename_term(f, TERM_TAG, "dprk", "Korea", "No slug"), PROBLEM_INVALID);
}

static void test_rename_refused(void **state) {
    struct fixture *f = *state;
    assert_int_equal(rename_term(f, TERM_TAG, "korea", "TRADE", ""), PROBLEM_CONFLICT);
    assert_string_equal(fault.text, "tag 8 has that name");
    assert_string_equal(fault.name, "name");
    assert_int_equal(rename_term(f, TERM_AUTHOR, "korea", "Kim", ""), PROBLEM_NOT_FOUND);
    assert_int_equal(rename_term(f, TERM_TAG, "korea", "", ""), PROBLEM_INVALID);
    assert_string_equal(fault.name, "name");
    assert_int_equal(rename_term(f, TERM_TAG, "korea", "a\nb", ""), PROBLEM_INVALID);
    assert_string_equal(asked(f->writer, "SELECT seq FROM store"), "3");
}

static void test_hidden_name_gives_way(void **state) {
    struct fixture *f = *state;
    assert_int_equal(replace(f, 1, "One|Ann|2018-01-01|World/Asia/Japan|Talks|Text.", "", NULL),
                     PROBLEM_NONE);
    assert_int_equal(rename_term(f, TERM_TAG, "trade", "korea", ""), PROBLEM_NONE);
    assert_string_equal(terms(f, TERM_TAG), "korea|korea|korea|2;talks|Talks|talks|2");
    assert_string_equal(asked(f->writer, OLD_SLUGS), "trade|korea");
}

static void test_rename_section(void **state) {
    struct fixture *f = *state;
    assert_int_equal(rename_term(f, TERM_SECTION, "world", "Globe", ""), PROBLEM_NONE);
    assert_int_equal(articles, 2);
    assert_string_equal(terms(f, TERM_SECTION),
                        "business|Business|business|1;business-asia|Asia|business / asia|1;"
                        "globe|Globe|globe|2;globe-asia|Asia|globe / asia|2;"
                        "globe-asia-japan|Japan|globe / asia / japan|1");
    assert_string_equal(asked(f->writer, OLD_SLUGS),
                        "world|globe;world-asia|globe-asia;world-asia-japan|globe-asia-japan");
    assert_string_equal(loaded(f, 1), "v2 One|2018-01-01|Ann|Globe,Asia,Japan|Korea,Talks|1 Text.");
    assert_int_equal(rename_term(f, TERM_SECTION, "globe-asia", "East", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 1), "v3 One|2018-01-01|Ann|Globe,East,Japan|Korea,Talks|1 Text.");
}

static void test_merge_tags(void **state) {
    struct fixture *f = *state;
    assert_int_equal(merge(f, TERM_TAG, "talks", "trade"), PROBLEM_NONE);
    assert_int_equal(articles, 2);
    assert_string_equal(terms(f, TERM_TAG), "korea|Korea|korea|1;trade|Trade|trade|3");
    assert_string_equal(asked(f->writer, OLD_SLUGS), "talks|trade");
    assert_string_equal(loaded(f, 1), "v2 One|2018-01-01|Ann|World,Asia,Japan|Korea,Trade|1 Text.");
    assert_string_equal(loaded(f, 2), "v2 Two|2018-01-02|Ann,Bob|World,Asia|Trade|2 Text.");
    assert_string_equal(asked(f->writer, NEWS),
                        "delete|tag|6|0|;update|article|1|2|tags;update|article|2|2|tags");
    /* An old address goes along. */
    assert_int_equal(merge(f, TERM_TAG, "trade", "korea"), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_SLUGS), "talks|korea;trade|korea");
    assert_int_equal(merge(f, TERM_TAG, "korea", "korea"), PROBLEM_CONFLICT);
    assert_int_equal(merge(f, TERM_TAG, "korea", "ann"), PROBLEM_NOT_FOUND);
}

static void test_merge_authors(void **state) {
    struct fixture *f = *state;
    create(f, "One|Bob|2018-01-01|||Other text.", "");
    assert_int_equal(merge(f, TERM_AUTHOR, "ann", "bob"), PROBLEM_NONE);
    assert_string_equal(terms(f, TERM_AUTHOR), "bob|Bob|bob|4");
    /* Two articles may have become one by name: both stay, and both can be written. */
    assert_string_equal(asked(f->writer, "SELECT count(DISTINCT identity), count(*) FROM article"),
                        "3|4");
    assert_int_equal(replace(f, 4, "One|Bob|2018-01-01|||More text.", "", NULL), PROBLEM_NONE);
}

static void test_merge_sections(void **state) {
    struct fixture *f = *state;
    assert_int_equal(merge(f, TERM_SECTION, "world", "world-asia"), PROBLEM_CONFLICT);
    assert_int_equal(merge(f, TERM_SECTION, "world", "business"), PROBLEM_NONE);
    assert_int_equal(articles, 2);
    assert_string_equal(terms(f, TERM_SECTION),
                        "business|Business|business|3;business-asia|Asia|business / asia|3;"
                        "business-asia-japan|Japan|business / asia / japan|1");
    assert_string_equal(
        asked(f->writer, OLD_SLUGS),
        "world|business;world-asia|business-asia;world-asia-japan|business-asia-japan");
    assert_string_equal(loaded(f, 1),
                        "v2 One|2018-01-01|Ann|Business,Asia,Japan|Korea,Talks|1 Text.");
    /* An inner one into the one around it. */
    assert_int_equal(merge(f, TERM_SECTION, "business-asia", "business"), PROBLEM_NONE);
    assert_string_equal(terms(f, TERM_SECTION),
                        "business|Business|business|3;business-japan|Japan|business / japan|1");
    assert_string_equal(loaded(f, 3), "v2 Three|2018-01-03|Bob|Business|Trade|3 Text.");
}

#define OLD_KEYS \
    "SELECT old_key.key, term.key FROM old_key JOIN term ON id = target_id ORDER BY old_key.key"

static void test_old_name_of_tag(void **state) {
    struct fixture *f = *state;
    assert_int_equal(merge(f, TERM_TAG, "talks", "trade"), PROBLEM_NONE);
    assert_int_equal(rename_term(f, TERM_TAG, "trade", "Commerce", ""), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_KEYS), "talks|commerce;trade|commerce");
    assert_int_equal(create(f, "Four||2018-01-04||TRADE,x,Talks|Text.", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 4), "v1 Four|2018-01-04|Commerce,x|4 Text.");
    /* What was written before the names changed is not another text. */
    assert_int_equal(
        replace(f, 1, "One|Ann|2018-01-01|World/Asia/Japan|Korea,Talks|Text.", "", NULL),
        PROBLEM_NONE);
    assert_false(result.is_changed);
    /* Whoever calls a tag so again has the name, and the address. */
    assert_int_equal(rename_term(f, TERM_TAG, "korea", "Talks", ""), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_KEYS), "korea|talks;trade|commerce");
    assert_string_equal(asked(f->writer, OLD_SLUGS), "korea|talks;trade|commerce");
    assert_int_equal(rename_term(f, TERM_TAG, "commerce", "Trade", ""), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, OLD_KEYS), "commerce|trade;korea|talks");
    assert_string_equal(terms(f, TERM_TAG), "talks|Talks|talks|1;trade|Trade|trade|4;x|x|x|1");
}

/* The old name is the author's, so it is the same article. */
static void test_old_name_of_author(void **state) {
    struct fixture *f = *state;
    struct import *run = NULL;
    struct import_result imported;
    assert_int_equal(rename_term(f, TERM_AUTHOR, "ann", "Ann Lee", ""), PROBLEM_NONE);
    struct article article =
        article_of("Two|ann,Bob|2018-01-02|World/Asia|Talks,Trade|Text.", &f->arena);
    assert_int_equal(import_open(f->writer, false, &run), PROBLEM_NONE);
    assert_int_equal(import_article(run, &article, SPAN_LITERAL("two.txt"), &imported, NULL),
                     PROBLEM_NONE);
    assert_int_equal(import_commit(run), PROBLEM_NONE);
    import_close(run);
    assert_int_equal(imported.outcome, IMPORT_UNCHANGED);
    assert_int_equal(imported.article_id, 2);
    assert_string_equal(terms(f, TERM_AUTHOR), "ann-lee|Ann Lee|ann lee|2;bob|Bob|bob|2");
}

static void test_old_name_of_section(void **state) {
    struct fixture *f = *state;
    assert_int_equal(rename_term(f, TERM_SECTION, "world", "Globe", ""), PROBLEM_NONE);
    assert_int_equal(create(f, "Four||2018-01-04|World/Asia/China||Text.", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 4), "v1 Four|2018-01-04|Globe,Asia,China|4 Text.");
    /* What is inside is renamed in turn, and merged. */
    assert_int_equal(rename_term(f, TERM_SECTION, "globe-asia", "East", ""), PROBLEM_NONE);
    assert_int_equal(create(f, "Five||2018-01-05|World/Asia/Peru||Text.", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 5), "v1 Five|2018-01-05|Globe,East,Peru|5 Text.");
    assert_int_equal(merge(f, TERM_SECTION, "globe-east", "business"), PROBLEM_NONE);
    assert_int_equal(create(f, "Six||2018-01-06|Globe/Asia/Japan/Kyoto||Text.", ""), PROBLEM_NONE);
    assert_string_equal(loaded(f, 6), "v1 Six|2018-01-06|Business,Japan,Kyoto|6 Text.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TERM_TEST(test_rename_tag),          TERM_TEST(test_rename_slug_alone),
        TERM_TEST(test_rename_refused),      TERM_TEST(test_hidden_name_gives_way),
        TERM_TEST(test_rename_section),      TERM_TEST(test_merge_tags),
        TERM_TEST(test_merge_authors),       TERM_TEST(test_merge_sections),
        TERM_TEST(test_old_name_of_tag),     TERM_TEST(test_old_name_of_author),
        TERM_TEST(test_old_name_of_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
