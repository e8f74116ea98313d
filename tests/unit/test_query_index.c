/* test_query_index.c: what the index finds is what the highlighter shows: of random texts and
 * queries, the paragraphs that search_index.h finds are those in which query_match() finds every
 * group and nothing that is excluded. */
#include "edit_help.h"

#include "domain/search/query.h"
#include "engine/search/search_index.h"
#include "ground/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { PARAGRAPHS = 60, QUERIES = 3000 };

/* Words without a second spelling come first: phrases are made of these. */
static const char *const vocabulary[] = {
    "ferry",  "Ferry",   "harbour", "the",      "last",     "boat",       "O’Brien",   "OBrien",
    "C++",    "C",       "1,000",   "1000",     "café",     "cafe",       "Straße",    "strasse",
    "東京都", "京都",    "都",      "東京",     "庁東京",   "ไทย",        "ประเทศไทย", "서울",
    "Ёлка",   "елка",    "май",     "İstanbul", "istanbul", "well-known", "well",      "known",
    "Müller", "Mueller", "Muller",  "Århus",    "Aarhus",   "schön",      "schoen",
};

enum { PLAIN = 32 };

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static const char *any_of(uint32_t *seed, size_t count) {
    return vocabulary[next_random(seed) % count];
}

/* ---- texts and queries ---- */

static void make_line(uint32_t *seed, struct buffer *line) {
    buffer_append_text(line, "A title|||||");
    for (size_t i = 0; i < PARAGRAPHS; i++) {
        buffer_append_text(line, i > 0 ? "~" : "");
        for (size_t words = 1 + next_random(seed) % 8; words > 0; words--) {
            buffer_append_text(line, any_of(seed, COUNT(vocabulary)));
            buffer_append_text(line, words > 1 ? " " : ".");
        }
    }
    buffer_append_char(line, '\0');
}

static void add_item(uint32_t *seed, struct buffer *query) {
    switch (next_random(seed) % 8) {
    case 0:
        buffer_printf(query, "\"%s %s\"", any_of(seed, PLAIN), any_of(seed, PLAIN));
        break;
    case 1:
        buffer_printf(query, "%s OR %s", any_of(seed, COUNT(vocabulary)),
                      any_of(seed, COUNT(vocabulary)));
        break;
    case 2:
        buffer_printf(query, "-%s", any_of(seed, COUNT(vocabulary)));
        break;
    case 3:
        buffer_printf(query, "%.3s*", any_of(seed, COUNT(vocabulary)));
        break;
    case 4:
        buffer_printf(query, "\"%s %s\"*", any_of(seed, PLAIN), any_of(seed, PLAIN));
        break;
    default:
        buffer_append_text(query, any_of(seed, COUNT(vocabulary)));
    }
    buffer_append_char(query, ' ');
}

/* ---- what is found ---- */

static void find_indexed(struct store *store, const struct query *query, struct arena *arena,
                         bool *found) {
    struct search_hits hits;
    int64_t number;
    assert_int_equal(
        search_begin(store, SEARCH_PARAGRAPHS, &query->search, 0, INT64_MAX, false, arena, &hits),
        PROBLEM_NONE);
    while (search_next(&hits, &number, NULL))
        found[search_number_id(SEARCH_PARAGRAPHS, number) - 1] = true;
    assert_int_equal(search_end(&hits), PROBLEM_NONE);
}

static bool is_matched(const struct query *query, struct span text, struct arena *arena) {
    struct query_match match;
    struct search_group excluded = {query->search.excluded, query->search.excluded_count};
    struct query without = {.search = {.groups = &excluded, .group_count = 1}};
    assert_int_equal(query_match(query, SEARCH_FIELD_ANY, text, 1, arena, &match), PROBLEM_NONE);
    if (!query->has_words || match.group_count < query->search.group_count)
        return false;
    assert_int_equal(query_match(&without, SEARCH_FIELD_ANY, text, 1, arena, &match), PROBLEM_NONE);
    return match.group_count == 0;
}

static size_t check_query(struct store *store, struct span text, const struct span *paragraphs) {
    struct arena arena;
    struct query query;
    bool found[PARAGRAPHS] = {false};
    size_t count = 0;
    arena_init(&arena, 1 << 22);
    assert_int_equal(query_parse(text, &arena, &query), PROBLEM_NONE);
    find_indexed(store, &query, &arena, found);
    for (size_t i = 0; i < PARAGRAPHS; i++) {
        count += found[i];
        if (found[i] != is_matched(&query, paragraphs[i], &arena))
            fail_msg("`%.*s` is%s found in `%.*s`", (int)text.bytes, text.at,
                     found[i] ? "" : " not", (int)paragraphs[i].bytes, paragraphs[i].at);
    }
    arena_fini(&arena);
    return count;
}

/* A phrase is found however its words are written, and none that stands nowhere. */
static void test_variants(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *text;
        bool is_found;
    } rows[] = {
        {"\"Århus the\"", true},       {"\"Aarhus the\"", true},
        {"\"in Aarhus\"", true},       {"\"Aarhus Müller\"", false},
        {"\"Aarhus Mueller\"", false}, {"Aarhus Mueller", true},
        {"\"old Mueller met\"", true}, {"\"Arhus the\"", true},
        {"\"old mue\"*", true},        {"mueller -\"aarhus the\"", false},
    };
    assert_int_equal(create(f, "A lamp|||||It was in Århus the old Müller met her.~Århus", ""),
                     PROBLEM_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        struct query query;
        bool found[PARAGRAPHS] = {false};
        arena_init(&arena, 1 << 22);
        assert_int_equal(query_parse(span_of(rows[i].text), &arena, &query), PROBLEM_NONE);
        find_indexed(f->writer, &query, &arena, found);
        print_message("%s\n", rows[i].text);
        assert_int_equal(found[0], rows[i].is_found);
        arena_fini(&arena);
    }
}

static void test_same(void **state) {
    struct fixture *f = *state;
    struct buffer line, query;
    struct arena arena;
    uint32_t seed = 7;
    size_t found = 0;
    buffer_init(&line);
    buffer_init(&query);
    arena_init(&arena, 1 << 20);
    make_line(&seed, &line);
    assert_int_equal(create(f, line.bytes, ""), PROBLEM_NONE);
    struct article article = article_of(line.bytes, &arena);
    for (size_t i = 0; i < QUERIES; i++) {
        buffer_clear(&query);
        for (size_t items = 1 + next_random(&seed) % 3; items > 0; items--)
            add_item(&seed, &query);
        found += check_query(f->writer, buffer_span(&query), article.paragraphs.items);
    }
    assert_true(found > QUERIES);
    arena_fini(&arena);
    buffer_fini(&line);
    buffer_fini(&query);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same, setup, teardown),
        cmocka_unit_test_setup_teardown(test_variants, setup, teardown),
    };
    return cmocka_run_group_tests_name("query_index", tests, NULL, NULL);
}
