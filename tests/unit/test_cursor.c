/* test_cursor.c: what is printed parses back; what was not printed is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "engine/cursor.h"

enum { LIMIT_BYTES = 1024 * 1024 };

static struct arena arena;

static int setup(void **state) {
    (void)state;
    arena_init(&arena, LIMIT_BYTES);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

static const enum store_type types[] = {STORE_TYPE_TEXT, STORE_TYPE_INT, STORE_TYPE_INT};

static struct cursor make(const char *text, int64_t number, int64_t id, bool is_backward) {
    return (struct cursor){.list = span_hash(SPAN_LITERAL("/v1/articles?")),
                           .is_backward = is_backward,
                           .keys = {STORE_TEXT(span_of(text)), STORE_INT(number), STORE_INT(id)},
                           .key_count = 3};
}

static void test_round_trip(void **state) {
    (void)state;
    const char *texts[] = {"", "a", "ab", "abc", "2018-06-03", "Zoë Ångström \xF4\x8F\xBF\xBF"};
    const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1528000000};
    for (size_t i = 0; i < 6 * 6 * 2; i++) {
        struct cursor given = make(texts[i % 6], numbers[i / 6 % 6], (int64_t)i, i >= 36), back;
        struct span text = cursor_print(&given, &arena);
        assert_non_null(text.at);
        assert_int_equal(strlen(text.at), text.bytes);
        assert_int_equal(strspn(text.at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_"),
                         text.bytes);
        assert_true(cursor_parse(text, types, 3, &arena, &back));
        assert_true(back.list == given.list);
        assert_int_equal(back.is_backward, given.is_backward);
        assert_true(span_equal(back.keys[0].text, given.keys[0].text));
        assert_true(back.keys[1].number == given.keys[1].number);
        assert_true(back.keys[2].number == given.keys[2].number);
    }
}

/* Every shortening, every changed character is either refused or another cursor of the same list's
 * form: never read past its end (the sanitizers watch), never the same cursor in two spellings. */
static void test_damaged(void **state) {
    (void)state;
    struct cursor given = make("2018-06-03", 7, 12, false), back;
    struct span text = cursor_print(&given, &arena);
    for (size_t bytes = 0; bytes < text.bytes; bytes++)
        assert_false(cursor_parse((struct span){text.at, bytes}, types, 3, &arena, &back));
    for (size_t i = 0; i < text.bytes; i++) {
        char *damaged = (char *)(uintptr_t)arena_copy(&arena, text).at;
        for (int c = 0; c < 256; c++) {
            damaged[i] = (char)c;
            struct span spelling = {damaged, text.bytes};
            if (c == text.at[i] || !cursor_parse(spelling, types, 3, &arena, &back))
                continue;
            assert_true(span_equal(cursor_print(&back, &arena), spelling));
        }
    }
    char longer[200];
    memcpy(longer, text.at, text.bytes);
    memcpy(longer + text.bytes, "AAAA", 4);
    assert_false(cursor_parse((struct span){longer, text.bytes + 4}, types, 3, &arena, &back));
}

static void test_other_types(void **state) {
    (void)state;
    const enum store_type ints[] = {STORE_TYPE_INT, STORE_TYPE_INT, STORE_TYPE_INT};
    struct cursor given = make("2018-06-03", 7, 12, false), back;
    struct span text = cursor_print(&given, &arena);
    assert_false(cursor_parse(text, ints, 3, &arena, &back));
    assert_false(cursor_parse(text, types, 2, &arena, &back));
    assert_false(cursor_parse(text, types, 0, &arena, &back));
}

static void test_size(void **state) {
    (void)state;
    struct cursor back;
    char text[CURSOR_BINARY_BYTES_MAX + 1];
    memset(text, 'x', sizeof text);
    const size_t most = CURSOR_BINARY_BYTES_MAX - 10 - 2 - 8 - 8;
    for (size_t more = 0; more <= 1; more++) {
        text[most + more] = '\0';
        struct cursor given = make(text, 1, 2, false);
        struct span printed = cursor_print(&given, &arena);
        text[most + more] = 'x';
        assert_int_equal(printed.at != NULL, more == 0);
        if (printed.at != NULL)
            assert_true(cursor_parse(printed, types, 3, &arena, &back));
    }
    char *huge = malloc(100000);
    assert_non_null(huge);
    memset(huge, 'A', 100000);
    assert_false(cursor_parse((struct span){huge, 100000}, types, 3, &arena, &back));
    free(huge);
}

static void test_list_hash(void **state) {
    (void)state;
    uint64_t articles = span_hash(SPAN_LITERAL("/v1/articles?"));
    assert_true(articles == span_hash(SPAN_LITERAL("/v1/articles?")));
    assert_true(articles != span_hash(SPAN_LITERAL("/v1/articles?tag=a")));
    assert_true(articles != span_hash(SPAN_LITERAL("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_types, setup, teardown),
        cmocka_unit_test_setup_teardown(test_size, setup, teardown),
        cmocka_unit_test_setup_teardown(test_list_hash, setup, teardown),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
