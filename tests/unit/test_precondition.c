/* ETags: how they are printed, and which If-None-Match values they satisfy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/precondition.h"

static void prints_letter_number_and_hash(void **state) {
    (void)state;
    char etag[ETAG_BYTES], other[ETAG_BYTES];
    etag_print(etag, 'v', 12, 7, SPAN_LITERAL("json?"));
    assert_memory_equal(etag, "\"v12-", 5);
    assert_int_equal(strlen(etag), 5 + 16 + 1);
    assert_int_equal(etag[strlen(etag) - 1], '"');
    etag_print(other, 'v', 12, 7, SPAN_LITERAL("json?pretty=1"));
    assert_string_not_equal(etag, other);
    etag_print(other, 'v', 12, 8, SPAN_LITERAL("json?"));
    assert_string_not_equal(etag, other);
    etag_print(other, 's', 12, 7, SPAN_LITERAL("json?"));
    assert_string_not_equal(etag, other);
    etag_print(other, 'b', 12, 7, SPAN_LITERAL("json?"));
    assert_memory_equal(other, "\"b-", 3);
    /* FNV-1a of no bytes is its offset basis. */
    etag_print(other, 's', INT64_MAX, 7, SPAN_LITERAL(""));
    assert_string_equal(other, "\"s9223372036854775807-cbf29ce484222325\"");
}

struct row {
    const char *value;
    bool is_match;
    const char *about;
};

#define TAG "\"v2-0123456789abcdef\""
#define BARE "v2-0123456789abcdef"

static const struct row rows[] = {
    {TAG, true, "the tag"},
    {"W/" TAG, true, "weak"},
    {"w/" TAG, true, "weak, as some proxies write it"},
    {"*", true, "any"},
    {" \t" TAG " ", true, "blanks around"},
    {"\"a\", " TAG, true, "second of a list"},
    {"\"a\"," TAG ",\"b\"", true, "middle of a list without blanks"},
    {"\"a\" , W/" TAG, true, "blanks before the comma"},
    {",, \"a\",," TAG ",", true, "empty members"},
    {"\"a,b\", " TAG, true, "a comma inside a tag"},
    {"\"" BARE "-gzip\"", true, "suffixed by Apache"},
    {"\"" BARE "--gzip\"", true, "suffixed by Jetty"},
    {"\"" BARE ";gzip\"", true, "suffixed with a semicolon"},
    {"\"" BARE "-br\"", true, "suffixed for brotli"},
    {"\"" BARE "-zstd\"", true, "suffixed for zstd"},
    {TAG "-gzip", true, "suffixed outside the quotes"},
    {TAG ";gzip, \"a\"", true, "suffixed outside the quotes, in a list"},
    {"W/\"" BARE "-gzip\"", true, "weak and suffixed"},
    {"", false, "empty"},
    {" ", false, "blank"},
    {",", false, "a comma"},
    {"\"a\"", false, "another"},
    {BARE, false, "no quotes"},
    {"\"" BARE, false, "no closing quote"},
    {"\"" BARE "x\"", false, "longer"},
    {"\"" BARE "-gzipx\"", false, "no suffix that we know"},
    {"\"" BARE "---gzip\"", false, "too many hyphens"},
    {"\"" BARE "-\"", false, "a hyphen alone"},
    {"\"v2-0123456789abcde\"", false, "shorter"},
    {"\"V2-0123456789ABCDEF\"", false, "letter case counts"},
    {"\"*\"", false, "a star in quotes"},
    {"*, \"a\"", false, "a star in a list"},
    {"W/", false, "W alone"},
    {"W", false, "half a W/"},
    {"Wx", false, "a W without its slash"},
    {"W/W/" TAG, false, "weak twice"},
    {TAG "x", false, "text behind the tag"},
    {TAG " x", false, "text behind the tag and a blank"},
    {TAG " " TAG, false, "no comma between"},
    {"x, " TAG, false, "a malformed member before"},
    {TAG ", x", false, "a malformed member behind"},
};

static void matches_as_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (etag_matches(span_of(rows[i].value), TAG) != rows[i].is_match)
            fail_msg("%s: %s", rows[i].about, rows[i].value);
    }
    assert_false(etag_matches((struct span){NULL, 0}, TAG));
}

/* As which codings the tags are: bits, and R for what a proxy changed. */
#define I 1U << CODING_IDENTITY
#define G 1U << CODING_GZIP
#define B 1U << CODING_BR
#define Z 1U << CODING_ZSTD
#define R (unsigned)ETAG_REWRITTEN

