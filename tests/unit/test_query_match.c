/* test_query_match.c: where the words of a query stand in a text, and the text as HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "domain/search/query.h"
#include "domain/text/words.h"
#include "ground/buffer.h"
#include "ground/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_BYTES = 1 << 24, MARKS_MAX = 100 };

static void match(const char *query_text, enum search_field field, struct span text,
                  size_t marks_max, struct arena *arena, struct query_match *out) {
    struct query query;
    assert_int_equal(query_parse(span_of(query_text), arena, &query), PROBLEM_NONE);
    assert_int_equal(query_match(&query, field, text, marks_max, arena, out), PROBLEM_NONE);
}

struct match_case {
    const char *query, *text, *html;
    size_t groups, exact;
};

static const struct match_case match_cases[] = {
    {"ferry", "The last ferry.", "The last <mark>ferry</mark>.", 1, 1},
    {"ferry harbour", "Ferry, ferry", "<mark>Ferry</mark>, <mark>ferry</mark>", 1, 2},
    {"ferry OR boat dock", "a boat at the dock", "a <mark>boat</mark> at the <mark>dock</mark>", 2,
     2},
    {"\"last ferry\"", "last last ferry; ferry last", "last <mark>last ferry</mark>; ferry last", 1,
     2},
    {"\"a b a c\"", "a b a b a c", "a b <mark>a b a c</mark>", 1, 4},
    {"last \"last ferry\" ferry", "last ferry", "<mark>last ferry</mark>", 3, 4},
    {"ferry -boat", "a boat", "a boat", 0, 0},
    {"harb*", "harb harbour rhubarb", "<mark>harb</mark> <mark>harbour</mark> rhubarb", 1, 2},
    {"\"the harb\"*", "the harbour", "<mark>the harbour</mark>", 1, 2},
    {"muller", "Müller Mueller Muller", "<mark>Müller</mark> Mueller <mark>Muller</mark>", 1, 1},
    {"mueller", "Müller Mueller Muller", "<mark>Müller</mark> <mark>Mueller</mark> Muller", 1, 1},
    {"müller", "Müller Mueller Muller",
     "<mark>Müller</mark> <mark>Mueller</mark> <mark>Muller</mark>", 1, 1},
    {"mül*", "Müllers Muellers Mull",
     "<mark>Müllers</mark> <mark>Muellers</mark> <mark>Mull</mark>", 1, 1},
    {"muel*", "Müllers", "<mark>Müllers</mark>", 1, 0},
    {"strasse", "Straße", "<mark>Straße</mark>", 1, 1},
    {"αθηνα", "Αθήνα ΑΘΗΝΑ", "<mark>Αθήνα</mark> <mark>ΑΘΗΝΑ</mark>", 1, 1},
    {"dont obrien", "O’Brien: don't!", "<mark>O’Brien</mark>: <mark>don&#39;t</mark>!", 2, 2},
    {"well-known", "well known, well-known; wellknown",
     "<mark>well known</mark>, <mark>well-known</mark>; wellknown", 1, 4},
    {"1000", "1,000 1000 10000", "<mark>1,000</mark> <mark>1000</mark> 10000", 1, 2},
    {"c++", "C and C++ and C#", "C and <mark>C++</mark> and C#", 1, 1},
    {"京都", "東京都庁", "東<mark>京都</mark>庁", 1, 1},
    {"東京都", "東京都庁 東京 都", "<mark>東京都</mark>庁 東京 都", 1, 2},
    {"東京 京都", "東京都庁", "<mark>東京都</mark>庁", 2, 2},
    {"都", "東京都庁 京都", "東京<mark>都</mark>庁 京<mark>都</mark>", 1, 2},
    {"庁", "東京都庁", "東京都<mark>庁</mark>", 1, 1},
    {"\"東京 tower\"", "東京 Tower 東京tower 東京都tower",
     "<mark>東京 Tower</mark> <mark>東京tower</mark> 東京都tower", 1, 6},
    {"ไทย", "ประเทศไทย", "ประเทศ<mark>ไทย</mark>", 1, 2},
    {"title:ferry boat", "ferry boat", "ferry <mark>boat</mark>", 1, 1},
    {"a&b", "\"a\" & <b>", "&quot;<mark>a&quot; &amp; &lt;b</mark>&gt;", 1, 2},
    {"b",
     "a\xFF"
     "b",
     "a\xEF\xBF\xBD<mark>b</mark>", 1, 1},
    {"x", "", "", 0, 0},
    {"", "a", "a", 0, 0},
};

static void test_cases(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(match_cases); i++) {
        const struct match_case *test = &match_cases[i];
        struct query_match found;
        match(test->query, SEARCH_FIELD_ANY, span_of(test->text), MARKS_MAX, &arena, &found);
        struct span html = query_html(span_of(test->text), &found, 0, &arena);
        if (!span_is(html, test->html))
            fail_msg("`%s` in `%s`: `%s`", test->query, test->text, html.at);
        if (found.group_count != test->groups || found.exact_count != test->exact)
            fail_msg("`%s` in `%s`: %zu groups, %zu exact", test->query, test->text,
                     found.group_count, found.exact_count);
    }
    arena_fini(&arena);
}

static void test_fields(void **state) {
    struct arena arena;
    struct query_match found;
    struct span text = SPAN_LITERAL("ferry boat dock");
    const char *query = "title:ferry boat tag:dock OR tag:boat";
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    match(query, SEARCH_FIELD_TITLE, text, MARKS_MAX, &arena, &found);
    assert_int_equal(found.group_count, 2);
    assert_int_equal(found.mark_count, 2);
    match(query, SEARCH_FIELD_TAG, text, MARKS_MAX, &arena, &found);
    assert_int_equal(found.group_count, 2);
    match(query, SEARCH_FIELD_ANY, text, MARKS_MAX, &arena, &found);
    assert_int_equal(found.group_count, 1);
    assert_int_equal(found.marks[0].start, 6);
    assert_int_equal(found.marks[0].end, 10);
    arena_fini(&arena);
}

static void test_marks_max(void **state) {
    struct arena arena;
    struct query_match found;
    struct span text = SPAN_LITERAL("a a a 東京都 a b");
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    match("a 東京都 b", SEARCH_FIELD_ANY, text, 4, &arena, &found);
    assert_int_equal(found.mark_count, 4);
    assert_int_equal(found.marks[3].end, 9);
    assert_int_equal(found.group_count, 3); /* counted all the same */
    match("a b", SEARCH_FIELD_ANY, text, 0, &arena, &found);
    assert_int_equal(found.mark_count, 0);
    assert_int_equal(found.group_count, 2);
    arena_fini(&arena);
}

