/* test_facts.c: packed facts read back as they were written, the same bytes whichever way a block
 * came about, and bytes that nobody wrote. */
#include "edit_help.h"

#include "engine/search/facts_walk.h"
#include "engine/search/search_index.h"

/* ---- packing ---- */

static void test_articles(void **state) {
    (void)state;
    static const struct {
        int64_t id, year;
        struct {
            int kind;
            int64_t id;
        } terms[3];
    } rows[] = {
        {2 * FACTS_ARTICLES, 0, {{1, 1}}},
        {2 * FACTS_ARTICLES + 1, 9999, {{1, 31}, {2, 32}, {3, INT64_C(1) << 40}}},
        {3 * FACTS_ARTICLES - 1, 1, {{3, 4095}, {3, 4096}}},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct buffer packed, out;
    struct facts_article article;
    buffer_init(&packed);
    buffer_init(&out);
    struct facts facts = facts_begin(2, FACTS_ARTICLES, span_of(""));
    for (size_t i = 0; i < ROWS; i++) {
        buffer_clear(&packed);
        facts_put_year(&packed, rows[i].year);
        for (size_t j = 0; j < 3 && rows[i].terms[j].kind > 0; j++)
            facts_put_term(&packed, rows[i].terms[j].kind, rows[i].terms[j].id);
        facts_put_article(&out, &facts, rows[i].id, buffer_span(&packed));
    }
    facts = facts_begin(2, FACTS_ARTICLES, buffer_span(&out));
    for (size_t i = 0; i < ROWS; i++) {
        int kind;
        int64_t id;
        assert_true(facts_next_article(&facts, &article));
        assert_int_equal(article.id, rows[i].id);
        assert_int_equal(article.year, rows[i].year);
        for (size_t j = 0; j < 3 && rows[i].terms[j].kind > 0; j++) {
            assert_true(facts_next_term(&article.terms, &kind, &id));
            assert_int_equal(kind, rows[i].terms[j].kind);
            assert_int_equal(id, rows[i].terms[j].id);
        }
        assert_false(facts_next_term(&article.terms, &kind, &id));
        assert_false(article.terms.is_broken);
    }
    assert_false(facts_next_article(&facts, &article));
    assert_false(facts.is_broken);
    buffer_fini(&packed);
    buffer_fini(&out);
}

static void test_paragraphs(void **state) {
    (void)state;
    static const struct facts_paragraph rows[] = {
        {0, 7, 0}, {1, 7, 127}, {2, 6, 128}, {700, INT64_MAX / 4, 1 << 20}, {1023, 1, 1}};
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct buffer out;
    struct facts_paragraph paragraph;
    buffer_init(&out);
    struct facts facts = facts_begin(0, FACTS_PARAGRAPHS, span_of(""));
    for (size_t i = 0; i < ROWS; i++)
        facts_put_paragraph(&out, &facts, &rows[i]);
    facts = facts_begin(0, FACTS_PARAGRAPHS, buffer_span(&out));
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(facts_next_paragraph(&facts, &paragraph));
        assert_memory_equal(&paragraph, &rows[i], sizeof paragraph);
    }
    assert_false(facts_next_paragraph(&facts, &paragraph));
    assert_false(facts.is_broken);
    buffer_fini(&out);
}

static void test_bytes_that_nobody_wrote(void **state) {
    (void)state;
    const struct span rows[] = {
        SPAN_LITERAL("\0\1\1"),                                     /* no gap */
        SPAN_LITERAL("\xFF\xFF\xFF\x7F\1\1"),                       /* a gap larger than a block */
        SPAN_LITERAL("\1\5\1"),                                     /* longer than what is there */
        SPAN_LITERAL("\1\0"),                                       /* without a year */
        SPAN_LITERAL("\x80"),                                       /* a number without an end */
        SPAN_LITERAL("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1"), /* one that is too long */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct facts_article article;
        struct facts facts = facts_begin(0, FACTS_ARTICLES, rows[i]);
        while (facts_next_article(&facts, &article))
            continue;
        assert_true(facts.is_broken);
    }
    static const char over[] = "\1\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\1"
                               "\1\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\1"
                               "\1\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\1";
    struct facts_paragraph paragraph;
    struct facts facts = facts_begin(0, FACTS_PARAGRAPHS, (struct span){over, sizeof over - 1});
    while (facts_next_paragraph(&facts, &paragraph))
        continue;
    assert_true(facts.is_broken);
}

/* ---- walking ---- */

