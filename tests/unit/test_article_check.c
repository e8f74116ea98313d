/* test_article_check.c: articles that did not come from source text, limits of both ways in. */
#include "article_help.h"

#include <stdio.h>
#include <stdlib.h>

struct draft {
    const char *title, *published, *authors, *section, *tags, *paragraphs; /* lists with `^` */
    const char *field; /* at fault; NULL = accepted */
    const char *says;
};

#define FIFTY_BYTES "0123456789 abcdefghijklmnopqrstuvwxyz 012345678901"
#define LONG_NAME \
    FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES

static struct article make_article(const struct draft *draft, struct arena *arena) {
    struct article article = {
        .title = span_of(draft->title),
        .authors = help_list(draft->authors, '^', arena),
        .section = help_list(draft->section, '^', arena),
        .tags = help_list(draft->tags, '^', arena),
        .paragraphs = help_list(draft->paragraphs, '^', arena),
    };
    snprintf(article.published, sizeof article.published, "%s", draft->published);
    return article;
}

static void drafts(void **state) {
    static const struct draft cases[] = {
        {"T", "", "", "", "", "x", NULL, NULL},
        {"T | U", "2018-06-03", "A^B", "W^S", "C++^C^C#", "x^y", NULL, NULL},
        {"T", "2018-06-03", "A and B", "a/b", "x, y^  z", "x", "tags/1", "white space"},
        {"T", "2018-06-03", "A and B^C, D", "a/b", "x, y^p  q", "x", NULL, NULL},
        {"", "", "", "", "", "x", "title", "is empty"},
        {" T", "", "", "", "", "x", "title", "white space"},
        {"T\xC2\xA0", "", "", "", "", "x", "title", "white space"},
        {"T\nU", "", "", "", "", "x", "title", "more than one line"},
        {"T\x01", "", "", "", "", "x", "title", "not text"},
        {"T\xFF", "", "", "", "", "x", "title", "not UTF-8"},
        {"A | 03.06.2018 | B", "", "", "", "", "x", "title", "byline"},
        {"T", "2018-02-31", "", "", "", "x", "published", "2018-02-31 is not a day"},
        {"T", "3.6.2018", "", "", "", "x", "published", "YYYY-MM-DD"},
        {"T", "", "A|B", "", "", "x", "authors/0", "vertical bar"},
        {"T", "", "A^a", "", "", "x", "authors", "given twice"},
        {"T", "", "A; B", "", "", "x", "authors", "semicolon"},
        {"T", "", "", "W / S", "", "x", "section", "slash"},
        {"T", "", "", "W^W", "", "x", NULL, NULL},
        {"T", "", "", "1^2^3^4^5^6^7^8", "", "x", NULL, NULL},
        {"T", "", "", "1^2^3^4^5^6^7^8^9", "", "x", "section", "at most 8"},
        {"T", "", "", "", "A^", "x", NULL, NULL},
        {"T", "", "", "", "A^^B", "x", "tags/1", "is empty"},
        {"T", "", "", "", "A^B;", "x", "tags", "semicolon"},
        {"T", "", "", "", "&amp;^B", "x", NULL, NULL},
        {"T", "", "", "", "North Korea^north\xC2\xA0korea", "x", "tags", "given twice"},
        {"T", "", "", "", LONG_NAME "^" LONG_NAME, "x", "tags", "given twice"},
        {"T", "", "", "", "", "", "paragraphs", "at least one"},
        {"T", "", "", "", "", "x^ ^y", "paragraphs/1", "is empty"},
        {"T", "", "", "", "", "x^y\ny", "paragraphs/1", "more than one line"},
        {"T", "", "", "", "", "T^Tags: a^A | 03.06.2018 | W", NULL, NULL},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault fault;
        fault_init(&fault);
        struct article article = make_article(&cases[i], &arena);
        bool is_accepted = article_check(&article, &fault) == PROBLEM_NONE;
        if (is_accepted != (cases[i].field == NULL) ||
            (!is_accepted && (strcmp(fault.name, cases[i].field) != 0 ||
                              strstr(fault.text, cases[i].says) == NULL)))
            fail_msg("%zu: %s: %s", i, fault.name, fault.text);
    }
    arena_fini(&arena);
}

/* A source with `count` times `unit` in the place of one part. */
struct bulk {
    const char *before, *unit, *after;
    size_t count;
    const char *says; /* NULL = accepted */
};

static char *grow_text(const struct bulk *bulk, size_t *bytes) {
    size_t unit = strlen(bulk->unit);
    char *text = malloc(strlen(bulk->before) + unit * bulk->count + strlen(bulk->after) + 1);
    assert_non_null(text);
    char *end = stpcpy(text, bulk->before);
    for (size_t i = 0; i < bulk->count; i++)
        end = stpcpy(end, bulk->unit);
    *bytes = (size_t)(stpcpy(end, bulk->after) - text);
    return text;
}

