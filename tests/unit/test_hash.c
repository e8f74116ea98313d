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

/* Worked out with another BLAKE2b: what is stored must stay readable. */
static void test_digest(void **state) {
    static const char expected[] =
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
    struct hash_digest digest, again, other;
    char text[HASH_DIGEST_TEXT_BYTES];
    (void)state;
    hash_digest_of(SPAN_LITERAL("abc"), &digest);
    hash_digest_print(&digest, text);
    assert_string_equal(text, expected);
    assert_true(hash_digest_parse(span_of(text), &again));
    assert_true(hash_digest_equal(&digest, &again));
    for (size_t i = 0; i < sizeof other.bytes; i++) {
        other = digest;
        other.bytes[i] ^= 1;
        assert_false(hash_digest_equal(&digest, &other));
    }
    assert_false(hash_digest_parse((struct span){text, 63}, &again));
    assert_false(hash_digest_parse((struct span){text, 62}, &again));
    text[5] = 'g';
    assert_false(hash_digest_parse(span_of(text), &again));
    assert_false(hash_digest_parse(SPAN_LITERAL(""), &again));
}

static void test_secret(void **state) {
    char one[HASH_SECRET_TEXT_BYTES], two[HASH_SECRET_TEXT_BYTES];
    (void)state;
    assert_true(hash_secret_make(one) && hash_secret_make(two));
    assert_int_equal(strlen(one), HASH_SECRET_TEXT_BYTES - 1);
    assert_string_not_equal(one, two);
    hash_secret_wipe(one, sizeof one);
    for (size_t i = 0; i < sizeof one; i++)
        assert_int_equal(one[i], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
