/* test_rune.c: what kind a character is, at both ends of every range and just outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/text/rune.h"

static const struct {
    const char *kind;
    bool (*is)(int32_t rune);
    int32_t yes[24], no[24]; /* 0 ends them */
} kinds[] = {
    {"word",
     rune_is_word,
     {'a', 'z', 'A', 'Z', '0', '9', 0xE4, 0x4E00, 0x661, 0x2160, 0xBD},
     {'`', '{', '@', '[', '/', ':', ' ', 0xA0, 0x2000, 0x2013, 0x206F, 0x20AC, 0x301, -1}},
    {"digit", rune_is_digit, {'0', '9', 0x661, 0xFF10}, {'/', ':', 'a', 0x2160, 0xBD}},
    {"capital", rune_is_capital, {'A', 'Z', 0xC4, 0x1C5}, {'@', '[', 'a', 0xE4, 0x4E00}},
    {"mark", rune_is_mark, {0x300, 0x301, 0x903, 0xE31}, {'a', 0x2FF, 0x20DD, 0x4E00}},
    {"apostrophe", rune_is_apostrophe, {'\'', 0x2019, 0x2018, 0x2BC}, {'"', 0x201C, 0x2BB, 'a'}},
    {"hyphen", rune_is_hyphen, {'-', 0x2010, 0x2011}, {0x2012, 0x2013, '_'}},
    {"blank",
     rune_is_blank,
     {' ', '\t', '\n', '\r', 0x85, 0xA0, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000, 0xFEFF},
     {'a', 8, 14, 0x84, 0xA1, 0x1FFF, 0x200B, 0x2027, 0x202A, 0x3001}},
    {"ideograph",
     rune_is_ideograph,
     {0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFAFF, 0x20000, 0x3FFFD},
     {0x33FF, 0x4DC0, 0x4DFF, 0xA000, 0xF8FF, 0xFB00, 0x1FFFF, 0x3FFFE, 'a'}},
    {"kana",
     rune_is_kana,
     {0x3041, 0x30FA, 0x30FC, 0x30FF, 0x31F0, 0x31FF, 0xFF66, 0xFF9F},
     {0x3040, 0x30FB, 0x3100, 0x31EF, 0x3200, 0xFF65, 0xFFA0, 'a'}},
};

static void test_kinds(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t k = 0; kinds[i].yes[k] != 0; k++) {
            if (!kinds[i].is(kinds[i].yes[k]))
                fail_msg("U+%04X is a %s", (unsigned)kinds[i].yes[k], kinds[i].kind);
        }
        for (size_t k = 0; kinds[i].no[k] != 0; k++) {
            if (kinds[i].is(kinds[i].no[k]))
                fail_msg("U+%04X is no %s", (unsigned)kinds[i].no[k], kinds[i].kind);
        }
    }
}

static void test_fold(void **state) {
    static const struct {
        const char *name;
        enum rune_marks marks;
        const char *expected;
    } cases[] = {
        {"", RUNE_KEEP_MARKS, ""},
        {"ABC", RUNE_KEEP_MARKS, "abc"},
        {"\xC3\x84\xC3\x9F", RUNE_KEEP_MARKS, "\xC3\xA4ss"},
        {"\xC3\x84", RUNE_DROP_ACCENTS, "a"},
        {"a\xE1\xAA\xB0", RUNE_DROP_ACCENTS, "a"},             /* U+1AB0 */
        {"a\xE1\xB7\x80", RUNE_DROP_ACCENTS, "a"},             /* U+1DC0 */
        {"a\xE2\x83\x90", RUNE_DROP_ACCENTS, "a"},             /* U+20D0 */
        {"a\xEF\xB8\xA0", RUNE_DROP_ACCENTS, "a"},             /* U+FE20 */
        {"a\xE0\xB8\xB1", RUNE_DROP_ACCENTS, "a\xE0\xB8\xB1"}, /* a vowel sign of Thai */
        {"a\xC2\xAD"
         "b",
         RUNE_KEEP_MARKS, "ab"},                /* a soft hyphen */
        {"\xEF\xBC\xA1", RUNE_KEEP_MARKS, "a"}, /* of full width */
        {"\xFF", RUNE_KEEP_MARKS, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct runes runes;
        arena_init(&arena, 64 * 1024);
        assert_true(rune_fold(span_of(cases[i].name), cases[i].marks, &arena, &runes));
        assert_string_equal(rune_encode(runes, &arena).at, cases[i].expected);
        arena_fini(&arena);
    }
}

static void test_no_memory(void **state) {
    struct arena arena;
    struct runes runes = {NULL, 0};
    (void)state;
    arena_init(&arena, 1);
    assert_false(rune_fold(SPAN_LITERAL("name"), RUNE_KEEP_MARKS, &arena, &runes));
    assert_null(rune_encode((struct runes){(int32_t[]){'a'}, 1}, &arena).at);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
