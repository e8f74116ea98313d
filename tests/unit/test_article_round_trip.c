/* test_article_round_trip.c: articles put together at random, from pieces that mean something in
 * the source format. What article_check() accepts is printed so that it parses back to the same. */
#include "article_help.h"

#include "../fuzz/article_round_trip.h"
#include "domain/text/source_text.h"

enum { ROUNDS = 30000, PIECES_MAX = 6 };

static const char *const pieces[] = {
    "Ida",
    "Voss",
    "Tom Bell",
    " and ",
    ", ",
    ",",
    "; ",
    ";",
    " ; ",
    "|",
    " | ",
    "/",
    " / ",
    "Tags:",
    "Tags",
    "undated",
    "&amp;",
    "&amp",
    "&#8217;",
    "PhD",
    "M.D.",
    "Jr.",
    "of",
    "03.06.2018",
    "  ",
    " ",
    "\t",
    "\xC2\xA0",
    "\xC2\xA0 ",
    "\xE3\x80\x80",
    "1,000",
    "C++",
    "x",
    "A",
    "\xC3\x89lan",
    "\xE2\x80\x8B",
    "and inclusion",
    "31.02.2018",
    "\xEF\xBB\xBF",
    ":",
};

/* A generator of our own, so that every machine sees the same articles. */
static uint32_t next_random(uint64_t *seed, uint32_t below) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

static struct span make_text(uint64_t *seed, struct arena *arena) {
    char *text = arena_alloc(arena, 256);
    assert_non_null(text);
    char *end = text;
    for (uint32_t n = 1 + next_random(seed, PIECES_MAX); n > 0; n--)
        end = stpcpy(end, pieces[next_random(seed, COUNT(pieces))]);
    struct span made = {text, (size_t)(end - text)};
    return next_random(seed, 20) == 0 ? made : source_text_trim(made);
}

static struct span_list make_list(uint64_t *seed, uint32_t most, struct arena *arena) {
    struct span_list list = {arena_alloc(arena, 8 * sizeof *list.items), next_random(seed, most)};
    assert_non_null(list.items);
    for (size_t i = 0; i < list.count; i++)
        list.items[i] = make_text(seed, arena);
    return list;
}

static struct article make_article(uint64_t *seed, struct arena *arena) {
    struct article article = {
        .title = make_text(seed, arena),
        .authors = make_list(seed, 4, arena),
        .section = make_list(seed, 3, arena),
        .tags = make_list(seed, 4, arena),
        .paragraphs = make_list(seed, 4, arena),
    };
    if (next_random(seed, 2) == 0)
        strcpy(article.published, "2018-06-03");
    if (article.paragraphs.count > 0 && next_random(seed, 8) == 0)
        article.paragraphs.items[0] = article.title;
    return article;
}

static void checked_articles(void **state) {
    struct arena arena;
    uint64_t seed = 1;
    size_t accepted = 0;
    (void)state;
    arena_init(&arena, 1 << 24);
    for (int i = 0; i < ROUNDS; i++) {
        struct article article = make_article(&seed, &arena);
        if (article_check(&article, NULL) == PROBLEM_NONE) {
            round_trip_check(&article, &arena);
            accepted++;
        }
        arena_reset(&arena);
    }
    arena_fini(&arena);
    assert_in_range(accepted, ROUNDS / 50, ROUNDS - ROUNDS / 50);
}

/* The same pieces as lines of a source. */
static void parsed_texts(void **state) {
    static const char *const ends[] = {"\n", "\n\n", "\r\n", " \n\t\n", " "};
    struct arena arena;
    struct buffer source;
    uint64_t seed = 2;
    size_t accepted = 0;
    (void)state;
    arena_init(&arena, 1 << 24);
    buffer_init(&source);
    for (int i = 0; i < ROUNDS; i++) {
        struct article article;
        buffer_clear(&source);
        for (uint32_t n = 1 + next_random(&seed, 8); n > 0; n--) {
            buffer_append_span(&source, make_text(&seed, &arena));
            buffer_append_text(&source, ends[next_random(&seed, COUNT(ends))]);
        }
        if (article_text_parse(buffer_span(&source), &arena, &article, NULL, NULL) ==
            PROBLEM_NONE) {
            round_trip_check(&article, &arena);
            accepted++;
        }
        arena_reset(&arena);
    }
    buffer_fini(&source);
    arena_fini(&arena);
    assert_in_range(accepted, ROUNDS / 50, ROUNDS - ROUNDS / 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checked_articles),
        cmocka_unit_test(parsed_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
