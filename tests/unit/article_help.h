/* article_help.h: articles in short, for tables: lists are joined with `/`, paragraphs with a
 * pilcrow. */
#ifndef PILCROW_TESTS_ARTICLE_HELP_H
#define PILCROW_TESTS_ARTICLE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/articles/article_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void help_join(const struct span_list *list, const char *joint, struct buffer *out) {
    for (size_t i = 0; i < list->count; i++) {
        buffer_append_text(out, i > 0 ? joint : "");
        buffer_append_span(out, list->items[i]);
    }
}

/* TITLE [AUTHORS] DATE (SECTION) {TAGS} PARAGRAPHS */
static inline void help_describe(const struct article *article, struct buffer *out) {
    buffer_append_span(out, article->title);
    buffer_append_text(out, " [");
    help_join(&article->authors, "/", out);
    buffer_printf(out, "] %s (", article->published);
    help_join(&article->section, "/", out);
    buffer_append_text(out, ") {");
    help_join(&article->tags, "/", out);
    buffer_append_text(out, "} ");
    help_join(&article->paragraphs, "\xC2\xB6", out);
}

/* The items of "A/B/C" as a list in the arena; NULL and "" are the empty list. */
static inline struct span_list help_list(const char *text, char joint, struct arena *arena) {
    struct span_list list = {arena_alloc(arena, 300 * sizeof *list.items), 0};
    assert_non_null(list.items);
    while (text != NULL && text[0] != '\0') {
        const char *end = strchr(text, joint);
        size_t bytes = end == NULL ? strlen(text) : (size_t)(end - text);
        list.items[list.count++] = (struct span){text, bytes};
        text = end == NULL ? NULL : end + 1;
    }
    return list;
}

#endif
