/* test_query.c: what a person wrote as a query, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/search/query.h"
#include "ground/buffer.h"
#include "ground/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_BYTES = 1 << 22 };

/* Item: field:word+word, `*` for a beginning. Items of a group with `|`, groups with a blank,
 * excluded ones with `-`. */
static void print_item(const struct search_item *item, struct buffer *out) {
    static const char *const fields[] = {"", "title:", "author:", "tag:", "section:"};
    buffer_append_text(out, fields[item->field]);
    for (size_t i = 0; i < item->word_count; i++) {
        buffer_append_text(out, i > 0 ? "+" : "");
        buffer_append_span(out, item->words[i].folded);
    }
    buffer_append_text(out, item->is_prefix ? "*" : "");
}

static void print_query(const struct search_query *search, struct buffer *out) {
    for (size_t g = 0; g < search->group_count; g++) {
        buffer_append_text(out, g > 0 ? " " : "");
        for (size_t i = 0; i < search->groups[g].item_count; i++) {
            buffer_append_text(out, i > 0 ? "|" : "");
            print_item(&search->groups[g].items[i], out);
        }
    }
    for (size_t i = 0; i < search->excluded_count; i++) {
        buffer_append_text(out, out->used > 0 ? " -" : "-");
        print_item(&search->excluded[i], out);
    }
}

struct query_case {
    const char *text, *tree, *understood;
    const char *note; /* words of the first note; "" = there is none */
};

static const struct query_case query_cases[] = {
    {"harbour ferry", "harbour ferry", "harbour ferry", ""},
    {"  Harbour \t\xC2\xA0 ferry ", "harbour ferry", "Harbour ferry", ""},
    {"\"the last ferry\"", "the+last+ferry", "\"the last ferry\"", ""},
    {"“the last” „ferry“ «à la» »b« ", "the+last ferry a+la b", "\"the last\" ferry \"à la\" b",
     ""},
    {"ferry OR boat", "ferry|boat", "ferry OR boat", ""},
    {"old ferry OR boat OR ship new", "old ferry|boat|ship new", "old ferry OR boat OR ship new",
     ""},
    {"\"a b\" OR title:c", "a+b|title:c", "\"a b\" OR title:c", ""},
    {"ferry -boat -\"by boat\"", "ferry -boat -by+boat", "ferry -boat -\"by boat\"", ""},
    {"-boat ferry", "ferry -boat", "ferry -boat", ""},
    {"harb*", "harb*", "harb*", ""},
    {"harb* ferr**", "harb* ferr*", "harb* ferr*", ""},
    {"\"the harb\"*", "the+harb*", "\"the harb\"*", ""},
    {"well-kno*", "well+kno*", "\"well kno\"*", ""},
    {"title:harbour Author:\"Mara Lind\" tag:nat* section:x -title:y",
     "title:harbour author:mara+lind tag:nat* section:x -title:y",
     "title:harbour author:\"Mara Lind\" tag:nat* section:x -title:y", ""},
    {"O'Brien C++ C# .NET AT&T", "obrien c++ c# net at+t", "O'Brien C++ C# NET \"AT T\"", ""},
    {"well-known 3.5 1,000", "well+known 3+5 1000", "\"well known\" \"3 5\" 1,000", ""},
    {"http://example.org/a 10:30", "http+example+org+a 10+30", "\"http example org a\" \"10 30\"",
     ""},
    {"東京都 東京 都", "東京+京都 東京 都*", "東京都 東京 都", ""},
    {"東京* 都*", "東京 都*", "東京 都", ""},
    {"\"東京 tower\" AI都", "東京+京+tower ai+都*", "\"東京 tower\" \"AI 都\"", ""},
    {"ไทย", "ไท+ทย", "ไทย", ""},
    {"서울* 한*", "서울* 한", "서울* 한", "A '*'"},
    {"so\xC2\xAD"
     "ft",
     "soft", "soft", ""},
    /* broken operators are words */
    {"\"the last", "the last", "the last", "A quotation mark"},
    {"the \"last ferry\" \"x", "the last+ferry x", "the \"last ferry\" x", "A quotation mark"},
    {"title:\"harbour f", "title:harbour f", "title:harbour f", "A quotation mark"},
    {"\"title:x", "title:x", "title:x", "A quotation mark"},
    {"\"\" a", "a", "a", ""},
    {"OR a", "or a", "\"OR\" a", "OR stands"},
    {"a OR", "a or", "a \"OR\"", "OR stands"},
    {"OR", "or", "\"OR\"", "OR stands"},
    {"a OR OR b", "a or|b", "a \"OR\" OR b", "OR stands"},
    {"a OR -b", "a or -b", "a \"OR\" -b", "OR stands"},
    {"-a OR b", "or b -a", "\"OR\" b -a", "OR stands"},
    {"a or b", "a or b", "a or b", ""},
    {"a \"OR\" b", "a or b", "a \"OR\" b", ""},
    {"a AND b", "a and b", "a AND b", "AND and NOT"},
    {"- a", "a", "a", "A '-'"},
    {"a - b", "a b", "a b", "A '-'"},
    {"--help", "help", "help", "A '-'"},
    {"a -!!", "a", "a", "A '-'"},
    {"title:", "title", "title", "A field"},
    {"title: a", "title a", "title a", "A field"},
    {"title:!! a", "title a", "title a", "A field"},
    {"title:\"\"", "title", "title", "A field"},
    {"foo:bar", "foo bar", "foo bar", "The fields"},
    {"-foo:bar a", "a -foo+bar", "a -\"foo bar\"", "The fields"},
    {"Warning: fog", "warning fog", "Warning fog", ""},
    {"ha*b", "ha+b", "\"ha b\"", "A '*'"},
    {"ha*", "ha", "ha", "A '*'"},
    {"\"last fer*\"", "last+fer", "\"last fer\"", "A '*' between quotation marks"},
    {"* a", "a", "a", "A '*'"},
    {"", "", "", "There is no word"},
    {"!?", "", "", "There is no word"},
    {"🎉 ...", "", "", "There is no word"},
    {"-boat", "-boat", "-boat", "It needs"},
    {"a\"b c\"d", "a b+c d", "a \"b c\" d", ""},
    {"\"well\"-known", "well known", "well known", ""},
    {"a\xFF"
     "b",
     "a+b", "\"a b\"", ""},
};

