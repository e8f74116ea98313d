/* The raw target, taken apart: each row is a target and what must come out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/target.h"
#include "ground/buffer.h"

struct row {
    const char *raw;
    enum problem problem;
    const char *parts; /* segments|suffix|name=value,... */
    const char *about;
};

/* Segments in [], then the suffix in (), then pairs in <>; '~' stands for a missing value. */
static void print_target(const struct target *target, struct buffer *out) {
    for (size_t i = 0; i < target->segment_count; i++) {
        buffer_append_char(out, '[');
        buffer_append_span(out, target->segments[i]);
        buffer_append_char(out, ']');
    }
    if (target->suffix.bytes > 0) {
        buffer_append_char(out, '(');
        buffer_append_span(out, target->suffix);
        buffer_append_char(out, ')');
    }
    for (size_t i = 0; i < target->pair_count; i++) {
        buffer_append_char(out, '<');
        buffer_append_span(out, target->pairs[i].name);
        buffer_append_char(out, target->pairs[i].has_value ? '=' : '~');
        buffer_append_span(out, target->pairs[i].value);
        buffer_append_char(out, '>');
    }
    buffer_append_char(out, '\0');
}

static const struct row rows[] = {
    {"/", PROBLEM_NONE, "", "the root has no segments"},
    {"/?", PROBLEM_NONE, "", "an empty query has no pairs"},
    {"/v1/articles", PROBLEM_NONE, "[v1][articles]", "plain"},
    {"/v1/articles/7.txt", PROBLEM_NONE, "[v1][articles][7](txt)", "suffix"},
    {"/v1/articles.feed.json", PROBLEM_NONE, "[v1][articles](feed.json)", "suffix of two words"},
    {"/a..b", PROBLEM_NONE, "[a](.b)", "suffix that begins with a dot"},
    {"/a.b/c", PROBLEM_NONE, "[a.b][c]", "only the last segment has a suffix"},
    {"/a.b.json", PROBLEM_NONE, "[a](b.json)", "after the first dot"},
    {"/a%2Etxt", PROBLEM_NONE, "[a](txt)", "a dot is a dot, encoded or not"},
    {"/a%2fb", PROBLEM_NONE, "[a/b]", "an encoded slash separates nothing"},
    {"/a%252fb", PROBLEM_NONE, "[a%2fb]", "decoded once only"},
    {"/%D0%9F", PROBLEM_NONE, "[\xD0\x9F]", "UTF-8"},
    {"/a+b?a+b=c+d", PROBLEM_NONE, "[a+b]<a b=c d>", "plus is a space in a query alone"},
    {"/?a=%26&b=%3D&c=%2B", PROBLEM_NONE, "<a=&><b==><c=+>", "encoded separators"},
    {"/?a=b=c", PROBLEM_NONE, "<a=b=c>", "the first = separates"},
    {"/?a", PROBLEM_NONE, "<a~>", "no value"},
    {"/?a=", PROBLEM_NONE, "<a=>", "empty value"},
    {"/?=a", PROBLEM_NONE, "<=a>", "empty name"},
    {"/?&&a=1&", PROBLEM_NONE, "<a=1>", "empty pairs are nothing"},
    {"/?a=1?b", PROBLEM_NONE, "<a=1?b>", "a second question mark is text"},
    {"/?a=/../x.txt", PROBLEM_NONE, "<a=/../x.txt>", "a query has no segments"},
    {"http://h/a?b=c", PROBLEM_NONE, "[a]<b=c>", "absolute form"},
    {"HTTPS://h:1/a", PROBLEM_NONE, "[a]", "a scheme in capitals"},
    {"http://h", PROBLEM_NONE, "", "absolute form without a path"},
    {"http://h?a=1", PROBLEM_NONE, "<a=1>", "absolute form with a query alone"},
    {"", PROBLEM_BAD_TARGET, NULL, "empty"},
    {"*", PROBLEM_BAD_TARGET, NULL, "asterisk form"},
    {"h:443", PROBLEM_BAD_TARGET, NULL, "authority form"},
    {"a/b", PROBLEM_BAD_TARGET, NULL, "no leading slash"},
    {"?a=1", PROBLEM_BAD_TARGET, NULL, "query alone"},
    {"http:///a", PROBLEM_BAD_TARGET, NULL, "no authority"},
    {"http://u@h/a", PROBLEM_BAD_TARGET, NULL, "user in the authority"},
    {"ftp://h/a", PROBLEM_BAD_TARGET, NULL, "another scheme"},
    {"/a#b", PROBLEM_BAD_TARGET, NULL, "fragment"},
    {"/a b", PROBLEM_BAD_TARGET, NULL, "space"},
    {"/a\tb", PROBLEM_BAD_TARGET, NULL, "tab"},
    {"/a\x7F", PROBLEM_BAD_TARGET, NULL, "DEL"},
    {"/\xC3\xA9", PROBLEM_BAD_TARGET, NULL, "raw UTF-8"},
    {"/%", PROBLEM_BAD_TARGET, NULL, "percent at the end"},
    {"/%4", PROBLEM_BAD_TARGET, NULL, "one digit"},
    {"/%zz", PROBLEM_BAD_TARGET, NULL, "no digits"},
    {"/%4g", PROBLEM_BAD_TARGET, NULL, "half a number"},
    {"/a%00b", PROBLEM_BAD_TARGET, NULL, "NUL in the path"},
    {"/?a=%00", PROBLEM_BAD_TARGET, NULL, "NUL in the query"},
    {"/?a=%0A", PROBLEM_BAD_TARGET, NULL, "line feed"},
    {"/?a=%C2%85", PROBLEM_BAD_TARGET, NULL, "C1 control"},
    {"/?a=%C2%A0", PROBLEM_NONE, "<a=\xC2\xA0>", "no-break space is no control"},
    {"/%C0%AF", PROBLEM_BAD_TARGET, NULL, "overlong"},
    {"/%ED%A0%80", PROBLEM_BAD_TARGET, NULL, "surrogate"},
    {"/%F4%90%80%80", PROBLEM_BAD_TARGET, NULL, "past U+10FFFF"},
    {"/?a=%E2%82", PROBLEM_BAD_TARGET, NULL, "cut character"},
    {"//", PROBLEM_NOT_FOUND, NULL, "empty segments"},
    {"/a//b", PROBLEM_NOT_FOUND, NULL, "empty segment inside"},
    {"/a/", PROBLEM_NOT_FOUND, NULL, "trailing slash"},
    {"/.", PROBLEM_NOT_FOUND, NULL, "dot"},
    {"/a/../b", PROBLEM_NOT_FOUND, NULL, "dot dot"},
    {"/a/%2e%2E/b", PROBLEM_NOT_FOUND, NULL, "encoded dot dot"},
    {"/.txt", PROBLEM_NOT_FOUND, NULL, "suffix alone"},
    {"/a.", PROBLEM_NOT_FOUND, NULL, "dot without a suffix"},
    {"//?a=%zz", PROBLEM_BAD_TARGET, NULL, "malformed is said first"},
};

