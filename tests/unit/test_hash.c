/* test_hash.c: hashes are stored, so they must stay what they are; worked out anew with another
 * BLAKE2b. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ground/hash.h"

struct hash_case {
    const char *fields[3];
    const char *expected, *about;
};

static const struct hash_case cases[] = {
    {{NULL}, "cae66941d9efbd404e4d88758ea67670", "nothing"},
    {{"ab", "c", NULL}, "4826ed043ab3cdec576d8541fa5d5a80", "two fields"},
    {{"a", "bc", NULL}, "f14abc19c330e936bb9c8506d69bac9b", "the same bytes, other fields"},
};

static void test_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hash hash;
        char text[HASH_TEXT_BYTES];
        hash_begin(&hash);
        for (size_t f = 0; cases[i].fields[f] != NULL; f++)
            hash_add(&hash, span_of(cases[i].fields[f]));
        hash_print(&hash, text);
        if (strcmp(text, cases[i].expected) != 0)
            fail_msg("%s: %s", cases[i].about, text);
    }
}

static void test_numbers(void **state) {
    (void)state;
    struct hash hash;
    char text[HASH_TEXT_BYTES];
    hash_begin(&hash);
    hash_add_int(&hash, -1);
    hash_print(&hash, text);
    assert_string_equal(text, "976063ff7ac6a4ef175201a88249f1cd");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