static const struct {
    const char *value;
    unsigned found;
    const char *about;
} find_rows[] = {
    {TAG, I, "ours"},
    {"\"" BARE "-gzip\"", G, "ours of gzip"},
    {"\"" BARE "-br\", \"" BARE "-zstd\"", B | Z, "of two codings"},
    {"W/\"" BARE "-br\"", B | R, "made weak: perhaps decoded on the way"},
    {"W/" TAG, I | R, "made weak: perhaps coded on the way"},
    {"\"" BARE ";gzip\"", R, "coded on the way"},
    {"\"" BARE "--gzip\"", R, "coded on the way"},
    {"\"" BARE "-deflate\"", R, "in a coding that is not ours"},
    {TAG "-gzip", I | R, "a suffix outside"},
    {"\"" BARE "-br\"-gzip", B | R, "ours with a suffix outside"},
    {"\"" BARE "-identity\"", 0, "no suffix of ours"},
    {"*", R, "any"},
    {"\"x\"", 0, "another"},
    {TAG ", x", 0, "malformed"},
};

static void finds_the_coding(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof find_rows / sizeof find_rows[0]; i++) {
        if (etag_find(span_of(find_rows[i].value), TAG) != (find_rows[i].found))
            fail_msg("%s: %s", find_rows[i].about, find_rows[i].value);
    }
    for (enum coding coding = CODING_IDENTITY; coding < CODING_COUNT; coding++) {
        char etag[ETAG_BYTES], longest[ETAG_BYTES];
        etag_print_coded(etag, TAG, coding);
        assert_int_equal(etag_find(span_of(etag), TAG), 1U << coding);
        etag_print(longest, 'v', INT64_MAX, INT64_MAX, SPAN_LITERAL("x"));
        etag_print_coded(etag, longest, coding);
        assert_int_equal(etag_find(span_of(etag), longest), 1U << coding);
    }
}

/* The hash begins with what stands for article 7, as etag_print() says it. */
#define SEVEN "4c9bf875"

/* Of article 7 at version 3 since seq 17. */
static const struct {
    const char *value;
    bool fits;
    const char *about;
} fit_rows[] = {
    {"\"v3-" SEVEN "89abcdef\"", true, "its tag"},
    {"\"v3-" SEVEN "76543210\"", true, "of another representation"},
    {"\"v3-0123456789abcdef\"", false, "of another article"},
    {"\"v3\"", true, "the version alone"},
    {"W/\"v3-" SEVEN "89abcdef\"", true, "made weak"},
    {"\"v3-" SEVEN "89abcdef-gzip\"", true, "suffixed inside"},
    {"\"v3-" SEVEN "89abcdef\"-gzip", true, "suffixed outside"},
    {"\"a\", \"v3-x\"", true, "in a list"},
    {" * ", true, "a star"},
    {"\"s17-0123456789abcdef\"", true, "read when it was written"},
    {"\"s18-0123456789abcdef\"", true, "read later"},
    {"\"s16-0123456789abcdef\"", false, "read before"},
    {"\"v2-0123456789abcdef\"", false, "an older version"},
    {"\"v4-0123456789abcdef\"", false, "a newer version"},
    {"\"v30-0123456789abcdef\"", false, "begins alike"},
    {"\"v03-0123456789abcdef\"", false, "a leading zero"},
    {"\"v-3\"", false, "no number"},
    {"\"v\"", false, "a letter alone"},
    {"\"3\"", false, "no letter"},
    {"\"b-0123456789abcdef\"", false, "of the program"},
    {"\"v3x\"", false, "something behind the number"},
    {"\"v99999999999999999999999\"", false, "a number too large"},
    {"\"s99999999999999999999999-x\"", false, "a seq too large"},
    {"v3", false, "no quotes"},
    {"\"v3-x", false, "no closing quote"},
    {"", false, "empty"},
    {"\"\"", false, "empty in quotes"},
    {"*, \"v3\"", false, "a star in a list"},
    {"\"x3-" SEVEN "\"", false, "another letter"},
};

static void fits_by_version_and_seq(void **state) {
    (void)state;
    char etag[ETAG_BYTES];
    etag_print(etag, 'v', 3, 7, SPAN_LITERAL("/v1/articles/fog?"));
    assert_true(etag_fits(span_of(etag), 3, 17, 7));
    assert_false(etag_fits(span_of(etag), 3, 17, 8));
    assert_memory_equal(etag, "\"v3-" SEVEN, 12);
    for (size_t i = 0; i < sizeof fit_rows / sizeof fit_rows[0]; i++) {
        if (etag_fits(span_of(fit_rows[i].value), 3, 17, 7) != fit_rows[i].fits)
            fail_msg("%s: %s", fit_rows[i].about, fit_rows[i].value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_letter_number_and_hash),
        cmocka_unit_test(matches_as_the_table_says),
        cmocka_unit_test(finds_the_coding),
        cmocka_unit_test(fits_by_version_and_seq),
    };
    return cmocka_run_group_tests_name("precondition", tests, NULL, NULL);
}
