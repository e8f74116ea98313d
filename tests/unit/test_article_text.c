/* test_article_text.c: source text as it comes: what it means, or where and why it is refused. */
#include "article_help.h"

struct reading {
    const char *source;
    const char *expected; /* as help_describe() says */
};

static void check_readings(const struct reading *cases, size_t count) {
    struct arena arena;
    struct buffer got;
    arena_init(&arena, 1 << 24);
    buffer_init(&got);
    for (size_t i = 0; i < count; i++) {
        struct article article;
        struct fault fault;
        fault_init(&fault);
        if (article_text_parse(span_of(cases[i].source), &arena, &article, NULL, &fault) !=
            PROBLEM_NONE)
            fail_msg("`%s`: %zu:%zu: %s", cases[i].source, fault.line, fault.column, fault.text);
        buffer_clear(&got);
        help_describe(&article, &got);
        if (!span_is(buffer_span(&got), cases[i].expected))
            fail_msg("`%s`: got `%.*s`, not `%s`", cases[i].source, (int)got.used, got.bytes,
                     cases[i].expected);
        arena_reset(&arena);
    }
    buffer_fini(&got);
    arena_fini(&arena);
}

static void layouts(void **state) {
    static const struct reading cases[] = {
        {"T\nIda Voss | 03.06.2018 | WORLD / Sea\n\nT\n\nOne.\n\nTwo.\n\nTags: A\xC2\xA0 B",
         "T [Ida Voss] 2018-06-03 (WORLD/Sea) {A/B} One.\xC2\xB6Two."},
        {"T\r\nIda Voss | 03.06.2018 | W\r\n\r\nT\r\n\r\nOne.\r\n",
         "T [Ida Voss] 2018-06-03 (W) {} One."},
        {"T\rIda Voss | 03.06.2018 | W\r\rT\r\rOne.\r", "T [Ida Voss] 2018-06-03 (W) {} One."},
        {"\n \n\xC2\xA0\nT\n\n\n\nOne.\n \t \nTwo.\n\n\n", "T []  () {} One.\xC2\xB6Two."},
        {"T\n\nT\n\nOne.", "T []  () {} One."},
        {"T\n\nT\n\nT\n\nOne.", "T []  () {} T\xC2\xB6One."},
        {"The  Title\nA | 03.06.2018 | W\n\nTHE TITLE\n\nOne.",
         "The  Title [A] 2018-06-03 (W) {} One."},
        {"T\nA | 03.06.2018 | W\nOne.", "T [A] 2018-06-03 (W) {} One."},
        {"T\nA | 03.06.2018 | W\n\nT\nOne.\n\nTwo.", "T [A] 2018-06-03 (W) {} One.\xC2\xB6Two."},
        {"T\n\nA | 03.06.2018 | W\n\nOne.", "T [A] 2018-06-03 (W) {} One."},
        {"T\n\nA | 03.06.2018 | W\n\nT\n\nOne.", "T [A] 2018-06-03 (W) {} One."},
        {"T\n\nT\nA | 03.06.2018 | W\n\nOne.", "T [A] 2018-06-03 (W) {} One."},
        {"T\n\nT\n\nA | 03.06.2018 | W\n\nOne.", "T []  () {} A | 03.06.2018 | W\xC2\xB6One."},
        {"A long\ntitle\nA | 03.06.2018 | W\n\nA long title\n\nOne.",
         "A long title [A] 2018-06-03 (W) {} One."},
        {"A long\ntitle\n\nA long\n title\n\nOne.", "A long title []  () {} One."},
        {"T\n\nOne line\n  and\tmore \nend.\n\nTwo.",
         "T []  () {} One line and\tmore end.\xC2\xB6Two."},
        {"T\n\n\xC2\xA0"
         "kept\xC2\xA0inside  here\xC2\xA0\n",
         "T []  () {} kept\xC2\xA0inside  here"},
        {"A | B\n\nOne.", "A | B []  () {} One."},
        {"03.06.2018\n\nOne.", "03.06.2018 []  () {} One."},
    };
    (void)state;
    check_readings(cases, COUNT(cases));
}