/* At the limit and one above it. 1,000 characters of two bytes make 2,000 bytes. */
static void limits(void **state) {
    static const struct bulk cases[] = {
        {"", "a", "\n\nx", 2000, NULL},
        {"", "a", "\n\nx", 2001, "title has 2001 bytes; at most 2000"},
        {"", "\xC3\xA9", "\n\nx", 1000, NULL},
        {"T\n", "a", " | 01.02.2003\n\nx", 500, NULL},
        {"T\n", "a", " | 01.02.2003\n\nx", 501, "author has 501 bytes; at most 500"},
        {"T\n01.02.2003 | ", "a", "\n\nx", 501, "section has 501 bytes; at most 500"},
        {"T\n\nx\n\nTags: ", "a", "", 500, NULL},
        {"T\n\nx\n\nTags: b  ", "a", "", 501, "tag has 501 bytes; at most 500"},
        {"T\n", "B; ", " | 01.02.2003\n\nx", 100, NULL},
        {"T\n", "B; ", " | 01.02.2003\n\nx", 101, "there are 101 authors; at most 100"},
        {"T\n\nx\n\nTags: ", "B\t", "", 200, NULL},
        {"T\n\nx\n\nTags: ", "B\t", "", 201, "there are 201 tags; at most 200"},
        {"T\n01.02.2003 | ", "W / ", "\n\nx", 8, NULL},
        {"T\n01.02.2003 | ", "W / ", "\n\nx", 9, "there are 9 steps of the section; at most 8"},
        {"T\n\n", "x\n\n", "", 20000, NULL},
        {"T\n\n", "x\n\n", "", 20001, "one paragraph too many; at most 20000"},
        {"T\n\n", "a", "", 2 * 1024 * 1024, NULL},
        {"T\n\n", "a", "", 2 * 1024 * 1024 + 1, "paragraph has 2097153 bytes; at most 2097152"},
        {"T\n\n", "word\n", "", 400000, NULL},
        {"T\n\nx", "\n", "", 16 * 1024 * 1024 - 4, NULL},
        {"T\n\nx", "\n", "", 16 * 1024 * 1024 - 3, "16777217 bytes; at most 16777216"},
        {"T\n\n", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\n\n", "", 262143,
         "one paragraph too many"},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 28);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article article;
        struct fault fault;
        size_t bytes;
        char *text = grow_text(&cases[i], &bytes);
        fault_init(&fault);
        enum problem problem =
            article_text_parse((struct span){text, bytes}, &arena, &article, NULL, &fault);
        if ((problem == PROBLEM_NONE) != (cases[i].says == NULL) ||
            (cases[i].says != NULL && strstr(fault.text, cases[i].says) == NULL))
            fail_msg("%zu: %s", i, fault.text);
        if (problem == PROBLEM_NONE)
            assert_int_equal(article_check(&article, NULL), PROBLEM_NONE);
        free(text);
        arena_reset(&arena);
    }
    arena_fini(&arena);
}

/* Eight paragraphs of 2 MiB fit in a source of 16 MiB, but their text with a title would not. */
static void what_is_read_can_be_printed(void **state) {
    static const struct bulk line = {"", "a", "\n\n", 2 * 1024 * 1024 - 3, NULL};
    struct arena arena;
    struct buffer source;
    size_t bytes;
    (void)state;
    char *text = grow_text(&line, &bytes);
    buffer_init(&source);
    arena_init(&arena, 1 << 28);
    buffer_append_text(&source, "T\n\n");
    for (int i = 0; i < 8; i++)
        buffer_append(&source, text, bytes);
    struct article article;
    struct fault fault;
    fault_init(&fault);
    assert_true(source.used <= ARTICLE_SOURCE_BYTES_MAX);
    assert_int_equal(article_text_parse(buffer_span(&source), &arena, &article, NULL, &fault),
                     PROBLEM_BAD_SOURCE);
    assert_non_null(strstr(fault.text, "more than 16777216 bytes as UTF-8 text"));
    buffer_fini(&source);
    arena_fini(&arena);
    free(text);
}

/* With less and less memory: out of memory, never a crash, until there is enough. */
static void memory_runs_out(void **state) {
    static const char source[] =
        "A\ntitle\nIda Voss, Tom Bell and Eva Roux | 03.06.2018 | W / S\n\n"
        "A TITLE\n\nOne\ntwo.\n\nTags: \xC3\x89lan\xC2\xA0 B\nC";
    (void)state;
    enum problem problem = PROBLEM_OUT_OF_MEMORY;
    size_t refused = 0;
    for (size_t limit = 16; problem != PROBLEM_NONE && limit < 1 << 20; limit += 16) {
        struct arena arena;
        struct article article;
        arena_init(&arena, limit);
        problem = article_text_parse(SPAN_LITERAL(source), &arena, &article, NULL, NULL);
        assert_true(problem == PROBLEM_NONE || problem == PROBLEM_OUT_OF_MEMORY);
        refused += problem != PROBLEM_NONE;
        arena_fini(&arena);
    }
    assert_int_equal(problem, PROBLEM_NONE);
    assert_true(refused > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drafts),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_read_can_be_printed),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
