/* test_words.c: text as words: where they begin and end, and how they are folded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/text/words.h"
#include "ground/buffer.h"
#include "ground/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ARENA_BYTES = 1 << 24 };

struct text_case {
    const char *text, *expected;
};

/* What of each word is printed. */
typedef void printer(const struct word *word, struct buffer *out);

static void print_folded(const struct word *word, struct buffer *out) {
    buffer_append_span(out, word->folded);
}

static void print_exact(const struct word *word, struct buffer *out) {
    buffer_append_span(out, word->exact);
}

static void print_variant(const struct word *word, struct buffer *out) {
    buffer_append_span(out, word->variant);
}

static void print_place(const struct word *word, struct buffer *out) {
    buffer_printf(out, "%.*s@%zu-%zu", (int)word->text.bytes, word->text.at, word->start,
                  word->end);
}

static void check(printer *print, const struct text_case *cases, size_t count) {
    struct arena arena;
    struct buffer out;
    arena_init(&arena, ARENA_BYTES);
    buffer_init(&out);
    for (size_t i = 0; i < count; i++) {
        struct words words;
        struct word word;
        buffer_clear(&out);
        words_begin(&words, span_of(cases[i].text), &arena);
        while (words_next(&words, &word)) {
            if (out.used > 0)
                buffer_append_char(&out, ' ');
            print(&word, &out);
        }
        if (!span_is(buffer_span(&out), cases[i].expected))
            fail_msg("`%s`: got `%.*s`, not `%s`", cases[i].text, (int)out.used, out.bytes,
                     cases[i].expected);
    }
    buffer_fini(&out);
    arena_fini(&arena);
}