static void bylines(void **state) {
    static const struct reading cases[] = {
        {"T\nA | 2018-06-03 | W\n\nx", "T [A] 2018-06-03 (W) {} x"},
        {"T\nA|3.6.2018|W\n\nx", "T [A] 2018-06-03 (W) {} x"},
        {"T\nA | 3. 6. 2018 | W\n\nx", "T [A] 2018-06-03 (W) {} x"},
        {"T\nA | 2018/6/3 | W\n\nx", "T [A] 2018-06-03 (W) {} x"},
        {"T\nA | 25/12/2018 | W\n\nx", "T [A] 2018-12-25 (W) {} x"},
        {"T\nA | 12-25-2018 | W\n\nx", "T [A] 2018-12-25 (W) {} x"},
        {"T\nA | 06/06/2018 | W\n\nx", "T [A] 2018-06-06 (W) {} x"},
        {"T\nA | 3 June 2018 | W\n\nx", "T [A] 2018-06-03 (W) {} x"},
        {"T\nA | Sept. 3, 2018 | W\n\nx", "T [A] 2018-09-03 (W) {} x"},
        {"T\nA | 03.06.2018\n\nx", "T [A] 2018-06-03 () {} x"},
        {"T\n03.06.2018 | W\n\nx", "T [] 2018-06-03 (W) {} x"},
        {"T\n03.06.2018\n\nx", "T [] 2018-06-03 () {} x"},
        {"T\n| 03.06.2018 |\n\nx", "T [] 2018-06-03 () {} x"},
        {"T\nA | undated | W\n\nx", "T [A]  (W) {} x"},
        {"T\nundated | 03.06.2018 | undated\n\nx", "T [undated] 2018-06-03 (undated) {} x"},
        {"T\nA | 03.06.2018 | News / World / / Asia\n\nx",
         "T [A] 2018-06-03 (News/World/Asia) {} x"},
        {"T\nA | 03.06.2018 | News /;\n\nx", "T [A] 2018-06-03 (News) {} x"},
        {"T\nA | 03.06.2018 | News / /; / Asia\n\nx", "T [A] 2018-06-03 (News/Asia) {} x"},
        {"T\nA | 03.06.2018 | TCP\xE2\x88\x95"
         "IP\n\nx",
         "T [A] 2018-06-03 (TCP\xE2\x88\x95"
         "IP) {} x"},
    };
    (void)state;
    check_readings(cases, COUNT(cases));
}

static void authors(void **state) {
    static const struct {
        const char *field, *expected;
    } cases[] = {
        {"Ida Voss", "Ida Voss"},
        {"Ida Voss and Tom Bell", "Ida Voss/Tom Bell"},
        {"Ida Voss, Tom Bell and Eva Roux", "Ida Voss/Tom Bell/Eva Roux"},
        {"Ida Voss, Tom Bell, and Eva Roux", "Ida Voss/Tom Bell/Eva Roux"},
        {"Ida Voss, Tom Bell", "Ida Voss/Tom Bell"},
        {"Ida Voss and Tom Bell and Eva Roux", "Ida Voss/Tom Bell/Eva Roux"},
        {"ida voss, tom and eva roux", "ida voss/tom/eva roux"},
        {"Ida, Tom and Eva", "Ida/Tom/Eva"},
        {"Voss, Ida", "Voss, Ida"},
        {"Ida Voss, PhD", "Ida Voss, PhD"},
        {"Ida Voss, M.D., PhD", "Ida Voss, M.D., PhD"},
        {"Ida Voss, Jr.", "Ida Voss, Jr."},
        {"Ida Voss, Jr", "Ida Voss, Jr"},
        {"Ida Voss, Sr, Tom Bell", "Ida Voss, Sr/Tom Bell"},
        {"Ida Voss, Esq and Tom Bell", "Ida Voss, Esq/Tom Bell"},
        {"PhD, Ida Voss", "PhD, Ida Voss"},
        {"Ida Voss, PhD, Tom Bell and Eva Roux, M.D.", "Ida Voss, PhD/Tom Bell/Eva Roux, M.D."},
        {"Harbour Office, City of Winterport", "Harbour Office, City of Winterport"},
        {"Office of Harbours, HQ", "Office of Harbours, HQ"},
        {"Institute of Winds and Tides Team", "Institute of Winds and Tides Team"},
        {"Winds, Tides and Open Sea Charts Working Group",
         "Winds, Tides and Open Sea Charts Working Group"},
        {"NASA, NOAA and USGS", "NASA/NOAA/USGS"},
        {"Ludwig van der Berg Linden and Ida Voss", "Ludwig van der Berg Linden/Ida Voss"},
        {"\xC3\x89va Roux and \xC3\x98ystein Vik", "\xC3\x89va Roux/\xC3\x98ystein Vik"},
        {"Ida Voss; Office of Winds and Tides", "Ida Voss/Office of Winds and Tides"},
        {"Winds and Tides;", "Winds and Tides"},
        {"Se&#225;n Roe and Ida Voss", "Se&#225;n Roe/Ida Voss"},
        {"Andr&#233; Roe", "Andr&#233; Roe"},
        {"Ida Voss, IDA VOSS and Ida\xC2\xA0Voss", "Ida Voss"},
        {"Alexander Anderson", "Alexander Anderson"},
        {"Ida Voss and", "Ida Voss and"},
    };
    struct arena arena;
    struct buffer source, got;
    (void)state;
    arena_init(&arena, 1 << 24);
    buffer_init(&source);
    buffer_init(&got);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article article;
        buffer_clear(&source);
        buffer_clear(&got);
        buffer_printf(&source, "T\n%s | 03.06.2018 | W\n\nx", cases[i].field);
        assert_int_equal(article_text_parse(buffer_span(&source), &arena, &article, NULL, NULL),
                         PROBLEM_NONE);
        help_join(&article.authors, "/", &got);
        if (!span_is(buffer_span(&got), cases[i].expected))
            fail_msg("`%s`: got `%.*s`", cases[i].field, (int)got.used, got.bytes);
    }
    buffer_fini(&got);
    buffer_fini(&source);
    arena_fini(&arena);
}

