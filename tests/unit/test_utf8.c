/* test_utf8.c: decoding, cutting and showing of bytes that may hold anything; nearest names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/nearest.h"
#include "ground/utf8.h"

static void test_decode(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        uint32_t code;
        const char *what;
    } rows[] = {
        {"a", 1, 'a', "ASCII"},
        {"\x7F", 1, 0x7F, "last of one byte"},
        {"\xC2\x80", 2, 0x80, "first of two bytes"},
        {"\xDF\xBF", 2, 0x7FF, "last of two bytes"},
        {"\xE0\xA0\x80", 3, 0x800, "first of three bytes"},
        {"\xED\x9F\xBF", 3, 0xD7FF, "last before the surrogates"},
        {"\xEE\x80\x80", 3, 0xE000, "first after the surrogates"},
        {"\xEF\xBF\xBF", 3, 0xFFFF, "last of three bytes"},
        {"\xF0\x90\x80\x80", 4, 0x10000, "first of four bytes"},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF, "last of all"},
        {"\x80", 0, 0, "a lone continuation"},
        {"\xC0\x80", 0, 0, "NUL in two bytes"},
        {"\xC1\xBF", 0, 0, "ASCII in two bytes"},
        {"\xE0\x9F\xBF", 0, 0, "overlong in three bytes"},
        {"\xF0\x8F\xBF\xBF", 0, 0, "overlong in four bytes"},
        {"\xED\xA0\x80", 0, 0, "first surrogate"},
        {"\xED\xBF\xBF", 0, 0, "last surrogate"},
        {"\xF4\x90\x80\x80", 0, 0, "past the last"},
        {"\xF5\x80\x80\x80", 0, 0, "no such lead"},
        {"\xFF", 0, 0, "no such byte"},
        {"\xC3", 0, 0, "cut after one of two"},
        {"\xE2\x82", 0, 0, "cut after two of three"},
        {"\xF0\x9F\x93", 0, 0, "cut after three of four"},
        {"\xC3(", 0, 0, "no continuation"},
        {"\xE2\x82(", 0, 0, "no second continuation"},
        {"", 0, 0, "nothing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code = 0;
        print_message("%s\n", rows[i].what);
        assert_int_equal(utf8_decode(span_of(rows[i].bytes), 0, &code), rows[i].length);
        if (rows[i].length > 0)
            assert_int_equal(code, rows[i].code);
        assert_int_equal(utf8_is_valid(span_of(rows[i].bytes), NULL),
                         rows[i].length > 0 || rows[i].bytes[0] == '\0');
    }
}

static void test_valid_says_where(void **state) {
    (void)state;
    size_t bad = 99;
    assert_true(utf8_is_valid((struct span){"a\0b", 3}, &bad));
    assert_int_equal(bad, 99);
    assert_false(utf8_is_valid(span_of("ab\xC3\xA9\xFFz"), &bad));
    assert_int_equal(bad, 4);
}

static void test_cut_and_count(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t bytes, cut;
    } rows[] = {
        {"abc", 5, 3},          {"abc", 2, 2},
        {"abc", 0, 0},          {"a\xC3\xA9", 2, 1},
        {"a\xC3\xA9", 3, 3},    {"\xE2\x82\xAC\xE2\x82\xAC", 5, 3},
        {"\xE2\x82\xAC", 1, 0}, {"\xF0\x9F\x93\x9A", 3, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(utf8_cut(span_of(rows[i].text), rows[i].bytes), rows[i].cut);
    assert_int_equal(utf8_cut(span_of("\x80\x80\x80\x80\x80\x80\x80\x80"), 6), 6);
    assert_int_equal(utf8_count(span_of("a\xC3\xA9\xE2\x82\xAC\xFF")), 4);
}

static void test_visible(void **state) {
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"plain \\ \"text\"", "plain \\ \"text\""},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\x1B[31mred", "\\u001b[31mred"},
        {"caf\xC3\xA9", "caf\xC3\xA9"},
        {"\xC2\x9B", "\\u009b"},
        {"\xE2\x80\xAE", "\\u202e"},
        {"\xFFx\xC3", "\\xffx\\xc3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out;
        buffer_init(&out);
        utf8_append_visible(&out, span_of(rows[i].text));
        assert_int_equal(out.used, strlen(rows[i].shown));
        assert_memory_equal(out.bytes, rows[i].shown, out.used);
        buffer_fini(&out);
    }
}

static void test_nearest(void **state) {
    (void)state;
    static const char *const names[] = {"limit", "cursor", "tag", "tag_not", "sort"};
    static const struct {
        const char *given, *nearest;
    } rows[] = {
        {"limit", "limit"},
        {"limti", "limit"},
        {"LIMIT", "limit"},
        {"lmit", "limit"},
        {"curser", "cursor"},
        {"tags", "tag"},
        {"tag-not", "tag_not"},
        {"order", NULL},
        {"zzz", NULL},
        {"", NULL},
        {"t", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *nearest = nearest_name(span_of(rows[i].given), names, 5);
        print_message("%s\n", rows[i].given);
        if (rows[i].nearest == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, rows[i].nearest);
    }
    char longest[300];
    memset(longest, 'x', sizeof longest);
    assert_null(nearest_name((struct span){longest, sizeof longest}, names, 5));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),        cmocka_unit_test(test_valid_says_where),
        cmocka_unit_test(test_cut_and_count), cmocka_unit_test(test_visible),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
