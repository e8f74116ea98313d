/* test_text_diff.c: known differences, and that any difference makes both texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "text_diff_help.h"

static struct arena arena;

static int setup_arena(void **state) {
    (void)state;
    arena_init(&arena, 256 * 1024 * 1024);
    return 0;
}

static int teardown_arena(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct text_diff diff_of(struct span from, struct span to, size_t effort) {
    struct text_diff diff;
    assert_int_equal(text_diff_make(from, to, &effort, &arena, &diff), PROBLEM_NONE);
    const char *flaw = find_flaw(&diff, from, to);
    if (flaw != NULL)
        fail_msg("%s: '%.*s' to '%.*s'", flaw, (int)from.bytes, from.at, (int)to.bytes, to.at);
    return diff;
}

/* "same[-gone-]{+new+}" */
static void print_diff(const struct text_diff *diff, char *out, size_t room) {
    static const char *const before[] = {"", "[-", "{+"}, *const after[] = {"", "-]", "+}"};
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < diff->count && used < room; i++)
        used += (size_t)snprintf(out + used, room - used, "%s%.*s%s", before[diff->spans[i].op],
                                 (int)diff->spans[i].text.bytes, diff->spans[i].text.at,
                                 after[diff->spans[i].op]);
}

static void test_known(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *shown, *what;
    } cases[] = {
        {"", "", "", "nothing"},
        {"a b", "a b", "a b", "the same"},
        {"", "new", "{+new+}", "from nothing"},
        {"old", "", "[-old-]", "to nothing"},
        {"The lamp was lit.", "The lamp was not lit.", "The lamp was {+not +}lit.",
         "one word more"},
        {"one two three", "one three", "one [-two -]three", "one word less"},
        {"red door", "blue door", "[-red-]{+blue+} door", "first word"},
        {"the red door", "the red gate", "the red [-door-]{+gate+}", "last word"},
        {"a, b", "a; b", "a[-,-]{+;+} b", "punctuation"},
        {"x big dog y", "x small cat y", "x [-big dog-]{+small cat+} y", "a blank joins changes"},
        {"x big y dog z", "x small y cat z", "x [-big-]{+small+} y [-dog-]{+cat+} z",
         "a word does not"},
        {"caf\xC3\xA9 noir", "caf\xC3\xA8 noir", "[-caf\xC3\xA9-]{+caf\xC3\xA8+} noir",
         "letters of two bytes"},
        {"e\xCC\x81t\xC3\xA9", "ete", "[-e\xCC\x81t\xC3\xA9-]{+ete+}",
         "a mark belongs to its word"},
        {"\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", "\xE6\x9D\xB1\xE4\xBA\xAC\xE5\xB8\x82",
         "\xE6\x9D\xB1\xE4\xBA\xAC[-\xE9\x83\xBD-]{+\xE5\xB8\x82+}", "an ideograph is a word"},
        {"2018", "2019", "[-2018-]{+2019+}", "numbers are words"},
        {"a  b", "a b", "a [- -]b", "blanks"},
        {"a\xC2\xA0"
         "b",
         "a b", "a[-\xC2\xA0-]{+ +}b", "a no-break space is another character"},
        {"a a a a", "a a", "a a[- a a-]", "repetition"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shown[200];
        struct text_diff diff =
            diff_of(span_of(cases[i].from), span_of(cases[i].to), TEXT_DIFF_EFFORT);
        print_diff(&diff, shown, sizeof shown);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s: %s, not %s", cases[i].what, shown, cases[i].shown);
        assert_false(diff.is_coarse);
    }
}

static unsigned next_number(unsigned *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static struct span random_text(unsigned *seed, size_t words, char *out) {
    static const char *const some[] = {
        "a",        "b",    "c",      ", ", " ",        "\xE6\x9D\xB1",
        "\xC3\xA9", "\xFF", "longer", ".",  "\xC2\xA0", "1"};
    size_t used = 0;
    for (size_t i = 0; i < words; i++) {
        const char *word = some[next_number(seed) % (sizeof some / sizeof *some)];
        memcpy(out + used, word, strlen(word));
        used += strlen(word);
    }
    return (struct span){out, used};
}

static void test_any(void **state) {
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 20000; round++) {
        char a[200], b[200];
        arena_reset(&arena);
        struct span from = random_text(&seed, next_number(&seed) % 24, a);
        struct span to = random_text(&seed, next_number(&seed) % 24, b);
        diff_of(from, to, TEXT_DIFF_EFFORT);
        diff_of(from, to, next_number(&seed) % 40);
    }
}

enum { LCS_MAX = 40 };

/* The length of the longest common run of single letters, by the table. */
static size_t common_letters(struct span a, struct span b) {
    size_t best[LCS_MAX + 1][LCS_MAX + 1] = {{0}};
    for (size_t i = 1; i <= a.bytes; i++) {
        for (size_t j = 1; j <= b.bytes; j++) {
            size_t up = best[i - 1][j], left = best[i][j - 1];
            best[i][j] = up > left ? up : left;
            if (a.at[i - 1] == b.at[j - 1])
                best[i][j] = best[i - 1][j - 1] + 1;
        }
    }
    return best[a.bytes][b.bytes];
}

/* Each letter as one of kana, which is a word by itself. */
static struct span as_kana(struct span letters, char *out) {
    for (size_t i = 0; i < letters.bytes; i++)
        memcpy(out + 3 * i, (char[]){'\xE3', '\x81', (char)(0x81 + letters.at[i] - 'a')}, 3);
    return (struct span){out, 3 * letters.bytes};
}

static void test_shortest(void **state) {
    (void)state;
    unsigned seed = 11;
    for (int round = 0; round < 5000; round++) {
        char a[LCS_MAX], b[LCS_MAX], long_a[3 * LCS_MAX], long_b[3 * LCS_MAX];
        struct span from = {a, next_number(&seed) % LCS_MAX},
                    to = {b, next_number(&seed) % LCS_MAX};
        for (size_t i = 0; i < LCS_MAX; i++) {
            a[i] = (char)('a' + next_number(&seed) % 4);
            b[i] = (char)('a' + next_number(&seed) % 4);
        }
        arena_reset(&arena);
        struct text_diff diff =
            diff_of(as_kana(from, long_a), as_kana(to, long_b), TEXT_DIFF_EFFORT);
        assert_int_equal(from.bytes - diff.deleted, common_letters(from, to));
    }
}

/* Two long texts without a word in common, and one without a space. */
static void test_bounds(void **state) {
    (void)state;
    enum { WORDS = 40000, BYTES = 400 * 1024 };
    char *a = malloc(BYTES), *b = malloc(BYTES);
    size_t used_a = 0, used_b = 0;
    assert_non_null(a);
    assert_non_null(b);
    for (int i = 0; i < WORDS && used_a < BYTES - 40; i++) {
        used_a += (size_t)snprintf(a + used_a, 12, "%x ", i);
        used_b += (size_t)snprintf(b + used_b, 12, "g%x ", i);
    }
    struct text_diff diff =
        diff_of((struct span){a, used_a / 2}, (struct span){b, used_b / 2}, 100000);
    assert_true(diff.is_coarse);
    memset(a, 'x', BYTES);
    memset(b, 'x', BYTES);
    b[BYTES / 2] = 'y';
    diff = diff_of((struct span){a, BYTES}, (struct span){b, BYTES}, TEXT_DIFF_EFFORT);
    assert_true(diff.is_coarse);
    assert_int_equal(diff.count, 2);
    free(a);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_any),
        cmocka_unit_test(test_shortest),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, setup_arena, teardown_arena);
}
