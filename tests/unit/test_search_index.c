/* test_search_index.c: what is found and in which order, damage that is noticed and mended, an
 * index of another version, and a query that takes too long. That edits of every kind keep the
 * index in step is proved where they are tested: assert_store_sound(). */
#include <time.h>

#include "edit_help.h"

#include "domain/search/article_index.h"
#include "domain/search/query.h"

/* ---- numbers ---- */

static void test_numbers(void **state) {
    (void)state;
    static const struct {
        const char *published;
        int64_t id;
    } rows[] = {{"", 1},           {"", 7},           {"0001-01-01", 3}, {"1787-12-31", 2},
                {"2018-05-31", 9}, {"2018-06-01", 1}, {"2018-06-01", 5}, {"9999-12-31", 4}};
    int64_t before = -1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span published = span_of(rows[i].published);
        int64_t number = search_article_number(published, rows[i].id), low, high;
        assert_true(number > before);
        assert_int_equal(search_number_id(SEARCH_ARTICLES, number), rows[i].id);
        int64_t other = search_paragraph_number(published, rows[i].id);
        assert_int_equal(search_number_id(SEARCH_PARAGRAPHS, other), rows[i].id);
        assert_true(other > search_paragraph_number(published, rows[i].id + 1));
        search_period(published, published, &low, &high);
        assert_true(low <= number && (rows[i].published[0] == '\0' || number <= high));
        assert_true(low <= other && other <= high);
        before = number;
    }
    int64_t low, high;
    search_period(span_of("2018-06-01"), span_of("2018-06-30"), &low, &high);
    assert_true(search_article_number(span_of("2018-05-31"), 9) < low);
    assert_true(search_paragraph_number(span_of("2018-07-01"), 9) > high);
}

/* ---- what is found ---- */

static const char *found_between(struct store *store, enum search_scope scope, const char *text,
                                 int64_t low, int64_t high, bool is_ranked) {
    static char ids[400];
    struct arena arena;
    struct query query;
    struct search_hits hits;
    int64_t number;
    double score;
    size_t used = 0;
    arena_init(&arena, 1 << 20);
    ids[0] = '\0';
    assert_int_equal(query_parse(span_of(text), &arena, &query), PROBLEM_NONE);
    assert_int_equal(search_begin(store, scope, &query.search, low, high, is_ranked, &arena, &hits),
                     PROBLEM_NONE);
    while (search_next(&hits, &number, &score)) {
        used += (size_t)snprintf(ids + used, sizeof ids - used, "%s%lld", used > 0 ? " " : "",
                                 (long long)search_number_id(scope, number));
        assert_true(is_ranked || score == 0);
    }
    assert_int_equal(search_end(&hits), PROBLEM_NONE);
    arena_fini(&arena);
    return ids;
}

static const char *found(struct store *store, enum search_scope scope, const char *text) {
    return found_between(store, scope, text, 0, INT64_MAX, false);
}