static void tags(void **state) {
    static const struct {
        const char *lines, *expected; /* after the paragraph `x` and a line end */
    } cases[] = {
        {"\nTags: North Korea\xC2\xA0 Lavrov", "North Korea/Lavrov"},
        {"\nTags: North Korea  Lavrov\n\n", "North Korea/Lavrov"},
        {"\nTags: North Korea\tLavrov", "North Korea/Lavrov"},
        {"\nTags: North\xC2\xA0Korea", "North\xC2\xA0Korea"},
        {"\nTags: North Korea, Lavrov", "North Korea/Lavrov"},
        {"\nTags: North Korea,Lavrov,", "North Korea/Lavrov"},
        {"\nTags: North Korea; Lavrov, Sergei", "North Korea/Lavrov, Sergei"},
        {"\nTags: Diversity, equity, and inclusion", "Diversity, equity, and inclusion"},
        {"\nTags: Diversity, equity, and inclusion\xC2\xA0 Hiring",
         "Diversity, equity, and inclusion/Hiring"},
        {"\nTags: Crime, Law and order", "Crime/Law and order"},
        {"\nTags: A,  B,  C", "A/B/C"},
        {"\nTags: 1,000 ships, harbours", "1,000 ships/harbours"},
        {"\nTags: AT&amp;T  Caf&#233;", "AT&amp;T/Caf&#233;"},
        {"\nTags: AT&amp;T", "AT&amp;T"},
        {"\nTags: AT&; T", "AT&/T"},                   /* no reference */
        {"\nTags: &abcdefghijk; T", "&abcdefghijk/T"}, /* too long for one */
        {"\nTags: Cats, dogs, or birds", "Cats, dogs, or birds"},
        {"\nTags: Cats, dogs, orbits", "Cats/dogs/orbits"},
        {"\nTags: A, B;", "A, B"},
        {"\nTAGS : A", "A"},
        {"\ntags:A", "A"},
        {"\nTags:", ""},
        {"\nTags:  \xC2\xA0 ", ""},
        {"\nTags:\nNorth Korea\nLavrov", "North Korea/Lavrov"},
        {"\nTags: North Korea\xC2\xA0 Lavrov\nRussia", "North Korea/Lavrov/Russia"},
        {"\nTags: North\nKorea, Lavrov,\nRussia", "North Korea/Lavrov/Russia"},
        {"Tags: A", "A"},
        {"\nTags: A  a  B  \xEF\xBC\xA1", "A/B"},
        {"", ""},
    };
    struct arena arena;
    struct buffer source, got;
    (void)state;
    arena_init(&arena, 1 << 24);
    buffer_init(&source);
    buffer_init(&got);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article article;
        buffer_clear(&source);
        buffer_clear(&got);
        buffer_printf(&source, "T\n\nx\n%s", cases[i].lines);
        assert_int_equal(article_text_parse(buffer_span(&source), &arena, &article, NULL, NULL),
                         PROBLEM_NONE);
        help_join(&article.tags, "/", &got);
        if (!span_is(buffer_span(&got), cases[i].expected) || article.paragraphs.count != 1 ||
            !span_is(article.paragraphs.items[0], "x"))
            fail_msg("`%s`: got `%.*s`", cases[i].lines, (int)got.used, got.bytes);
    }
    buffer_fini(&got);
    buffer_fini(&source);
    arena_fini(&arena);
}