/* Some hundred articles over several blocks, of which blocks lack some and one is not there. */
static void put_facts(struct fixture *f) {
    static const int64_t blocks[] = {0, 1, 3};
    struct buffer out;
    struct facts_paragraph paragraph = {0, 5, 9};
    buffer_init(&out);
    assert_int_equal(store_begin(f->writer), PROBLEM_NONE);
    for (size_t i = 0; i < 3; i++) {
        struct facts facts = facts_begin(blocks[i], FACTS_PARAGRAPHS, span_of(""));
        buffer_clear(&out);
        for (int64_t j = 1; j < FACTS_PARAGRAPHS; j += 2) {
            paragraph.id = blocks[i] * FACTS_PARAGRAPHS + j;
            facts_put_paragraph(&out, &facts, &paragraph);
        }
        assert_int_equal(
            store_run(f->writer, SQL_paragraph_facts_put,
                      STORE_VALUES(STORE_INT(blocks[i]), STORE_BYTES(buffer_span(&out)))),
            PROBLEM_NONE);
    }
    buffer_fini(&out);
}

static void test_walk(void **state) {
    struct fixture *f = *state;
    enum { LAST = 4 * FACTS_PARAGRAPHS };
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    struct idset set;
    struct arena arena;
    int64_t count = 0;
    arena_init(&arena, 1 << 20);
    assert_int_equal(create(f, "Title|Ann|2018-06-01|A|T|Text.", ""), PROBLEM_NONE);
    put_facts(f);
    facts_walk_begin(&walk, f->writer, FACTS_OF_PARAGRAPHS, NULL, LAST);
    for (; facts_walk_paragraph(&walk, &paragraph); count++)
        assert_int_equal(paragraph.id % 2, 1);
    assert_int_equal(facts_walk_end(&walk), PROBLEM_NONE);
    assert_int_equal(count, 3 * FACTS_PARAGRAPHS / 2);

    static const int64_t ids[] = {1, 2, 1025, 2047, 2049, 3073, 4095};
    static const int64_t found[] = {1, 1025, 2047, 3073, 4095};
    assert_true(idset_init(&set, LAST, &arena));
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        idset_add(&set, ids[i]);
    facts_walk_begin(&walk, f->writer, FACTS_OF_PARAGRAPHS, &set, 0);
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        assert_true(facts_walk_paragraph(&walk, &paragraph));
        assert_int_equal(paragraph.id, found[i]);
    }
    assert_false(facts_walk_paragraph(&walk, &paragraph));
    assert_int_equal(facts_walk_end(&walk), PROBLEM_NONE);
    store_end(f->writer);
    arena_fini(&arena);
}

static void test_walk_of_what_is_damaged(void **state) {
    struct fixture *f = *state;
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    assert_int_equal(create(f, "Title|Ann|2018-06-01|A|T|Text.", ""), PROBLEM_NONE);
    const struct span rows[] = {SPAN_LITERAL("\1\2"), SPAN_LITERAL("")};
    static const enum problem wanted[] = {PROBLEM_CORRUPT, PROBLEM_NONE};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_begin(f->writer), PROBLEM_NONE);
        assert_int_equal(store_run(f->writer, SQL_paragraph_facts_put,
                                   STORE_VALUES(STORE_INT(2), STORE_BYTES(rows[i]))),
                         PROBLEM_NONE);
        facts_walk_begin(&walk, f->writer, FACTS_OF_PARAGRAPHS, NULL, 5000);
        while (facts_walk_paragraph(&walk, &paragraph))
            continue;
        assert_int_equal(facts_walk_end(&walk), wanted[i]);
        store_end(f->writer);
    }
}

static void test_walk_before_the_index_is_whole(void **state) {
    struct fixture *f = *state;
    struct facts_walk walk;
    struct facts_paragraph paragraph;
    assert_int_equal(create(f, "Title|Ann|2018-06-01|A|T|Text.", ""), PROBLEM_NONE);
    assert_int_equal(search_version_set(f->writer, span_of("")), PROBLEM_NONE);
    static const struct {
        int64_t last_id;
        enum problem wanted;
    } rows[] = {{0, PROBLEM_NONE}, {1, PROBLEM_SEARCH_NOT_READY}};
    for (size_t i = 0; i < 2; i++) {
        facts_walk_begin(&walk, f->writer, FACTS_OF_PARAGRAPHS, NULL, rows[i].last_id);
        assert_false(facts_walk_paragraph(&walk, &paragraph));
        assert_int_equal(facts_walk_end(&walk), rows[i].wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_articles),
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_bytes_that_nobody_wrote),
        cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_walk_of_what_is_damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_walk_before_the_index_is_whole, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