static void test_cut_html(void **state) {
    static const struct {
        const char *query, *text;
        size_t width;
        const char *html;
    } cases[] = {
        {"zero", "one two three four five six", 12, "one two…"},
        {"four", "one two three four five six", 100, "one two three <mark>four</mark> five six"},
        {"four", "one two three four five six", 15, "…<mark>four</mark> five six"},
        {"six", "one two three four five six", 12, "…five <mark>six</mark>"},
        {"one", "one two three four five six", 9, "<mark>one</mark> two…"},
        {"庁", "東京都東京都東京都庁東京都東京都", 6, "…京都<mark>庁</mark>東京都…"},
        {"\"b c d\"", "a b c d e", 3, "…<mark>b c</mark>…"},
        {"x", "x", 1, "<mark>x</mark>"},
        {"zzz", "abcdefghijklmnop", 5, "abcde…"},
        {"d", "a b c d", 3, "…c <mark>d</mark>"},
        {"f", "aaaaaaaaaaaa éé f", 5, "…é <mark>f</mark>"}, /* the marks are apart */
        {"bb", "aaaa <bb> cccc", 7, "…&lt;<mark>bb</mark>&gt;…"},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct query_match found;
        match(cases[i].query, SEARCH_FIELD_ANY, span_of(cases[i].text), MARKS_MAX, &arena, &found);
        struct span html = query_html(span_of(cases[i].text), &found, cases[i].width, &arena);
        if (!span_is(html, cases[i].html))
            fail_msg("`%s` %zu: `%s`, not `%s`", cases[i].text, cases[i].width, html.at,
                     cases[i].html);
    }
    arena_fini(&arena);
}

/* ---- what holds of any text ---- */

static const char *const spellings[][2] = {
    {"Müller", "Mueller"},    {"Müller", "Muller"},     {"Straße", "Strasse"},   {"café", "cafe"},
    {"naïve", "naive"},       {"İstanbul", "istanbul"}, {"ΑΘΗΝΑ", "αθηνα"},      {"ΑΘΗΝΑ", "Αθήνα"},
    {"Ёлка", "елка"},         {"Ærø", "aeroe"},         {"Århus", "Aarhus"},     {"Łódź", "lodz"},
    {"O’Brien", "OBrien"},    {"ﬁsh", "FISH"},          {"Ｔｏｋｙｏ", "tokyo"}, {"ﾊﾞｽ", "バス"},
    {"cafe\xCC\x81", "café"}, {"1,000", "1000"},        {"أحمد", "احمد"},        {"東京都", "京都"},
    {"ประเทศไทย", "ไทย"},
};

static size_t count_marks(const char *query, const char *text, struct arena *arena) {
    struct query_match found;
    match(query, SEARCH_FIELD_ANY, span_of(text), MARKS_MAX, arena, &found);
    return found.mark_count;
}

