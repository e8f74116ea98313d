/* fuzz_article_check.c: any bytes as the fields of an article, one a line: the first character says
 * which field the rest belongs to (t title, d date, a author, s section, g tag, else paragraph).
 * What article_check() accepts makes the round trip. */
#include <stdint.h>

#include "article_round_trip.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, ITEMS_MAX = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void put(struct span_list *list, struct span text, struct arena *arena) {
    if (list->items == NULL)
        list->items = arena_alloc(arena, ITEMS_MAX * sizeof *list->items);
    if (list->items != NULL && list->count < ITEMS_MAX)
        list->items[list->count++] = text;
}

static void put_field(struct article *article, char field, struct span text, struct arena *arena) {
    switch (field) {
    case 't':
        article->title = text;
        break;
    case 'd':
        snprintf(article->published, DATE_BYTES, "%.*s", (int)text.bytes, text.at);
        break;
    case 'a':
        put(&article->authors, text, arena);
        break;
    case 's':
        put(&article->section, text, arena);
        break;
    case 'g':
        put(&article->tags, text, arena);
        break;
    default:
        put(&article->paragraphs, text, arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct arena arena;
    struct article article = {.title = {"t", 1}};
    struct span rest = {(const char *)bytes, count};
    arena_init(&arena, ARENA_BYTES);
    while (rest.bytes > 1) {
        const char *end = memchr(rest.at, '\n', rest.bytes);
        size_t length = end == NULL ? rest.bytes : (size_t)(end - rest.at);
        if (length > 0)
            put_field(&article, rest.at[0], (struct span){rest.at + 1, length - 1}, &arena);
        size_t taken = end == NULL ? length : length + 1;
        rest.at += taken;
        rest.bytes -= taken;
    }
    if (article_check(&article, NULL) == PROBLEM_NONE)
        round_trip_check(&article, &arena);
    arena_fini(&arena);
    return 0;
}
