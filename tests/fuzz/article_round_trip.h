/* article_round_trip.h: the law of the source format, for fuzz targets and the property test: what
 * is accepted is printed so that it parses back to the same article. Each check says what broke it
 * and ends the process. */
#ifndef PILCROW_TESTS_ARTICLE_ROUND_TRIP_H
#define PILCROW_TESTS_ARTICLE_ROUND_TRIP_H

#include <stdio.h>
#include <stdlib.h>

#include "domain/articles/article_text.h"

static inline void round_trip_fail(const char *what, struct span text, const struct fault *fault) {
    fprintf(stderr, "%s: line %zu column %zu: %s (%s)\n---\n%.*s\n---\n", what, fault->line,
            fault->column, fault->text, fault->name, (int)text.bytes, text.at);
    abort();
}

static inline bool span_lists_equal(struct span_list a, struct span_list b) {
    bool is_equal = a.count == b.count;
    for (size_t i = 0; is_equal && i < a.count; i++)
        is_equal = span_equal(a.items[i], b.items[i]);
    return is_equal;
}

static inline bool articles_equal(const struct article *a, const struct article *b) {
    return span_equal(a->title, b->title) && strcmp(a->published, b->published) == 0 &&
           span_lists_equal(a->authors, b->authors) && span_lists_equal(a->section, b->section) &&
           span_lists_equal(a->tags, b->tags) && span_lists_equal(a->paragraphs, b->paragraphs);
}

/* For an article that parsing or checking accepted. */
static inline void round_trip_check(const struct article *article, struct arena *arena) {
    struct fault fault;
    struct article again;
    struct article_text_report report;
    struct buffer once, twice;
    fault_init(&fault);
    buffer_init(&once);
    buffer_init(&twice);
    article_text_print(article, &once);
    if (article_check(article, &fault) != PROBLEM_NONE)
        round_trip_fail("accepted by parse, refused by check", buffer_span(&once), &fault);
    if (article_text_parse(buffer_span(&once), arena, &again, &report, &fault) != PROBLEM_NONE)
        round_trip_fail("printed, but refused", buffer_span(&once), &fault);
    if (report.encoding != ARTICLE_TEXT_UTF8)
        round_trip_fail("printed, but not as UTF-8", buffer_span(&once), &fault);
    if (!articles_equal(article, &again))
        round_trip_fail("parsed back to another article", buffer_span(&once), &fault);
    article_text_print(&again, &twice);
    if (!span_equal(buffer_span(&once), buffer_span(&twice)))
        round_trip_fail("printed twice, in two ways", buffer_span(&once), &fault);
    buffer_fini(&once);
    buffer_fini(&twice);
}

#endif