static void test_spellings(void **state) {
    static const char *const strangers[][2] = {{"май", "маи"},        {"Київ", "Киів"},
                                               {"Muller", "Mueller"}, {"C", "C++"},
                                               {"京東", "東京都"},    {"হক", "হাক"}};
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(spellings); i++) {
        bool is_whole = i + 2 < COUNT(spellings); /* the last two are a part of the first */
        if (count_marks(spellings[i][1], spellings[i][0], &arena) != 1 ||
            count_marks(spellings[i][0], spellings[i][1], &arena) != is_whole)
            fail_msg("%s, %s", spellings[i][0], spellings[i][1]);
    }
    for (size_t i = 0; i < COUNT(strangers); i++) {
        if (count_marks(strangers[i][1], strangers[i][0], &arena) != 0 ||
            count_marks(strangers[i][0], strangers[i][1], &arena) != 0)
            fail_msg("%s, %s", strangers[i][0], strangers[i][1]);
    }
    arena_fini(&arena);
}

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void make_text(uint32_t *seed, struct buffer *out) {
    static const char *const separators[] = {" ", ", ", "-",  " \xC2\xA0", ". ",
                                             "/", " “", "” ", "\n"};
    size_t count = 1 + next_random(seed) % 30;
    for (size_t i = 0; i < count; i++) {
        size_t at = next_random(seed);
        buffer_append_text(out, spellings[at / 2 % COUNT(spellings)][at % 2]);
        buffer_append_text(out, separators[next_random(seed) % COUNT(separators)]);
    }
}

/* Some of the text's own words, in quotation marks or one by one. */
static size_t make_query(uint32_t *seed, struct span text, struct arena *arena,
                         struct buffer *out) {
    struct words words;
    struct word all[200];
    size_t count = 0;
    words_begin(&words, text, arena);
    while (count < COUNT(all) && words_next(&words, &all[count]))
        count++;
    size_t first = next_random(seed) % count, last = first + next_random(seed) % 3;
    last = last >= count ? count - 1 : last;
    struct span part = {all[first].text.at,
                        (size_t)(all[last].text.at + all[last].text.bytes - all[first].text.at)};
    bool is_quoted = memchr(part.at, '\n', part.bytes) == NULL;
    for (size_t i = 0; i < part.bytes; i++)
        is_quoted = is_quoted && (unsigned char)part.at[i] != 0xE2;
    buffer_append_text(out, is_quoted ? "\"" : "");
    buffer_append_span(out, part);
    buffer_append_text(out, is_quoted ? "\"" : "");
    return all[first].start;
}

static void test_own_words(void **state) {
    uint32_t seed = 1;
    (void)state;
    for (size_t round = 0; round < 5000; round++) {
        struct arena arena;
        struct buffer text, query_text;
        struct query query;
        struct query_match found;
        arena_init(&arena, ARENA_BYTES);
        buffer_init(&text);
        buffer_init(&query_text);
        make_text(&seed, &text);
        size_t start = make_query(&seed, buffer_span(&text), &arena, &query_text);
        if (query_parse(buffer_span(&query_text), &arena, &query) == PROBLEM_NONE) {
            assert_int_equal(query_match(&query, SEARCH_FIELD_ANY, buffer_span(&text), MARKS_MAX,
                                         &arena, &found),
                             PROBLEM_NONE);
            bool is_there = false;
            for (size_t i = 0; i < found.mark_count; i++)
                is_there =
                    is_there || (found.marks[i].start <= start && found.marks[i].end > start);
            if (found.group_count != query.search.group_count || !is_there)
                fail_msg("`%.*s` is not found in `%.*s`", (int)query_text.used, query_text.bytes,
                         (int)text.used, text.bytes);
        }
        buffer_fini(&text);
        buffer_fini(&query_text);
        arena_fini(&arena);
    }
}

/* A paragraph of a megabyte costs little memory. */
static void test_long_text(void **state) {
    struct arena arena;
    struct buffer text;
    struct query_match found;
    (void)state;
    arena_init(&arena, 1 << 18);
    buffer_init(&text);
    while (text.used < 1 << 20)
        buffer_append_text(&text, "Die Fähre über den See. The Last Ferry 東京都, ");
    match("\"ferry 東\" fahre -x zzz", SEARCH_FIELD_ANY, buffer_span(&text), 3, &arena, &found);
    assert_int_equal(found.mark_count, 3);
    assert_int_equal(found.group_count, 2);
    buffer_fini(&text);
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    struct arena whole;
    struct query query;
    arena_init(&whole, ARENA_BYTES);
    assert_int_equal(query_parse(SPAN_LITERAL("a OR b"), &whole, &query), PROBLEM_NONE);
    for (size_t limit = 0; limit < 2048; limit += 16) {
        struct arena arena;
        struct query_match found;
        struct span text = SPAN_LITERAL("A b A b A b A b A b A b");
        arena_init(&arena, limit);
        enum problem problem =
            query_match(&query, SEARCH_FIELD_ANY, text, MARKS_MAX, &arena, &found);
        assert_true(problem == PROBLEM_OUT_OF_MEMORY || found.mark_count == 12);
        if (problem == PROBLEM_NONE && query_html(text, &found, 0, &arena).at == NULL)
            assert_true(arena.has_failed);
        arena_fini(&arena);
    }
    arena_fini(&whole);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),     cmocka_unit_test(test_fields),
        cmocka_unit_test(test_marks_max), cmocka_unit_test(test_cut_html),
        cmocka_unit_test(test_spellings), cmocka_unit_test(test_own_words),
        cmocka_unit_test(test_long_text), cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("query_match", tests, NULL, NULL);
}