static void only_the_last_tags_are_tags(void **state) {
    static const struct reading cases[] = {
        {"T\n\nTags: A\n\nx", "T []  () {} Tags: A\xC2\xB6x"},
        {"T\n\nTags: A\n\nTags: B", "T []  () {B} Tags: A"},
        {"T\n\nx\n\nTags: A\n\nTags:\n", "T []  () {} x\xC2\xB6Tags: A"},
        {"Tags: T\n\nTags: T\n\nx", "Tags: T []  () {} x"},
        {"T\n\nTagsx: A", "T []  () {} Tagsx: A"},
        {"T\n\nTags  ", "T []  () {} Tags"},
    };
    (void)state;
    check_readings(cases, COUNT(cases));
}

struct encoded {
    const char *bytes;
    size_t count;
    enum article_text_encoding encoding;
    const char *paragraph;
};

#define ENCODED(bytes, encoding, paragraph) \
    { bytes, sizeof bytes - 1, encoding, paragraph }

static void encodings(void **state) {
    static const struct encoded cases[] = {
        ENCODED("T\n\nx", ARTICLE_TEXT_UTF8, "x"),
        ENCODED("T\n\n\xC3\xA9", ARTICLE_TEXT_UTF8, "\xC3\xA9"),
        ENCODED("\xEF\xBB\xBFT\n\n\xC3\xA9", ARTICLE_TEXT_UTF8_BOM, "\xC3\xA9"),
        ENCODED("\xFF\xFET\0\n\0\r\0\n\0\x3D\xD8\0\xDE", ARTICLE_TEXT_UTF16LE, "\xF0\x9F\x98\x80"),
        ENCODED("\xFE\xFF\0T\0\r\0\n\0\n\x20\xAC", ARTICLE_TEXT_UTF16BE, "\xE2\x82\xAC"),
        ENCODED("T\n\nIt\x92s \x80 5 caf\xE9", ARTICLE_TEXT_WINDOWS1252,
                "It\xE2\x80\x99s \xE2\x82\xAC 5 caf\xC3\xA9"),
        ENCODED("T\r\n\r\n\xC9\x94 \xE9 \xE9", ARTICLE_TEXT_WINDOWS1252,
                "\xC3\x89\xE2\x80\x9D \xC3\xA9 \xC3\xA9"),
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article article;
        struct article_text_report report;
        struct span bytes = {cases[i].bytes, cases[i].count};
        assert_int_equal(article_text_parse(bytes, &arena, &article, &report, NULL), PROBLEM_NONE);
        assert_int_equal(report.encoding, cases[i].encoding);
        assert_false(report.has_byline);
        assert_true(span_is(article.title, "T"));
        if (!span_is(article.paragraphs.items[0], cases[i].paragraph))
            fail_msg("%zu: %.*s", i, (int)article.paragraphs.items[0].bytes,
                     article.paragraphs.items[0].at);
    }
    arena_fini(&arena);
    assert_string_equal(article_text_encoding_name(ARTICLE_TEXT_WINDOWS1252), "Windows-1252");
}

struct refusal {
    const char *bytes;
    size_t count;
    size_t line, column;
    const char *says; /* part of the sentence */
};

#define REFUSAL(bytes, line, column, says) \
    { bytes, sizeof bytes - 1, line, column, says }

#define TEN_BLANKS "          "
#define SEVENTY_FOUR_BLANKS \
    TEN_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS TEN_BLANKS "    "