static void check_case(const struct query_case *test, struct arena *arena, struct buffer *out) {
    struct query query, again;
    assert_int_equal(query_parse(span_of(test->text), arena, &query), PROBLEM_NONE);
    buffer_clear(out);
    print_query(&query.search, out);
    if (!span_is(buffer_span(out), test->tree))
        fail_msg("`%s`: tree `%.*s`, not `%s`", test->text, (int)out->used, out->bytes, test->tree);
    if (!span_is(query.understood, test->understood))
        fail_msg("`%s`: understood `%s`, not `%s`", test->text, query.understood.at,
                 test->understood);
    const char *note = query.note_count > 0 ? query.notes[0] : "";
    if (test->note[0] == '\0' ? note[0] != '\0'
                              : strncmp(note, test->note, strlen(test->note)) != 0)
        fail_msg("`%s`: note `%s`, not `%s`", test->text, note, test->note);
    assert_int_equal(query.has_words, query.search.group_count > 0);
    assert_int_equal(query_parse(query.understood, arena, &again), PROBLEM_NONE);
    buffer_clear(out);
    print_query(&again.search, out);
    assert_true(span_equal(again.understood, query.understood));
    assert_true(span_is(buffer_span(out), test->tree));
}

static void test_cases(void **state) {
    struct arena arena;
    struct buffer out;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buffer_init(&out);
    for (size_t i = 0; i < COUNT(query_cases); i++)
        check_case(&query_cases[i], &arena, &out);
    buffer_fini(&out);
    arena_fini(&arena);
}

/* What is too much is left out from the end, and said. */
static void check_limit(struct buffer *text, const char *tree, size_t understood_bytes,
                        struct arena *arena) {
    struct query query, again;
    struct buffer out;
    buffer_init(&out);
    assert_int_equal(query_parse(buffer_span(text), arena, &query), PROBLEM_NONE);
    print_query(&query.search, &out);
    if (!span_is(buffer_span(&out), tree))
        fail_msg("`%.*s`: tree `%.*s`", (int)text->used, text->bytes, (int)out.used, out.bytes);
    assert_int_equal(query.understood.bytes, understood_bytes);
    assert_int_equal(query_parse(query.understood, arena, &again), PROBLEM_NONE);
    assert_true(span_equal(again.understood, query.understood));
    buffer_fini(&out);
}

