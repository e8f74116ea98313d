/* fuzz_article_json.c: whatever the bytes are, they become an article within the limits, or a fault
 * that says where. What becomes an article is UTF-8 without NUL. */
#include <stdint.h>
#include <stdlib.h>

#include "ground/utf8.h"
#include "surface/articles/article_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check_text(struct span text) {
    if (!utf8_is_valid(text, NULL) || memchr(text.at, '\0', text.bytes) != NULL)
        abort();
}

static void check_list(struct span_list list) {
    for (size_t i = 0; i < list.count; i++)
        check_text(list.items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct arena arena;
    struct article article;
    struct fault fault;
    arena_init(&arena, 1 << 20);
    fault_init(&fault);
    enum problem problem =
        article_json_parse((struct span){(const char *)bytes, count}, &arena, &article, &fault);
    if (problem == PROBLEM_NONE) {
        check_text(article.title);
        check_list(article.authors);
        check_list(article.section);
        check_list(article.tags);
        check_list(article.paragraphs);
        if (article.title.bytes == 0 || article.paragraphs.count == 0)
            abort();
    } else if (problem == PROBLEM_BAD_SOURCE) {
        if (!fault_is_set(&fault) || fault.line == 0 || fault.column == 0)
            abort();
    } else if (problem != PROBLEM_OUT_OF_MEMORY) {
        abort();
    }
    arena_fini(&arena);
    return 0;
}
