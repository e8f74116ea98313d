/* test_slug.c: names as addresses, keys and sort keys; words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/text/slug.h"
#include "ground/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef struct span maker(struct span name, struct arena *arena);

static struct span make_slug(struct span name, struct arena *arena) {
    return slug_make(name, "article", arena);
}

struct text_case {
    const char *name, *expected;
};

static void check(maker *make, const struct text_case *cases, size_t count) {
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        struct span made = make(span_of(cases[i].name), &arena);
        assert_non_null(made.at);
        if (!span_is(made, cases[i].expected))
            fail_msg("`%s`: got `%.*s`, not `%s`", cases[i].name, (int)made.bytes, made.at,
                     cases[i].expected);
    }
    arena_fini(&arena);
}

static const struct text_case slug_cases[] = {
    {"Russian Foreign Minister Visits Pyongyang to Spur Peace Process",
     "russian-foreign-minister-visits-pyongyang-to-spur-peace-process"},
    {"North Korea", "north-korea"},
    {"North\xC2\xA0Korea", "north-korea"},
    {"  --North   Korea!  ", "north-korea"},
    {"C", "c"},
    {"C++", "c-plus-plus"},
    {"C#", "c-sharp"},
    {"F# and C#", "f-sharp-and-c-sharp"},
    {"#MeToo", "metoo"},
    {"Issue #5", "issue-5"},
    {"Issue#5", "issue-5"},
    {"Google+", "google-plus"},
    {"C++20", "c-plus-plus-20"},
    {"O'Brien", "obrien"},
    {"O\xE2\x80\x99"
     "Brien",
     "obrien"},
    {"the students' union", "the-students-union"},
    {"rock 'n' roll", "rock-n-roll"},
    {"Q&A", "q-a"},
    {"Smith & Sons", "smith-sons"},
    {"Lavrov&#8217;s trip", "lavrov-8217-s-trip"},
    {"Trans\xE2\x80\x93Pacific", "trans-pacific"},
    {"well\xE2\x80\x91"
     "being",
     "well-being"},
    {"Node.js", "node-js"},
    {"a/b", "a-b"},
    {"\xC3\x89lan", "\xC3\xA9lan"},
    {"E\xCC\x81lan", "\xC3\xA9lan"},
    {"STRASSE Stra\xC3\x9F"
     "e",
     "strasse-strasse"},
    {"\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\x91", "ab1"},
    {"\xEF\xAC\x81sh", "fish"},
    {"soft\xC2\xADhyphen", "softhyphen"},
    {"\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0",
     "\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0"},
    {"\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88", "\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88"},
    {"\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80",
     "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80"},
    {"\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x80\x80\xE3\x83\x8B\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xB9",
     "\xE6\x9D\xB1\xE4\xBA\xAC-\xE3\x83\x8B\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xB9"},
    {"\xF0\x9F\x98\x80 \xF0\x9F\x98\x80", "article"},
    {"1\xEF\xB8\x8F\xE2\x83\xA3", "article-1"},
    {"...", "article"},
    {"", "article"},
    {"\xCC\x81", "article"},
    {"\xFF\xFE", "article"},
    {"1984", "article-1984"},
    {" 1984! ", "article-1984"},
    {"\xD9\xA1\xD9\xA9", "article-\xD9\xA1\xD9\xA9"},
    {"1984 2", "1984-2"},
    {"1984a", "1984a"},
    {"\xC2\xBD", "1-2"},
};

static void slugs(void **state) {
    (void)state;
    check(make_slug, slug_cases, COUNT(slug_cases));
}

static void slugs_are_cut(void **state) {
    static const struct {
        const char *word;
        size_t times;
        size_t expected;
        const char *why;
    } cases[] = {
        {"a", 200, 200, "fits"},
        {"a", 201, 200, "one word is cut inside"},
        {"nine char ", 30, 199, "between words"},
        {"\xE6\x9D\xB1", 100, 198, "not inside a character"},
        {"e\xCC\xA9\xCC\xAA", 60, 200, "a letter and its marks"},
        {"a\xE0\xA4\xBF", 60, 200, "not before a mark"},
        {"7", 300, 200, "digits, with the kind in front"},
        {"77777777777777777777777777777777777777777777777777777777777777777777777777777777777777777"
         "77777777777777777777777777777777777777777777777777777777777777777777777777777777777777777"
         "77777777777777777777 x",
         1, 200, "digits once it is cut"},
        {"c++ ", 100, 198, "words that were signs"},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char name[4000] = "";
        for (size_t n = 0; n < cases[i].times; n++)
            strcat(name, cases[i].word);
        struct span slug = slug_make(span_of(name), "article", &arena);
        bool is_digits = slug.at[0] == '7' && strspn(slug.at, "0123456789") == slug.bytes;
        if (is_digits || slug.bytes > SLUG_BYTES_MAX || !utf8_is_valid(slug, NULL) ||
            slug.at[slug.bytes - 1] == '-' || slug.bytes != cases[i].expected)
            fail_msg("%s: %zu bytes: %.*s", cases[i].why, slug.bytes, (int)slug.bytes, slug.at);
    }
    arena_fini(&arena);
}

static void keys(void **state) {
    static const struct text_case cases[] = {
        {"North Korea", "north korea"},
        {" North\xC2\xA0\t Korea ", "north korea"},
        {"C++", "c++"},
        {"C", "c"},
        {"\xC3\x89LAN", "\xC3\xA9lan"},
        {"\xEF\xBC\xA3\xEF\xBC\x8B\xEF\xBC\x8B", "c++"},
        {"co\xC2\xADop", "coop"},
        {"O\xE2\x80\x99"
         "Brien",
         "o\xE2\x80\x99"
         "brien"},
        {"\xE2\x80\x8B", "\xE2\x80\x8B"},
        {"", ""},
    };
    (void)state;
    check(slug_key, cases, COUNT(cases));
}

#define ELEVEN_MARKS \
    "\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8" \
    "\xB1" \
    "\xE0\xB8\xB1\xE0\xB8\xB1\xE0\xB8\xB1"

static void sort_keys(void **state) {
    static const struct text_case cases[] = {
        {"\xE2\x80\x9C\xC3\x89lan\xE2\x80\x9D is back", "elan\xE2\x80\x9D is back"},
        {"'Tis the season", "tis the season"},
        {"...", "..."},
        {"$100", "100"},
        {"\xD0\x81\xD0\xBB\xD0\xBA\xD0\xB0", "\xD0\xB5\xD0\xBB\xD0\xBA\xD0\xB0"},
        {"\xE3\x81\x8C", "\xE3\x81\x8C"},
        {"\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88", "\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88"},
        {"1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
         "90123456789\xC3\xB8xyz",
         "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
         "90123456789"},
        {ELEVEN_MARKS ELEVEN_MARKS ELEVEN_MARKS ELEVEN_MARKS,
         ELEVEN_MARKS ELEVEN_MARKS ELEVEN_MARKS}, /* nothing but marks */
    };
    (void)state;
    check(slug_sort_key, cases, COUNT(cases));
}