static void test_limits(void **state) {
    static const struct {
        const char *head, *piece;
        size_t times;
        const char *tail, *tree;
        size_t understood_bytes;
    } cases[] = {
        {"", "a ", 12, "", "a a a a a a a a a a a a", 23},
        {"", "a ", 12, "b", "a a a a a a a a a a a a", 23},
        {"", "a ", 12, "OR b", "a a a a a a a a a a a a", 23},
        {"", "a ", 11, "b OR c OR d", "a a a a a a a a a a a b", 23},
        {"", "a OR ", 12, "a", "a|a|a|a|a|a|a|a|a|a|a|a", 56},
        {"", "a-b ", 7, "", "a+b a+b a+b a+b a+b a+b", 35},
        {"b ", "-a ", 13, "", "b -a -a -a -a -a -a -a -a -a -a -a", 34},
        {"\"", "a ", 13, "b\"*", "a+a+a+a+a+a+a+a+a+a+a+a", 25},
        {"b -\"", "a ", 13, "\"", "b", 1},
        {"b \"", "a ", 12, "\" c", "b", 1},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer text;
        buffer_init(&text);
        buffer_append_text(&text, cases[i].head);
        for (size_t n = 0; n < cases[i].times; n++)
            buffer_append_text(&text, cases[i].piece);
        buffer_append_text(&text, cases[i].tail);
        check_limit(&text, cases[i].tree, cases[i].understood_bytes, &arena);
        buffer_fini(&text);
    }
    arena_fini(&arena);
}

/* Cut at a blank if there is one, never inside of a character, and the normal form fits, too. */
static void test_bytes(void **state) {
    static const struct {
        const char *head, *piece;
        size_t times, understood_bytes;
        bool is_cut;
    } cases[] = {
        {"", "abcd", 64, 256, false},
        {"", "abcde", 52, 256, true},
        {"x ", "abcd", 64, 1, true},
        {"x", "\xC3\xA9", 200, 255, true},
        {"", "\xE6\x9D\xB1", 24, 72, false},
        {"", "\xE6\x9D\xB1", 100, 75, true},
        {"x-", "abcd", 63, 256, false},
        {"", "!", 300, 0, true},
        {"", " ", 300, 0, true},
        {"x-", "abcd", 64, 256, true},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer text;
        struct query query, again;
        buffer_init(&text);
        buffer_append_text(&text, cases[i].head);
        for (size_t n = 0; n < cases[i].times; n++)
            buffer_append_text(&text, cases[i].piece);
        assert_int_equal(query_parse(buffer_span(&text), &arena, &query), PROBLEM_NONE);
        if (query.understood.bytes != cases[i].understood_bytes)
            fail_msg("%zu: %zu bytes", i, query.understood.bytes);
        assert_true(utf8_is_valid(query.understood, NULL));
        bool is_said = query.note_count > 0 && strncmp(query.notes[0], "Only", 4) == 0;
        assert_int_equal(is_said, cases[i].is_cut);
        assert_int_equal(query_parse(query.understood, &arena, &again), PROBLEM_NONE);
        assert_true(span_equal(again.understood, query.understood));
        buffer_fini(&text);
    }
    arena_fini(&arena);
}

static void test_forms(void **state) {
    struct arena arena;
    struct query query;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    char text[] = "Müller OR café";
    assert_int_equal(query_parse(span_of(text), &arena, &query), PROBLEM_NONE);
    memset(text, '?', sizeof text - 1); /* the query has a copy of its own */
    const struct search_item *items = query.search.groups[0].items;
    assert_true(span_is(items[0].words[0].folded, "muller"));
    assert_true(span_is(items[0].words[0].exact, "müller"));
    assert_true(span_is(items[0].words[0].variant, "mueller"));
    assert_true(span_is(items[1].words[0].exact, "café"));
    assert_int_equal(items[1].words[0].variant.bytes, 0);
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    for (size_t limit = 0; limit < 4096; limit += 16) {
        struct arena arena;
        struct query query;
        arena_init(&arena, limit);
        enum problem problem =
            query_parse(SPAN_LITERAL("Ärger OR \"Last Ferry\" -X harb*"), &arena, &query);
        assert_true(problem == PROBLEM_OUT_OF_MEMORY || (problem == PROBLEM_NONE && limit > 256));
        arena_fini(&arena);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_bytes),     cmocka_unit_test(test_forms),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