static void put_four(struct fixture *f) {
    static const char *const lines[] = {
        /* 1: paragraphs 1 2 */
        ("The ferry|Ann Reed|2018-06-03|World/Asia|Tide Table|"
         "A harbour lamp.~Nobody saw the last boat."),
        /* 2: 3 4 */ "Hans Müller|Bob|2019-01-01|Local|lamp|He went by boat.~The end of last",
        /* 3: 5 */ "Without a date||||C++|the last ferry in 東京都 by Mueller",
        /* 4: 6 */ "Later|Ann Reed|2019-01-01|World|x|ferry",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_int_equal(create(f, lines[i], ""), PROBLEM_NONE);
}

static void test_found(void **state) {
    struct fixture *f = *state;
    static const struct {
        enum search_scope scope;
        const char *text, *ids;
    } rows[] = {
        {SEARCH_ARTICLES, "ferry", "4 1 3"},
        {SEARCH_ARTICLES, "FERRY lamp", "1"},
        {SEARCH_ARTICLES, "\"the last\"", "1 3"}, /* in no phrase across two paragraphs */
        {SEARCH_ARTICLES, "\"end of last\"", "2"},
        {SEARCH_ARTICLES, "\"lamp nobody\"", ""},
        {SEARCH_ARTICLES, "lamp -harbour", "2"},
        {SEARCH_ARTICLES, "boat OR c++", "2 1 3"},
        {SEARCH_ARTICLES, "title:ferry", "1"},
        {SEARCH_ARTICLES, "tag:lamp", "2"},
        {SEARCH_ARTICLES, "tag:\"tide table\"", "1"},
        {SEARCH_ARTICLES, "author:reed section:world", "4 1"},
        {SEARCH_ARTICLES, "fer*", "4 1 3"},
        {SEARCH_ARTICLES, "Müller", "2 3"},
        {SEARCH_ARTICLES, "mueller", "2 3"},
        {SEARCH_ARTICLES, "muller", "2"},
        {SEARCH_ARTICLES, "title:mueller", "2"},
        {SEARCH_ARTICLES, "title:\"hans mueller\"", "2"},
        {SEARCH_ARTICLES, "東京", "3"},
        {SEARCH_ARTICLES, "京都", "3"},
        {SEARCH_ARTICLES, "都", "3"},
        {SEARCH_PARAGRAPHS, "ferry", "6 5"},
        {SEARCH_PARAGRAPHS, "last", "4 2 5"},
        {SEARCH_PARAGRAPHS, "boat", "3 2"},
        {SEARCH_PARAGRAPHS, "title:ferry", ""},
        {SEARCH_PARAGRAPHS, "-boat", ""},
    };
    put_four(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].text);
        assert_string_equal(found(f->writer, rows[i].scope, rows[i].text), rows[i].ids);
        assert_string_equal(
            found_between(f->writer, rows[i].scope, rows[i].text, 0, INT64_MAX, true), rows[i].ids);
    }
    int64_t low, high;
    search_period(span_of("2018-01-01"), span_of("2018-12-31"), &low, &high);
    assert_string_equal(found_between(f->writer, SEARCH_ARTICLES, "ferry", low, high, false), "1");
    assert_int_equal(replace(f, 1,
                             "The ferry|Ann Reed|2020-06-03|World/Asia|Tide Table|"
                             "A harbour lamp.~Nobody saw the last boat.",
                             "", NULL),
                     PROBLEM_NONE);
    assert_string_equal(found(f->writer, SEARCH_ARTICLES, "ferry"), "1 4 3");
    assert_string_equal(found(f->writer, SEARCH_PARAGRAPHS, "boat"), "2 3");
    assert_int_equal(erase(f, 1), PROBLEM_NONE);
    assert_string_equal(found(f->writer, SEARCH_ARTICLES, "ferry"), "4 3");
}

/* Each word of a phrase is found as it is by itself, whatever the other words are. */
static void test_phrases_that_are_written_each_way(void **state) {
    struct fixture *f = *state;
    static const char *const texts[] = {
        "In Århus Müller met her.",    /* 1 */
        "In Aarhus Mueller met her.",  /* 2 */
        "In Århus Mueller met her.",   /* 3 */
        "In Aarhus Müller met her.",   /* 4 */
        "In Arhus Muller met her.",    /* 5: other letters, which nobody else means */
        "Müller met her in Århus.",    /* 6: the other way round */
        "Über Grünkohl schwärmte sie", /* 7 */
    };
    static const struct {
        const char *text, *ids;
    } rows[] = {
        {"\"Århus Müller\"", "1 2 3 4 5"},
        {"\"Aarhus Mueller\"", "1 2 3 4"},
        {"\"Aarhus Muller\"", "1 4"},
        {"\"Arhus Mueller\"", "1 3"},
        {"\"Arhus Muller\"", "1 5"},
        {"\"Århus Muller\"", "1 4 5"},
        {"\"Aarhus Müller\"", "1 2 3 4"},
        {"\"in aarhus muller\"*", "1 4"},
        {"\"ueber Grunkohl schwaermte\"", "7"},
        {"\"uber gruenkohl schwaermte\"", "7"},
        {"\"muller met her in aarhus\"", "6"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char line[200];
        snprintf(line, sizeof line, "No %zu|Ann||A|T|%s", i, texts[i]);
        assert_int_equal(create(f, line, ""), PROBLEM_NONE);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].text);
        assert_string_equal(found(f->writer, SEARCH_PARAGRAPHS, rows[i].text), rows[i].ids);
    }
}

static void test_reader(void **state) {
    struct fixture *f = *state;
    struct store *reader = NULL;
    put_four(f);
    assert_int_equal(store_open(f->place.db, STORE_READER, &reader, NULL), PROBLEM_NONE);
    assert_string_equal(found(reader, SEARCH_ARTICLES, "ferry"), "4 1 3");
    assert_int_equal(create(f, "More|||||ferry", ""), PROBLEM_NONE);
    assert_string_equal(found(reader, SEARCH_ARTICLES, "ferry"), "4 1 5 3");
    store_close(reader);
}