static void words(void **state) {
    static const struct {
        const char *text;
        size_t count;
    } cases[] = {
        {"", 0},
        {" ... ", 0},
        {"One two three", 3},
        {"It doesn't; it doesn\xE2\x80\x99t.", 4},
        {"well-being -- or not", 3},
        {"'quoted' words-", 2},
        {"north\xC2\xA0korea", 2},
        {"cut\xE2\x80\x94off", 2},
        {"rock-'n'-roll", 3},
        {"\xC3\xA9t\xC3\xA9 E\xCC\x81t\xC3\xA9", 2},
        {"\xE6\x9D\xB1\xE4\xBA\xAC", 2},
        {"\xE3\x81\x82\xE3\x81\x84\xE3\x82\xA2", 1},
        {"\xE6\x9D\xB1\xE3\x81\xAF\xE4\xBA\xAC", 3},
        {"a\xE6\x9D\xB1"
         "b",
         3},
        {"\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88\xE0\xB8\x97", 1},
        {"\xF0\x9F\x98\x80", 0},
        {"C++ and 3.14", 4},
        {"bad \xFF\xC3 bytes", 2},
        {"\xE6\x9D\xB1-\xE2\x80\x99\xE4\xBA\xAC", 2},          /* joints that join nothing */
        {"caf\xC3\xA9-\xCC\x81s well\xE2\x80\x90\xC3\xA9", 3}, /* a mark behind one breaks it */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t count = slug_word_count(span_of(cases[i].text));
        if (count != cases[i].count)
            fail_msg("`%s`: %zu words, not %zu", cases[i].text, count, cases[i].count);
    }
}

/* Wherever memory ends: nothing, or the same as ever. */
static void no_memory(void **state) {
    static maker *const makers[] = {make_slug, slug_key, slug_sort_key};
    static const char *const names[] = {"Harbour", "\xC3\x89lan 1"};
    static const char *const expected[][2] = {
        {"harbour", "\xC3\xA9lan-1"}, {"harbour", "\xC3\xA9lan 1"}, {"harbour", "elan 1"}};
    (void)state;
    for (size_t i = 0; i < COUNT(makers) * COUNT(names); i++) {
        maker *make = makers[i / COUNT(names)];
        size_t name = i % COUNT(names), refused = 0;
        for (size_t limit = 0; limit < 512; limit += 16) {
            struct arena arena;
            arena_init(&arena, limit);
            struct span made = make(span_of(names[name]), &arena);
            refused += made.at == NULL;
            assert_int_equal(made.at == NULL, arena.has_failed);
            assert_true(made.at == NULL || span_is(made, expected[i / COUNT(names)][name]));
            arena_fini(&arena);
        }
        assert_in_range(refused, 1, 31);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs),     cmocka_unit_test(slugs_are_cut), cmocka_unit_test(keys),
        cmocka_unit_test(sort_keys), cmocka_unit_test(words),         cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