static const struct refusal refusal_cases[] = {
    REFUSAL("", 1, 1, "the text is empty"),
    REFUSAL("\xEF\xBB\xBF \r\n\n", 1, 1, "the text is empty"),
    REFUSAL("Title", 1, 6, "no paragraph"),
    REFUSAL("Title\n\nTitle\n", 4, 1, "no paragraph"),
    REFUSAL("T\nA | 03.06.2018 | W\n\nT\n\nTags: A", 6, 1, "no paragraph"),
    REFUSAL("Tags: A", 1, 1, "no title"),
    REFUSAL("A | 03.06.2018 | W\n\nx", 1, 1, "no title"),
    REFUSAL("T\nAlex | WORLD / Asia\n\nx", 2, 8, "no date"),
    REFUSAL("T\nAlex | WORLD | Asia\n\nx", 2, 8, "no date"),
    REFUSAL("T\nAlex |  | Asia\n\nx", 2, 9, "no date"),
    REFUSAL("T\n\xC3\x89va | 31.02.2018 | W\n\nx", 2, 7, "31.02.2018 does not exist"),
    REFUSAL("T\r\nA | 2018-13-01 | W\r\n\r\nx", 2, 5, "2018-13-01 does not exist"),
    REFUSAL("T\nA | 06/03/2018 | W\n\nx", 2, 5, "write DD.MM.YYYY or YYYY-MM-DD"),
    REFUSAL("T\nA | 03-06-2018 | W\n\nx", 2, 5, "day or the month first"),
    REFUSAL("T\nA | 03.06.18 | W\n\nx", 2, 5, "four digits"),
    REFUSAL("T\n\nA | 31.02.2018 | W\n\nx", 3, 5, "does not exist"),
    REFUSAL("T\nA | 31.02." SEVENTY_FOUR_BLANKS TEN_BLANKS "2018 | W\n\nx", 2, 5,
            "31.02." SEVENTY_FOUR_BLANKS " does not exist"),
    REFUSAL("T\nA | 03.06.2018 | W | more\n\nx", 2, 22, "fourth field"),
    REFUSAL("T\nA | 03.06.2018 | W\nB | 04.06.2018 | V\n\nx", 3, 1, "second byline"),
    REFUSAL("T\nA | 03.06.2018 | W\n\nB | 04.06.2018 | V\n\nx", 4, 1, "second byline"),
    REFUSAL("T\nA | 03.06.2018 | W\n\nT\nB | 04.06.2018 | V\n\nx", 5, 1, "second byline"),
    REFUSAL("T\nnot a byline\n\nx", 2, 1, "a byline"),
    REFUSAL("T\nsubtitle\nA | 03.06.2018 | W\n\nT\n\nx", 2, 1, "a byline"),
    REFUSAL("T\n\na\0b", 3, 2, "NUL"),
    REFUSAL("T\n\n\xC3\xA9\x07", 3, 2, "U+0007 is not text"),
    REFUSAL("T\n\na\x0C", 3, 2, "U+000C is not text"),
    REFUSAL("T\n\na\x7F", 3, 2, "U+007F is not text"),
    REFUSAL("T\n\na\xC2\x85", 3, 2, "U+0085 is not text"),
    REFUSAL("T\n\na\xEF\xBF\xBE", 3, 2, "U+FFFE is not text"),
    REFUSAL("T\n\na\xF0\x9F\xBF\xBF", 3, 2, "U+1FFFF is not text"),
    REFUSAL("T\n\na\xEF\xB7\x90", 3, 2, "U+FDD0 is not text"),
    REFUSAL("\xEF\xBB\xBFT\n\nab\xE9", 3, 3, "0xE9 is not UTF-8"),
    REFUSAL("T\n\n\xC3\xA9\xC3\xA9\xE9", 3, 3, "0xE9 is not UTF-8"),
    REFUSAL("T\n\na\x81", 3, 2, "neither UTF-8 nor Windows-1252"),
    REFUSAL("\xFF\xFET\0\n\0\n\0\x3D\xD8x\0", 3, 1, "0xD83D"),
    REFUSAL("\xFE\xFF\0T\0\n\0\n\xDE\x00", 3, 1, "0xDE00"),
    REFUSAL("\xFE\xFF\0T\0\n\0\n\xD8\x3D", 3, 1, "0xD83D"),
    REFUSAL("\xFE\xFF\0T\0\n\0\n\xD8\x3D\xE0\x00", 3, 1, "0xD83D"),
    REFUSAL("\xFF\xFET\0\n\0\n\0x\0y", 3, 2, "half a character"),
    REFUSAL("\xFF\xFE\0\0T\0\0\0", 1, 1, "NUL"),
    REFUSAL("T\0\n\0", 1, 2, "UTF-16 with a byte order mark"),
    REFUSAL("\x89PNG\r\n\x1A\n", 2, 1, "U+001A is not text"),
};

static void refusals(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(refusal_cases); i++) {
        struct article article;
        struct fault fault;
        fault_init(&fault);
        struct span bytes = {refusal_cases[i].bytes, refusal_cases[i].count};
        enum problem problem = article_text_parse(bytes, &arena, &article, NULL, &fault);
        if (problem != PROBLEM_BAD_SOURCE || fault.line != refusal_cases[i].line ||
            fault.column != refusal_cases[i].column ||
            strstr(fault.text, refusal_cases[i].says) == NULL)
            fail_msg("%zu `%s`: %d %zu:%zu: %s", i, refusal_cases[i].bytes, (int)problem,
                     fault.line, fault.column, fault.text);
        assert_int_equal(article_text_parse(bytes, &arena, &article, NULL, NULL),
                         PROBLEM_BAD_SOURCE);
    }
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),
        cmocka_unit_test(bylines),
        cmocka_unit_test(authors),
        cmocka_unit_test(tags),
        cmocka_unit_test(only_the_last_tags_are_tags),
        cmocka_unit_test(encodings),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