/* ---- the largest article that is taken ---- */

static void text_repeat(char *out, size_t bytes, const char *text) {
    size_t piece = strlen(text);
    for (size_t at = 0; at + piece <= bytes; at += piece)
        memcpy(out + at, text, piece);
}

static void test_large(void **state) {
    struct fixture *f = *state;
    enum { PARAGRAPHS = 3, BYTES = ARTICLE_PARAGRAPH_BYTES_MAX / 12 * 12 };
    static char han[BYTES], latin[BYTES];
    struct span paragraphs[PARAGRAPHS];
    text_repeat(han, BYTES, "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE6\xB0\xB4");
    text_repeat(latin, BYTES, "a bc def ghi");
    for (size_t i = 0; i < PARAGRAPHS; i++)
        paragraphs[i] = (struct span){i % 2 == 0 ? han : latin, BYTES};
    struct article_edit edit = begin(f);
    struct article article = {.title = span_of("Large"), .paragraphs = {paragraphs, PARAGRAPHS}};
    assert_int_equal(end(f, article_edit_create(&edit, &article, span_of(""), &result, &fault)),
                     PROBLEM_NONE);
    assert_string_equal(found(f->writer, SEARCH_ARTICLES, "\xE4\xBA\xAC\xE9\x83\xBD"), "1");
    assert_int_equal(erase(f, 1), PROBLEM_NONE);
    assert_string_equal(found(f->writer, SEARCH_ARTICLES, "\xE4\xBA\xAC\xE9\x83\xBD"), "");
}

/* ---- a paragraph that did not change is not written ---- */

static void test_unchanged_paragraphs(void **state) {
    struct fixture *f = *state;
    put_four(f);
    struct article_index index;
    struct article_indexed old;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(store_begin(f->writer), PROBLEM_NONE);
    assert_int_equal(article_index_start(&index, f->writer), PROBLEM_NONE);
    assert_int_equal(article_index_before(&index, 1, &arena, &old), PROBLEM_NONE);
    asked(f->writer, "UPDATE paragraph SET text = 'Nobody saw the next boat.' WHERE id = 2");
    assert_int_equal(article_index_after(&index, 1, &arena, &old), PROBLEM_NONE);
    assert_int_equal(index.batch.count, 4); /* article and paragraph 2: out and in */
    assert_int_equal(article_index_finish(&index, PROBLEM_NONE), PROBLEM_NONE);
    store_end(f->writer);
    arena_fini(&arena);
}

/* ---- damage ---- */

static char heard[400];

static void hear(void *context, const char *finding) {
    (void)context;
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s%s", used > 0 ? "; " : "", finding);
}

static void test_damage(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *what, *finding;
    } rows[] = {
        {"INSERT INTO paragraph_search (paragraph_search, rowid, text, variants) SELECT 'delete', "
         "doc, 'nobody saw the last boat', '' FROM paragraph_search_word WHERE term = 'nobody'",
         "the search index lacks paragraph 2"},
        {"INSERT INTO article_search (rowid, title) VALUES (77, 'stale')",
         "the search index holds under a wrong date, or too much, article 77"},
        {"INSERT INTO article_search (rowid, title) SELECT rowid, 'more' FROM article_search "
         "WHERE article_search MATCH 'harbour'",
         "the search index has other words than, or than another in the share of, article 1"},
        {"INSERT INTO paragraph_search (paragraph_search, rowid, text) SELECT 'delete', rowid, "
         "'boat' FROM paragraph_search WHERE paragraph_search MATCH 'nobody'",
         "the search index lacks paragraph 2"},
        {"UPDATE store SET search_version = 'old'",
         "the search index is not whole, or of another version: `pilcrow serve` makes it anew"},
    };
    put_four(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_repaired = false;
        size_t findings = 0;
        heard[0] = '\0';
        asked(f->writer, rows[i].what);
        assert_int_equal(article_index_check(f->writer, hear, NULL, &findings), PROBLEM_NONE);
        assert_string_equal(heard, rows[i].finding);
        assert_int_equal(findings, 1);
        assert_int_equal(article_index_repair(f->writer, hear, NULL, &is_repaired), PROBLEM_NONE);
        assert_true(is_repaired);
        assert_store_sound(f->writer);
        assert_string_equal(found(f->writer, SEARCH_PARAGRAPHS, "boat"), "3 2");
        assert_int_equal(article_index_repair(f->writer, hear, NULL, &is_repaired), PROBLEM_NONE);
        assert_false(is_repaired);
    }
}