static const struct text_case folded_cases[] = {
    {"", ""},
    {" \n\t!?--", ""},
    {"The last Ferry, at 9.", "the last ferry at 9"},
    {"O'Brien O’Brien O‘Brien OʼBrien O`Brien O´Brien O＇Brien",
     "obrien obrien obrien obrien obrien obrien obrien"},
    {"don't ‘don’t’ 'don''t'", "dont dont don t"},
    {"rock 'n' roll, rock'n'roll; students' union", "rock n roll rocknroll students union"},
    {"well-known Node.js snake_case and/or", "well known node js snake case and or"},
    {"C++ C# F# A+ .NET AT&T", "c++ c# f# a+ net at t"},
    {"C++11 a+b a++b C+++ Notepad++ Disney+ 50+ #MeToo issue#5 C++.",
     "c++ 11 a b a++ b c notepad disney 50 metoo issue 5 c++"},
    {"1,000 1.000 1'000 1000 12,345,678", "1000 1000 1000 1000 12345678"},
    {"3.5 3,50 0.500 1,0000 1234,567 1,000.50", "3 5 3 50 0 500 1 0000 1234 567 1000 50"},
    {"24.11.2026 1,2,3 v1.000x a1,000", "24 11 2026 1 2 3 v1 000x a1 000"},
    {"Müller Mueller Muller", "muller mueller muller"},
    {"Straße STRASSE strasse Maß MASS GROẞ", "strasse strasse strasse mass mass gross"},
    {"café cafe\xCC\x81 CAFÉ naïve Élan", "cafe cafe cafe naive elan"},
    {"İstanbul ISTANBUL Istanbul ısı", "istanbul istanbul istanbul isi"},
    {"ΑΘΗΝΑ αθηνα Αθήνα ὈΔΥΣΣΕΎΣ Ὀδυσσεύς", "αθηνα αθηνα αθηνα οδυσσευσ οδυσσευσ"},
    {"Ёлка ёлка елка за\xCC\x81мок", "елка елка елка замок"},
    {"май маи Київ Киів Їжак ѓ", "май маи київ киів їжак ѓ"},
    {"Ærø ÆRØ Œuvre Łódź Đà Nẵng þing", "aero aero oeuvre lodz da nang thing"},
    {"Ångström Århus", "angstrom arhus"},
    {"ﬁsh Ｔｏｋｙｏ x² ½ ①", "fish tokyo x2 12 1"},
    {"so\xC2\xAD"
     "ft zero\xE2\x80\x8Bwidth jo\xE2\x81\xA0in",
     "soft zerowidth join"},
    {"no\xC2\xA0"
     "break thin\xE2\x80\x89space",
     "no break thin space"},
    {"דָּבָר דבר صَبَاح صباح أحمد احمد", "דבר דבר صباح صباح احمد احمد"},
    {"مـــرحبا مرحبا מנכ״ל", "مرحبا مرحبا מנכל"},
    {"हिन्दी की किताब", "हिन्दी की किताब"},
    {"서울 부산은", "서울 부산은"},
    {"東京都", "東京 京都 都"},
    {"都", "都"},
    {"東京 タワー!", "東京 京 タワ ワー ー"},
    {"AI東京2020年", "ai 東京 京 2020 年"},
    {"ﾊﾞｽ バス ハ\xE3\x82\x99ス", "バス ス バス ス バス ス"},
    {"ไทย", "ไท ทย ย"},
    {"ที่นี่ ๑๒", "ที่นี่ นี่ ๑๒"},
    {"ພາສາລາວ ភាសា မြန်မာ", "ພາ າສ ສາ າລ ລາ າວ ວ ភាសា សា မြန် န်မာ မာ"},
    {"col·lecció coŀlecció a · b", "colleccio colleccio a b"},
    {"a\xFF"
     "b \xE6\x9D\xE4 \xED\xA0\x80z",
     "a b z"},
    {"\xCC\x81"
     "a \xE3\x85\xA4 x\xE3\x85\xA4y",
     "a xy"},
    {"🎉 1️⃣ ok👍🏽ok", "1 ok ok"},
    {"ŉ", "n"},
    /* marks of other blocks than the first, on Latin, Cyrillic and Arabic letters */
    {"a\xE1\xAA\xB0 a\xE1\xB7\x80 a\xEF\xB8\xA0", "a a a"},
    {"\xEA\x99\x81\xCC\x81 \xE1\xB2\x80\xCC\x88", "\xEA\x99\x81 \xD0\xB2\xCC\x88"},
    {"ص\xD8\x90 ص\xD9\xB0 ص\xDB\x96 ص\xDB\xA5", "ص ص ص ص\xDB\xA5"},
    {"أ و\xD9\x94", "ا \xD8\xA4"},
    {"i\xCC\x87 a\xCC\x87 \xCC\x87", "i a"},
    {"\xEA\xA7\xA0\xEA\xA7\xA1 \xEA\xA9\xA0\xEA\xA9\xA1",
     "\xEA\xA7\xA0\xEA\xA7\xA1 \xEA\xA7\xA1 \xEA\xA9\xA0\xEA\xA9\xA1 \xEA\xA9\xA1"},
    {"東\xE2\x80\x8B\xCC\x81\xE2\x80\x8B京", "東京 京"}, /* what is not to be seen, and a mark */
    {"C#x C+ C+#", "c x c+ c+#"},
};

static void test_folded(void **state) {
    (void)state;
    check(print_folded, folded_cases, COUNT(folded_cases));
}

static void test_exact(void **state) {
    static const struct text_case cases[] = {
        {"Müller MÜLLER Mu\xCC\x88ller Muller", "müller müller müller muller"},
        {"Straße STRASSE", "strasse strasse"},
        {"İstanbul ısı Ёлка елка", "istanbul ısı ёлка елка"},
        {"Ærø Łódź C++ don’t 1,000", "ærø łódź c++ dont 1000"},
        {"Αθήνα ΑΘΗΝΑ", "αθήνα αθηνα"},
        {"صَبَاح", "صَبَاح"},
        {"東京都", "東京 京都 都"},
    };
    (void)state;
    check(print_exact, cases, COUNT(cases));
}

