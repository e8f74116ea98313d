/* test_search_match.c: the words of FTS5 for a query. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/search/query.h"
#include "engine/search/search_index.h"

static const char *match_of(enum search_scope scope, const char *text, struct arena *arena) {
    struct query query;
    assert_int_equal(query_parse(span_of(text), arena, &query), PROBLEM_NONE);
    struct span match = search_explain(scope, &query.search, arena);
    assert_non_null(match.at);
    return match.at;
}

static void test_match(void **state) {
    (void)state;
    static const struct {
        const char *text, *articles, *paragraphs;
    } rows[] = {
        {"harbour ferry", "(\"harbour\") AND (\"ferry\")", "(\"harbour\") AND (\"ferry\")"},
        {"\"the last ferry\"", "(\"the last ferry\")", "(\"the last ferry\")"},
        {"ferry OR boat", "(\"ferry\" OR \"boat\")", "(\"ferry\" OR \"boat\")"},
        {"harbour -boat", "((\"harbour\")) NOT (\"boat\")", "((\"harbour\")) NOT (\"boat\")"},
        {"harb*", "(\"harb\"*)", "(\"harb\"*)"},
        {"Müller", "(\"muller\" OR \"mueller\")", "(\"muller\" OR \"mueller\")"},
        {"title:ferry", "(title : (\"ferry\"))", ""},
        {"author:ann tag:x section:world",
         "(authors : (\"ann\")) AND (tags : (\"x\")) AND (sections : (\"world\"))", ""},
        {"ferry -title:boat", "((\"ferry\")) NOT (title : (\"boat\"))", "(\"ferry\")"},
        {"C++", "(\"c++\")", "(\"c++\")"},
        {"\"Aarhus Muller\"", "(\"aarhus muller\" OR (\"arhus muller\" AND \"aarhus\"))",
         "(\"aarhus muller\" OR (\"arhus muller\" AND \"aarhus\"))"},
        {"\"der Haeuser\"*", "(\"der haeuser\"* OR (\"der hauser\"* AND \"haeuser\"*))", NULL},
        {"-boat", "", ""},
        {"!?", "", ""},
        {"NEAR(a b) AND {title}: ^x", NULL, NULL}, /* only that it can be asked */
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].articles == NULL)
            continue;
        assert_string_equal(match_of(SEARCH_ARTICLES, rows[i].text, &arena), rows[i].articles);
        if (rows[i].paragraphs != NULL)
            assert_string_equal(match_of(SEARCH_PARAGRAPHS, rows[i].text, &arena),
                                rows[i].paragraphs);
    }
    /* Whatever a word were, it ends where its quotation marks end. */
    struct search_word word = {span_of("a\" OR \"b"), span_of(""), span_of("")};
    struct search_item item = {SEARCH_FIELD_ANY, &word, 1, false, false};
    struct search_group group = {&item, 1};
    struct search_query query = {&group, 1, NULL, 0};
    assert_string_equal(search_explain(SEARCH_ARTICLES, &query, &arena).at, "(\"a\"\" OR \"\"b\")");
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_match)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