static void parses_as_the_table_says(void **state) {
    (void)state;
    struct arena arena;
    struct buffer printed;
    arena_init(&arena, 1 << 20);
    buffer_init(&printed);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target;
        struct fault fault;
        fault_init(&fault);
        buffer_clear(&printed);
        enum problem problem = target_parse(span_of(rows[i].raw), &arena, &target, &fault);
        if (problem != rows[i].problem)
            fail_msg("%s: %s gives %s", rows[i].about, rows[i].raw, problem_info(problem)->code);
        if (problem == PROBLEM_BAD_TARGET && !fault_is_set(&fault))
            fail_msg("%s: %s: no reason given", rows[i].about, rows[i].raw);
        if (problem != PROBLEM_NONE)
            continue;
        print_target(&target, &printed);
        if (strcmp(printed.bytes, rows[i].parts) != 0)
            fail_msg("%s: %s gives %s", rows[i].about, rows[i].raw, printed.bytes);
    }
    buffer_fini(&printed);
    arena_fini(&arena);
}

static void keeps_raw_parts(void **state) {
    (void)state;
    struct arena arena;
    struct target target;
    arena_init(&arena, 1 << 20);
    assert_int_equal(
        target_parse(SPAN_LITERAL("http://h:8/a%20b.txt?c=%20"), &arena, &target, NULL),
        PROBLEM_NONE);
    assert_true(span_is(target.authority, "h:8"));
    assert_true(span_is(target.raw_path, "/a%20b.txt"));
    assert_true(span_is(target.raw_query, "c=%20"));
    assert_int_equal(target_parse(SPAN_LITERAL("/a"), &arena, &target, NULL), PROBLEM_NONE);
    assert_null(target.authority.at);
    assert_null(target.raw_query.at);
    arena_fini(&arena);
}

/* A target of `count` times `piece` after `start`. */
static enum problem parse_repeated(const char *start, const char *piece, size_t count) {
    struct arena arena;
    struct buffer raw;
    static struct target target;
    arena_init(&arena, 1 << 20);
    buffer_init(&raw);
    buffer_append_text(&raw, start);
    for (size_t i = 0; i < count; i++)
        buffer_append_text(&raw, piece);
    enum problem problem = target_parse(buffer_span(&raw), &arena, &target, NULL);
    buffer_fini(&raw);
    arena_fini(&arena);
    return problem;
}