/* ---- versions ---- */

static enum problem problem_of_search(struct store *store) {
    struct arena arena;
    struct query query;
    struct search_hits hits;
    arena_init(&arena, 1 << 20);
    assert_int_equal(query_parse(span_of("ferry"), &arena, &query), PROBLEM_NONE);
    enum problem problem =
        search_begin(store, SEARCH_ARTICLES, &query.search, 0, INT64_MAX, false, &arena, &hits);
    enum problem ended = search_end(&hits);
    arena_fini(&arena);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* A change under another version's index leaves it alone: it is made anew before anyone searches.
 * */
static void test_versions(void **state) {
    struct fixture *f = *state;
    put_four(f);
    asked(f->writer, "UPDATE store SET search_version = 'old'");
    assert_int_equal(create(f, "More|||||ferry", ""), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT search_version FROM store"), "");
    assert_string_equal(asked(f->writer, "SELECT count(*) FROM article_search_docsize"), "4");
    assert_int_equal(problem_of_search(f->writer), PROBLEM_SEARCH_NOT_READY);
    assert_int_equal(article_index_prepare(f->writer), PROBLEM_NONE);
    assert_store_sound(f->writer);
    assert_string_equal(found(f->writer, SEARCH_ARTICLES, "ferry"), "4 1 5 3");
    assert_int_equal(problem_of_search(f->writer), PROBLEM_NONE);
    asked(f->writer, "CREATE TEMP TABLE before AS SELECT total_changes() AS n");
    assert_int_equal(article_index_prepare(f->writer), PROBLEM_NONE);
    assert_string_equal(asked(f->writer, "SELECT total_changes() - n <= 1 FROM before"), "1");
}

/* ---- deadlines ---- */

static enum problem timed_search(struct store *store, const char *text, bool is_ranked,
                                 unsigned deadline_ms) {
    struct arena arena;
    struct query query;
    struct search_hits hits;
    int64_t number;
    arena_init(&arena, 1 << 20);
    assert_int_equal(query_parse(span_of(text), &arena, &query), PROBLEM_NONE);
    store_deadline_set(store, deadline_ms);
    enum problem problem = search_begin(store, SEARCH_PARAGRAPHS, &query.search, 0, INT64_MAX,
                                        is_ranked, &arena, &hits);
    while (problem == PROBLEM_NONE && search_next(&hits, &number, NULL))
        continue;
    enum problem ended = search_end(&hits);
    store_deadline_set(store, 0);
    arena_fini(&arena);
    return problem == PROBLEM_NONE ? ended : problem;
}

/* Documents without rows: only the engine's time counts here. */
static void fill_heavy(struct store *store) {
    asked(store, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
                 "INSERT INTO paragraph_search (rowid, text) SELECT i, printf("
                 "'all aaa%d bbb%d ccc%d all ddd%d', i * 7919 % 60000, i * 104729 % 60000, "
                 "i * 1299709 % 60000, i) FROM n");
}

/* Other programs on the machine do not count. */
static int64_t cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void test_deadline(void **state) {
    struct fixture *f = *state;
    static const char heavy[] = "aaa* bbb* ccc* ddd* all \"all aaa*\"";
    struct store *reader = NULL;
    put_four(f);
    fill_heavy(f->writer);
    assert_int_equal(store_open(f->place.db, STORE_READER, &reader, NULL), PROBLEM_NONE);
    for (int is_ranked = 0; is_ranked < 2; is_ranked++) {
        int64_t start_ns = cpu_ns();
        assert_int_equal(timed_search(reader, heavy, is_ranked, 0), PROBLEM_NONE);
        int64_t whole_ns = cpu_ns() - start_ns;
        start_ns = cpu_ns();
        assert_int_equal(timed_search(reader, heavy, is_ranked, 5), PROBLEM_QUERY_TIMEOUT);
        int64_t late_ns = cpu_ns() - start_ns;
        print_message("whole %d ms, stopped after %d ms\n", (int)(whole_ns / 1000000),
                      (int)(late_ns / 1000000));
        assert_true(late_ns < whole_ns);
        assert_int_equal(timed_search(reader, "harbour", is_ranked, 1000), PROBLEM_NONE);
        assert_string_equal(found(reader, SEARCH_PARAGRAPHS, "boat"), "3 2");
    }
    store_close(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test_setup_teardown(test_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_phrases_that_are_written_each_way, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(test_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unchanged_paragraphs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_versions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deadline, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
