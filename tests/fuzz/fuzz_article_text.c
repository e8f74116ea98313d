/* fuzz_article_text.c: any bytes as source text. Nothing crashes; a refusal has its place and its
 * sentence; what is accepted makes the round trip. */
#include <stdint.h>

#include "article_round_trip.h"
#include "domain/articles/article_markdown.h"
#include "domain/text/slug.h"
#include "ground/utf8.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void demand(bool holds, const char *law) {
    if (holds)
        return;
    fprintf(stderr, "%s\n", law);
    abort();
}

static void check_slug(struct span name, struct arena *arena) {
    struct span slug = slug_make(name, "article", arena);
    bool is_digits = true;
    demand(slug.bytes > 0 && slug.bytes <= SLUG_BYTES_MAX, "a slug has 1 to 200 bytes");
    demand(utf8_is_valid(slug, NULL), "a slug is UTF-8");
    demand(slug.at[0] != '-' && slug.at[slug.bytes - 1] != '-', "no hyphen at the ends");
    for (size_t i = 0; i < slug.bytes; i++) {
        demand(strchr("./ %?#&+'", slug.at[i]) == NULL, "a slug stands in an address as it is");
        is_digits = is_digits && slug.at[i] >= '0' && slug.at[i] <= '9';
    }
    demand(!is_digits, "a slug is not digits alone");
    demand(slug_key(name, arena).bytes > 0, "a name has a key");
    demand(slug_sort_key(name, arena).bytes <= 100, "a sort key has at most 100 bytes");
}

static void check_accepted(const struct article *article, struct arena *arena) {
    struct buffer markdown;
    buffer_init(&markdown);
    round_trip_check(article, arena);
    article_markdown_print(article, &markdown);
    demand(markdown.used > article->title.bytes, "Markdown holds the title");
    buffer_fini(&markdown);
    check_slug(article->title, arena);
    for (size_t i = 0; i < article->tags.count; i++)
        check_slug(article->tags.items[i], arena);
    for (size_t i = 0; i < article->paragraphs.count; i++)
        demand(slug_word_count(article->paragraphs.items[i]) <= article->paragraphs.items[i].bytes,
               "a word has a byte");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct arena arena;
    struct article article;
    struct fault fault;
    arena_init(&arena, ARENA_BYTES);
    fault_init(&fault);
    enum problem problem = article_text_parse((struct span){(const char *)bytes, count}, &arena,
                                              &article, NULL, &fault);
    if (problem == PROBLEM_NONE)
        check_accepted(&article, &arena);
    else
        demand(problem == PROBLEM_BAD_SOURCE && fault.line > 0 && fault.column > 0 &&
                   utf8_is_valid(span_of(fault.text), NULL),
               "a refusal has a place and a sentence");
    arena_fini(&arena);
    return 0;
}