static void holds_its_limits(void **state) {
    (void)state;
    assert_int_equal(parse_repeated("", "/a", LIMIT_SEGMENTS), PROBLEM_NONE);
    assert_int_equal(parse_repeated("", "/a", LIMIT_SEGMENTS + 1), PROBLEM_BAD_TARGET);
    assert_int_equal(parse_repeated("/?", "a=1&", LIMIT_QUERY_PAIRS), PROBLEM_NONE);
    assert_int_equal(parse_repeated("/?", "a=1&", LIMIT_QUERY_PAIRS + 1), PROBLEM_BAD_TARGET);
    assert_int_equal(parse_repeated("/", "a", LIMIT_TARGET_BYTES - 1), PROBLEM_NONE);
    assert_int_equal(parse_repeated("/", "a", LIMIT_TARGET_BYTES), PROBLEM_TARGET_TOO_LONG);
}

static void survives_no_memory(void **state) {
    (void)state;
    struct arena arena;
    struct target target;
    arena_init(&arena, 8);
    assert_int_equal(target_parse(SPAN_LITERAL("/a?b=c"), &arena, &target, NULL), PROBLEM_NONE);
    assert_int_equal(target_parse(SPAN_LITERAL("/a%20"), &arena, &target, NULL),
                     PROBLEM_OUT_OF_MEMORY);
    assert_int_equal(target_parse(SPAN_LITERAL("/a?b=%20"), &arena, &target, NULL),
                     PROBLEM_OUT_OF_MEMORY);
    arena_fini(&arena);
}

static void encodes(void **state) {
    static const struct {
        const char *text, *plain, *expected;
    } texts[] = {
        {"Az09-._~", "", "Az09-._~"},
        {"a,b:c d", "", "a%2Cb%3Ac%20d"},
        {"a,b:c d", ",:", "a,b:c%20d"},
        {"\xC3\xA4/?%", ",:", "%C3%A4%2F%3F%25"},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buffer out;
        buffer_init(&out);
        target_encode(span_of(texts[i].text), texts[i].plain, &out);
        assert_true(span_is(buffer_span(&out), texts[i].expected) || texts[i].expected[0] == '\0');
        assert_int_equal(out.used, strlen(texts[i].expected));
        buffer_fini(&out);
    }
    /* NUL is not the end of the plain ones. */
    struct buffer out;
    buffer_init(&out);
    target_encode((struct span){"\0", 1}, ",", &out);
    assert_true(span_is(buffer_span(&out), "%00"));
    buffer_fini(&out);
}

static const struct {
    const char *target, *body;
    enum problem problem;
    const char *pairs; /* name=value; of each */
    const char *about;
} forms[] = {
    {"/a?b=1", "c=2", PROBLEM_NONE, "b=1;c=2;", "after those of the target"},
    {"/a", "b=1+2&c=%2B&d", PROBLEM_NONE, "b=1 2;c=+;d=;", "plus, encoded plus, no value"},
    {"/a", "", PROBLEM_NONE, "", "nothing"},
    {"/a", "&&b=1&", PROBLEM_NONE, "b=1;", "empty pairs"},
    {"/a", "b=#? \xC3\xA9", PROBLEM_NONE, "b=#? \xC3\xA9;", "what no target can hold"},
    {"/a", "b=\xC3", PROBLEM_BAD_SOURCE, NULL, "not UTF-8"},
    {"/a", "b=%C3", PROBLEM_BAD_SOURCE, NULL, "not UTF-8 when decoded"},
    {"/a", "b=1\r\n", PROBLEM_BAD_SOURCE, NULL, "a line end"},
    {"/a", "b=%0A", PROBLEM_BAD_SOURCE, NULL, "an encoded line end"},
    {"/a", "b=%2", PROBLEM_BAD_SOURCE, NULL, "half a byte"},
    {"/a", "b=\xC2\x85", PROBLEM_BAD_SOURCE, NULL, "a control character beyond ASCII"},
};

static void adds_forms(void **state) {
    (void)state;
    struct arena arena;
    struct buffer printed;
    arena_init(&arena, 1 << 20);
    buffer_init(&printed);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct target target;
        struct fault fault;
        fault_init(&fault);
        buffer_clear(&printed);
        assert_int_equal(target_parse(span_of(forms[i].target), &arena, &target, NULL),
                         PROBLEM_NONE);
        enum problem problem = target_add_form(span_of(forms[i].body), &arena, &target, &fault);
        if (problem != forms[i].problem || (problem != PROBLEM_NONE && !fault_is_set(&fault)))
            fail_msg("%s: %s", forms[i].about, problem_info(problem)->code);
        for (size_t j = 0; problem == PROBLEM_NONE && j < target.pair_count; j++) {
            buffer_append_span(&printed, target.pairs[j].name);
            buffer_append_char(&printed, '=');
            buffer_append_span(&printed, target.pairs[j].value);
            buffer_append_char(&printed, ';');
        }
        if (problem == PROBLEM_NONE && !span_is(buffer_span(&printed), forms[i].pairs))
            fail_msg("%s: %.*s", forms[i].about, (int)printed.used, printed.bytes);
    }
    buffer_fini(&printed);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_as_the_table_says),
        cmocka_unit_test(keeps_raw_parts),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(survives_no_memory),
        cmocka_unit_test(encodes),
        cmocka_unit_test(adds_forms),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
