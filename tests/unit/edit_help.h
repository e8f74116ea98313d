/* edit_help.h: single edits, each in a transaction of its own, the store checked after each. */
#ifndef PILCROW_TESTS_EDIT_HELP_H
#define PILCROW_TESTS_EDIT_HELP_H

#include "store_help.h"

#include "domain/articles/article_edit.h"
#include "domain/articles/term.h"

enum { NOW_S = 1700000000 };

static struct fault fault; /* of the last step */

static inline struct article_edit begin(struct fixture *f) {
    fault_init(&fault);
    arena_reset(&f->arena);
    assert_int_equal(store_begin(f->writer), PROBLEM_NONE);
    return (struct article_edit){f->writer, &f->arena, NOW_S};
}

static inline enum problem end(struct fixture *f, enum problem problem) {
    if (problem == PROBLEM_NONE)
        assert_int_equal(store_commit(f->writer), PROBLEM_NONE);
    store_end(f->writer);
    assert_store_sound(f->writer);
    return problem;
}

static struct article_edit_result result;

static inline enum problem create(struct fixture *f, const char *line, const char *slug) {
    struct article_edit edit = begin(f);
    struct article article = article_of(line, &f->arena);
    return end(f, article_edit_create(&edit, &article, span_of(slug), &result, &fault));
}

static inline enum problem replace(struct fixture *f, int64_t id, const char *line,
                                   const char *slug, const int64_t *ids) {
    struct article_edit edit = begin(f);
    struct article article = article_of(line, &f->arena);
    return end(f, article_edit_replace(&edit, id, &article, span_of(slug), ids, &result, &fault));
}

static inline enum problem erase(struct fixture *f, int64_t id) {
    struct article_edit edit = begin(f);
    return end(f, article_edit_delete(&edit, id, &result));
}

static inline enum problem restore(struct fixture *f, int64_t id, int64_t version) {
    struct article_edit edit = begin(f);
    return end(f, article_edit_restore(&edit, id, version, &result, &fault));
}

/* "Title|Author|date|SECTION|tags|id text~id text" */
static inline const char *loaded(struct fixture *f, int64_t id) {
    static char text[2000];
    struct article_edit edit = begin(f);
    struct article_stored stored;
    enum problem problem = article_edit_load(&edit, id, &stored);
    store_end(f->writer);
    if (problem != PROBLEM_NONE)
        return problem_info(problem)->code;
    const struct span_list *lists[] = {&stored.article.authors, &stored.article.section,
                                       &stored.article.tags};
    size_t used = (size_t)snprintf(text, sizeof text, "v%d %s|%s", (int)stored.version,
                                   stored.article.title.at, stored.article.published);
    for (size_t l = 0; l < 3; l++) {
        for (size_t i = 0; i < lists[l]->count; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "|" : ",",
                                     lists[l]->items[i].at);
    }
    for (size_t i = 0; i < stored.article.paragraphs.count; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%d %s", i == 0 ? "|" : "~",
                             (int)stored.paragraph_ids[i], stored.article.paragraphs.items[i].at);
    return text;
}

#endif
