/* test_article_diff.c: what became of paragraphs: by id, then by text, then by order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/articles/article_diff.h"

enum { PARAGRAPHS_MAX = 12 };

struct scene {
    struct arena arena;
    struct article_version_paragraph from_paragraphs[PARAGRAPHS_MAX], to_paragraphs[PARAGRAPHS_MAX];
    struct article_version from, to;
    struct article_diff diff;
};

static int setup_scene(void **state) {
    struct scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    arena_init(&s->arena, 64 * 1024 * 1024);
    *state = s;
    return 0;
}

static int teardown_scene(void **state) {
    struct scene *s = *state;
    arena_fini(&s->arena);
    free(s);
    return 0;
}

/* "1a 2b 3c<2": paragraph 1 with the text "a", ..., 3 split from 2. */
static void read_version(const char *text, struct article_version_paragraph *paragraphs,
                         struct article_version *out) {
    size_t count = 0;
    while (*text != '\0') {
        struct article_version_paragraph *p = &paragraphs[count++];
        assert_true(count <= PARAGRAPHS_MAX);
        *p = (struct article_version_paragraph){.id = text[0] - '0', .text = {text + 1, 1}};
        text += 2;
        p->is_split = *text == '<';
        if (p->is_split) {
            p->related_id = text[1] - '0';
            text += 2;
        }
        text += *text == ' ';
    }
    *out = (struct article_version){.paragraphs = paragraphs};
    out->article.paragraphs.count = count;
}

static void compare(struct scene *s, const char *from, const char *to) {
    read_version(from, s->from_paragraphs, &s->from);
    read_version(to, s->to_paragraphs, &s->to);
    assert_int_equal(article_diff_make(&s->from, &s->to, &s->arena, &s->diff), PROBLEM_NONE);
}

/* "same:1 edited:2 removed:3", with '+' where an edited one has moved, too. */
static void print_diff(const struct scene *s, char *out, size_t room) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < s->diff.count; i++) {
        const struct article_diff_entry *entry = &s->diff.entries[i];
        const struct article_version_paragraph *p =
            entry->to == SIZE_MAX ? &s->from.paragraphs[entry->from] : &s->to.paragraphs[entry->to];
        bool is_both = entry->status == ARTICLE_DIFF_EDITED && entry->is_moved;
        used += (size_t)snprintf(out + used, room - used, "%s%s%s:%d", i == 0 ? "" : " ",
                                 article_diff_status_name(entry->status), is_both ? "+" : "",
                                 (int)p->id);
        assert_true(used < room);
    }
}

static void test_known(void **state) {
    static const struct {
        const char *from, *to, *shown;
    } cases[] = {
        {"1a 2b", "1a 2b", "same:1 same:2"},
        {"1a 2b", "1a 2x", "same:1 edited:2"},
        {"1a 2b 3c", "3c 1a 2b", "moved:3 same:1 same:2"},
        {"1a 2b 3c", "2b 3c 1a", "same:2 same:3 moved:1"},
        {"1a 2b 3c", "3x 1a 2b", "edited+:3 same:1 same:2"},
        {"1a 2b", "1a 3c 2b", "same:1 added:3 same:2"},
        {"1a 2b 3c", "1a 3c", "same:1 removed:2 same:3"},
        {"1a 2b 3c", "1a", "same:1 removed:2 removed:3"},
        {"1a 2b", "3a 4b", "added:3 added:4 removed:1 removed:2"},
        {"1a 2b", "1a 2b 3c<2", "same:1 same:2 split:3"},
        {"1a 2b", "1a 2b 3c<9", "same:1 same:2 added:3"},
    };
    struct scene *s = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shown[200];
        compare(s, cases[i].from, cases[i].to);
        print_diff(s, shown, sizeof shown);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s to %s: %s, not %s", cases[i].from, cases[i].to, shown, cases[i].shown);
    }
}

/* Turned round altogether, one stays and the others move. */
static void test_reversed(void **state) {
    struct scene *s = *state;
    compare(s, "1a 2b 3c 4d 5e", "5e 4d 3c 2b 1a");
    assert_int_equal(s->diff.counts[ARTICLE_DIFF_SAME], 1);
    assert_int_equal(s->diff.counts[ARTICLE_DIFF_MOVED], 4);
}

static void test_heirs(void **state) {
    struct scene *s = *state;
    compare(s, "1a 2b 3c", "1x");
    assert_int_equal(s->diff.counts[ARTICLE_DIFF_REMOVED], 2);
    article_diff_set_heir(&s->diff, 1, 1); /* 2 went into 1 */
    article_diff_set_heir(&s->diff, 2, 7); /* which is in neither */
    article_diff_set_heir(&s->diff, 0, 1); /* was not removed */
    assert_int_equal(s->diff.counts[ARTICLE_DIFF_REMOVED], 1);
    assert_int_equal(s->diff.counts[ARTICLE_DIFF_MERGED], 1);
    assert_int_equal(s->diff.entries[1].status, ARTICLE_DIFF_MERGED);
    assert_int_equal(s->diff.entries[1].related, 1);
    assert_int_equal(s->diff.entries[0].status, ARTICLE_DIFF_EDITED);
}

static void test_sums(void **state) {
    struct scene *s = *state;
    compare(s, "1a 2b 3c", "3c 1x 4d");
    /* b goes, d comes, a becomes x */
    assert_int_equal(s->diff.changed_points, 4);
    assert_int_equal(s->diff.all_points, 6);
    assert_false(s->diff.is_coarse);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, setup_scene, teardown_scene)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE_TEST(test_known),
        SCENE_TEST(test_reversed),
        SCENE_TEST(test_heirs),
        SCENE_TEST(test_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