static void test_variants(void **state) {
    static const struct text_case cases[] = {
        {"Müller", "mueller"},
        {"Mu\xCC\x88ller", "mueller"},
        {"Äpfel", "aepfel"},
        {"schön", "schoen"},
        {"Søren", "soeren"},
        {"Århus", "aarhus"},
        {"Ærøskøbing", "aeroeskoebing"},
        {"Muller", ""},
        {"café", ""},
        {"naïve", ""},
        {"Straße", ""},
        {"Füße", "fuesse"},
        {"őr", ""},
        {"東京", ""},
    };
    (void)state;
    check(print_variant, cases, COUNT(cases));
}

static void test_places(void **state) {
    static const struct text_case cases[] = {
        {"The 'Don't' end", "The@0-3 Don't@5-10 end@12-15"},
        {"«Éa» b", "Éa@1-3 b@5-6"},
        {"東京都x", "東京@0-2 京都@1-3 都@2-3 x@3-4"},
        {"ที่นี่", "ที่นี่@0-6 นี่@3-6"},
        {"so\xC2\xAD"
         "ft\xC2\xAD b",
         "so\xC2\xAD"
         "ft@0-5 b@7-8"},
        {"\xFF\xFE"
         "a\xE6\x9D"
         "b",
         "a@2-3 b@5-6"},
        {"🎉C++, 1,000.", "C++@1-4 1,000@6-11"},
        {"cafe\xCC\x81 x", "cafe\xCC\x81@0-5 x@6-7"},
    };
    (void)state;
    check(print_place, cases, COUNT(cases));
}

/* A word that is too long is known by its beginning, the same however it is written. */
static void test_long_words(void **state) {
    static const char *const written[] = {"a", "A", "é", "東", "Ж"};
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNT(written); i++) {
        struct buffer text;
        struct words words;
        struct word word;
        buffer_init(&text);
        for (size_t n = 0; n < 5000; n++)
            buffer_append_text(&text, written[i]);
        words_begin(&words, buffer_span(&text), &arena);
        assert_true(words_next(&words, &word));
        assert_int_equal(utf8_count(word.folded), word.kind == WORD_PAIR ? 2 : WORDS_FORM_MAX);
        assert_int_equal(word.end, word.kind == WORD_PAIR ? 2 : 5000);
        buffer_fini(&text);
    }
    arena_fini(&arena);
}

/* The arena grows by little more than the bytes of what had to be written anew. */
static void test_memory(void **state) {
    struct arena arena;
    struct buffer text;
    struct words words;
    struct word word;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buffer_init(&text);
    for (size_t n = 0; n < 100000; n++)
        buffer_append_text(&text, "plain words, in lower case ");
    words_begin(&words, buffer_span(&text), &arena);
    while (words_next(&words, &word))
        assert_true(word.folded.at == word.text.at);
    assert_int_equal(arena.held_bytes, 0);
    for (size_t i = 0; i < text.used; i++)
        text.bytes[i] = text.bytes[i] == 'a' ? 'A' : text.bytes[i];
    words_begin(&words, buffer_span(&text), &arena);
    while (words_next(&words, &word))
        assert_int_equal(word.folded.bytes, word.text.bytes);
    assert_true(arena.held_bytes > 0 && arena.held_bytes < text.used + (2 << 20));
    buffer_fini(&text);
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    struct arena arena;
    struct words words;
    struct word word;
    (void)state;
    arena_init(&arena, 0);
    words_begin(&words, SPAN_LITERAL("no Memory"), &arena);
    assert_true(words_next(&words, &word));
    assert_false(words_next(&words, &word));
    assert_true(words.has_failed);
    assert_false(words_next(&words, &word));
    arena_fini(&arena);
}

static void test_version(void **state) {
    char version[WORDS_VERSION_BYTES];
    (void)state;
    words_version(version);
    assert_non_null(strstr(version, " unicode 1"));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folded),     cmocka_unit_test(test_exact),
        cmocka_unit_test(test_variants),   cmocka_unit_test(test_places),
        cmocka_unit_test(test_long_words), cmocka_unit_test(test_memory),
        cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_version),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
