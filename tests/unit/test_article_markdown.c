/* test_article_markdown.c: text shows in Markdown as it was written. */
#include "article_help.h"

#include "domain/articles/article_markdown.h"

static void paragraphs(void **state) {
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"Plain text, with (brackets) - and: signs!", "Plain text, with (brackets) - and: signs!"},
        {"*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"},
        {"a [link](x) ![i](y)", "a \\[link\\](x) !\\[i\\](y)"},
        {"<b>AT&amp;T & co</b>", "\\<b>AT\\&amp;T \\& co\\</b>"},
        {"back\\slash\\", "back\\\\slash\\\\"},
        {"~~gone~~ a | b", "\\~\\~gone\\~\\~ a \\| b"},
        {"# no heading, C# stays", "\\# no heading, C# stays"},
        {"> no quotation > b", "\\> no quotation > b"},
        {"- no item", "\\- no item"},
        {"--- ", "\\--- "},
        {"+ no item", "\\+ no item"},
        {"===", "\\==="},
        {"1. no list 2. here", "1\\. no list 2. here"},
        {"1984) no list", "1984\\) no list"},
        {"3.14 is pi", "3\\.14 is pi"},
        {"1984 was", "1984 was"},
        {"7", "7"},
        {"~~~", "\\~\\~\\~"},
        {"[a]: /b", "\\[a\\]: /b"},
        {"\xC2\xA0\xC3\xA9", "\xC2\xA0\xC3\xA9"},
    };
    struct buffer out;
    (void)state;
    buffer_init(&out);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span text = span_of(cases[i].text);
        struct article article = {.title = {"T", 1}, .paragraphs = {&text, 1}};
        struct buffer expected;
        buffer_init(&expected);
        buffer_printf(&expected, "# T\n\n%s\n", cases[i].expected);
        buffer_clear(&out);
        article_markdown_print(&article, &out);
        if (!span_equal(buffer_span(&out), buffer_span(&expected)))
            fail_msg("`%s`: %.*s", cases[i].text, (int)out.used, out.bytes);
        buffer_fini(&expected);
    }
    buffer_fini(&out);
}

static void whole_articles(void **state) {
    static const struct {
        const char *source, *expected;
    } cases[] = {
        {"C# and F #\nIda Voss and Tom Bell | 03.06.2018 | WORLD / Sea\n\nx\n\ny\n\nTags: a_b  c",
         "# C\\# and F \\#\n\nIda Voss and Tom Bell \\| 2018-06-03 \\| WORLD / Sea\n\nx\n\ny\n\n"
         "Tags: a\\_b; c\n"},
        {"T\n\nx", "# T\n\nx\n"},
        {"T\nA; B; C | undated | W\n\nx", "# T\n\nA, B and C \\| W\n\nx\n"},
        {"T\n03.06.2018\n\nx", "# T\n\n2018-06-03\n\nx\n"},
        {"T\n1. A | undated\n\nx", "# T\n\n1\\. A\n\nx\n"},
        {"T\n| undated | W\n\nx", "# T\n\nW\n\nx\n"},
    };
    struct arena arena;
    struct buffer out;
    (void)state;
    arena_init(&arena, 1 << 20);
    buffer_init(&out);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article article;
        assert_int_equal(article_text_parse(span_of(cases[i].source), &arena, &article, NULL, NULL),
                         PROBLEM_NONE);
        buffer_clear(&out);
        article_markdown_print(&article, &out);
        if (!span_is(buffer_span(&out), cases[i].expected))
            fail_msg("%s: %.*s", cases[i].source, (int)out.used, out.bytes);
    }
    buffer_fini(&out);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs),
        cmocka_unit_test(whole_articles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
