/* test_search_terms.c: an article as terms: breaks, variants, paragraphs as parts of the body. */
#include "store_help.h"

#include "domain/search/search_terms.h"

#define B " " SEARCH_BREAK " "

static void check_row(struct search_terms *terms, struct arena *arena, const char *line,
                      const char *wanted) {
    static char text[4000];
    struct search_document document;
    struct article article = article_of(line, arena);
    assert_int_equal(search_terms_make(terms, &article, arena, &document), PROBLEM_NONE);
    const struct search_article *is = &document.article;
    const struct span columns[] = {is->title, is->tags, is->authors, is->sections,
                                   is->lead,  is->body, is->variants};
    size_t used = 0;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", i > 0 ? "|" : "",
                                 (int)columns[i].bytes, columns[i].at);
    assert_int_equal(document.paragraph_count, article.paragraphs.count);
    for (size_t i = 0; i < document.paragraph_count; i++)
        used += (size_t)snprintf(
            text + used, sizeof text - used, "%s%.*s(%.*s)", i > 0 ? "~" : "|",
            (int)document.paragraphs[i].terms.bytes, document.paragraphs[i].terms.at,
            (int)document.paragraphs[i].variants.bytes, document.paragraphs[i].variants.at);
    assert_string_equal(text, wanted);
}

static void test_terms(void **state) {
    (void)state;
    static const struct {
        const char *line, *wanted;
    } rows[] = {
        {"A Visit|Ann Lee,Bob|2018-06-03|World/Asia|x,Y z|It rained.~He stayed\xC2\xA0here.",
         "a visit|x" B "y z|ann lee" B "bob|world" B "asia|it rained|" B
         "he stayed here||it rained()~he stayed here()"},
        /* Variants of short texts stand behind them; of paragraphs by themselves; both whole. */
        {"Der M\xC3\xBCller||||\xC3\x96l|Viele M\xC3\xBCller.~Ohne.~\xC3\x9C"
         "ber \xC3\x96l",
         "der muller" B "der mueller|ol" B "oel|||viele muller|" B "ohne" B
         "uber ol|viele mueller" B
         "ueber oel|viele muller(viele mueller)~ohne()~uber ol(ueber oel)"},
        /* What has no words leaves no break. */
        {"*|||||***~One.~---~Two.", "|||||one" B "two||()~one()~()~two()"},
        {"x||||,,C++|~", "x|c++||||||()"},
    };
    struct arena arena;
    struct search_terms terms;
    arena_init(&arena, 1 << 20);
    search_terms_init(&terms);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&terms, &arena, rows[i].line, rows[i].wanted);
    search_terms_fini(&terms);
    arena_fini(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    struct arena arena, small;
    struct search_terms terms;
    struct search_document document;
    arena_init(&arena, 1 << 20);
    arena_init(&small, 0);
    search_terms_init(&terms);
    struct article article = article_of("Title|||||One two.", &arena);
    assert_int_equal(search_terms_make(&terms, &article, &small, &document), PROBLEM_OUT_OF_MEMORY);
    assert_int_equal(search_terms_make(&terms, &article, &arena, &document), PROBLEM_NONE);
    assert_null(search_terms_version(&small).at);
    assert_true(search_terms_version(&arena).bytes > 0);
    search_terms_fini(&terms);
    arena_fini(&small);
    arena_fini(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
