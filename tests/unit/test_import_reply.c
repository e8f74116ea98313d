/* test_import_reply.c: both sides of an import over HTTP: lines of articles out, lines of answers
 * in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "surface/articles/article_json.h"
#include "surface/articles/article_json_print.h"
#include "surface/bulk/import_reply.h"

#define LIST(...) \
    { (struct span[]){__VA_ARGS__}, sizeof((struct span[]){__VA_ARGS__}) / sizeof(struct span) }
#define S(text) \
    { text, sizeof(text) - 1 }

static void assert_same_list(const struct span_list *a, const struct span_list *b) {
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        assert_true(span_equal(a->items[i], b->items[i]));
}

static void test_round_trip(void **state) {
    const struct article cases[] = {
        {.title = S("A"), .paragraphs = LIST(S("x"))},
        {.title = S("Q \" and \\ and / and \xC2\xA0."),
         .published = "2018-06-03",
         .authors = LIST(S("Ann Lee"), S("Bo")),
         .section = LIST(S("NEWS"), S("A/B")),
         .tags = LIST(S("one, two"), S("\xF0\x9F\x98\x80")),
         .paragraphs = LIST(S("a\tb"), S("a \xE2\x80\xA8 in between"), S("</p>"))},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct buffer line;
        struct article again;
        struct fault fault;
        arena_init(&arena, 1024 * 1024);
        buffer_init(&line);
        fault_init(&fault);
        article_json_print(&cases[i], &line);
        assert_int_equal(line.bytes[line.used - 1], '\n');
        assert_ptr_equal(memchr(line.bytes, '\n', line.used), line.bytes + line.used - 1);
        enum problem problem = article_json_parse(buffer_span(&line), &arena, &again, &fault);
        if (problem != PROBLEM_NONE)
            fail_msg("%.*s: %s", (int)line.used, line.bytes, fault.text);
        assert_true(span_equal(again.title, cases[i].title));
        assert_string_equal(again.published, cases[i].published);
        assert_same_list(&again.authors, &cases[i].authors);
        assert_same_list(&again.section, &cases[i].section);
        assert_same_list(&again.tags, &cases[i].tags);
        assert_same_list(&again.paragraphs, &cases[i].paragraphs);
        buffer_fini(&line);
        arena_fini(&arena);
    }
}

static void test_answers(void **state) {
    static const struct {
        const char *line;
        enum import_reply_kind kind;
        size_t number, column;
        const char *text;
    } cases[] = {
        {"{\"line\":3,\"status\":\"created\",\"id\":7}", IMPORT_REPLY_DONE, 3, 0, ""},
        {"{\"line\":3,\"status\":\"error\",\"problem\":{\"detail\":\"no title\",\"column\":5}}",
         IMPORT_REPLY_REFUSED, 3, 5, "no title"},
        {"{\"line\":-3,\"status\":\"error\",\"problem\":{}}", IMPORT_REPLY_REFUSED, 0, 0, ""},
        {"{\"summary\":{\"created\":1}}", IMPORT_REPLY_SUMMARY, 0, 0, ""},
        {"{\"problem\":{\"code\":\"disk_full\",\"status\":507,\"detail\":\"The disk is full\"}}",
         IMPORT_REPLY_BROKEN, 0, 0, "The disk is full"},
        {"{\"summary\":1}", IMPORT_REPLY_STRANGE, 0, 0, ""},
        {"{}", IMPORT_REPLY_STRANGE, 0, 0, ""},
        {"[]", IMPORT_REPLY_STRANGE, 0, 0, ""},
        {"<html>", IMPORT_REPLY_STRANGE, 0, 0, ""},
        {"", IMPORT_REPLY_STRANGE, 0, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct import_reply reply;
        print_message("%s\n", cases[i].line);
        import_reply_parse(span_of(cases[i].line), &reply);
        assert_int_equal(reply.kind, cases[i].kind);
        assert_int_equal(reply.line, cases[i].number);
        assert_int_equal(reply.column, cases[i].column);
        assert_string_equal(reply.text, cases[i].text);
    }
}

static void test_sums(void **state) {
    struct import_reply reply;
    char text[IMPORT_REPLY_TEXT_BYTES];
    (void)state;
    import_reply_parse(SPAN_LITERAL("{\"summary\":{\"created\":1,\"updated\":2,\"unchanged\":3,"
                                    "\"errors\":4,\"paragraphs\":5}}"),
                       &reply);
    for (size_t i = 0; i < IMPORT_OUTCOME_COUNT; i++)
        assert_int_equal(reply.totals.outcome[i], i + 1);
    assert_int_equal(reply.totals.paragraphs, 5);
    import_reply_problem(SPAN_LITERAL("{\"detail\":\"full\"}"), text);
    assert_string_equal(text, "full");
    import_reply_problem(SPAN_LITERAL("no JSON"), text);
    assert_string_equal(text, "");
    import_reply_problem((struct span){NULL, 0}, text);
    assert_string_equal(text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
