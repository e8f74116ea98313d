/* load.h: what the torture programs do to a store, and how they see that nothing is lost:
 * a few articles, each with a counter in its first paragraph, written one commit at a time. */
#ifndef PILCROW_TESTS_LOAD_H
#define PILCROW_TESTS_LOAD_H

#include "store_help.h"

#include "domain/articles/article_edit.h"
#include "domain/import/import.h"

enum { LOAD_ARTICLES = 3 };

/* What is known of one article: what was acknowledged last, and what may have come after. */
struct load_article {
    int64_t id, version;
    int acked, unknown;
};

struct load {
    struct arena arena;
    struct load_article articles[LOAD_ARTICLES];
    int writes;  /* tried so far, the counters' next value */
    int commits; /* acknowledged so far */
};

static inline void load_init(struct load *load) {
    *load = (struct load){.writes = 0};
    arena_init(&load->arena, 4 * 1024 * 1024);
}

static inline struct article load_text(struct load *load, int article, int counter) {
    char line[4096];
    int used = snprintf(line, sizeof line, "Article %d|Ann,Bob|2018-06-03|WORLD/Asia|x,t%d|%d",
                        article, counter % 5, counter);
    for (int i = 0; i < 6; i++)
        used += snprintf(line + used, sizeof line - (size_t)used,
                         "~Paragraph %d stays as it is. %0300d~Paragraph %d of write %d. %0*d", i,
                         i, i, counter, counter % 7 * 40 + 1, i);
    return article_of(line, &load->arena);
}

static inline enum problem load_import(struct store *writer, const struct article *article,
                                       int64_t *id, int64_t *version) {
    struct import *run = NULL;
    struct import_result result = {IMPORT_REFUSED, 0, 0};
    enum problem problem = import_open(writer, false, &run);
    if (problem == PROBLEM_NONE)
        problem = import_article(run, article, span_of(""), &result, NULL);
    if (problem == PROBLEM_NONE)
        problem = import_commit(run);
    import_close(run);
    *id = result.article_id;
    *version = result.version;
    return problem;
}

static inline enum problem load_replace(struct load *load, struct store *writer,
                                        const struct article *article, int64_t id,
                                        int64_t *version) {
    struct article_edit edit = {.store = writer, .arena = &load->arena, .now_s = 1700000000};
    struct article_edit_result result = {.version = 0};
    enum problem problem = store_begin(writer);
    if (problem == PROBLEM_NONE)
        problem = article_edit_replace(&edit, id, article, span_of(""), NULL, &result, NULL);
    if (problem == PROBLEM_NONE)
        problem = store_commit(writer);
    store_end(writer);
    *version = result.version;
    return problem;
}

/* One write, as an import or as an edit, in a commit of its own. */
static inline enum problem load_write(struct load *load, struct store *writer) {
    int counter = load->writes++;
    struct load_article *known = &load->articles[counter % LOAD_ARTICLES];
    int64_t id = known->id, version = 0;
    arena_reset(&load->arena);
    struct article article = load_text(load, counter % LOAD_ARTICLES, counter);
    enum problem problem = known->id == 0 || counter % 4 == 0
                               ? load_import(writer, &article, &id, &version)
                               : load_replace(load, writer, &article, id, &version);
    if (problem == PROBLEM_NONE) {
        *known = (struct load_article){id, version, counter, counter};
        load->commits++;
    } else if (problem == PROBLEM_OUTCOME_UNKNOWN) {
        known->unknown = counter;
    }
    return problem;
}

/* The store is sound, has a change for each seq without a hole, and holds of each article what was
 * acknowledged last, or what came later with an outcome unknown. */
static inline void load_verify(struct load *load, const char *path) {
    struct store *writer = writer_open(path);
    assert_store_sound(writer);
    assert_string_equal(asked(writer, "SELECT count(*) - max(seq), min(seq) FROM change"), "0|1");
    assert_string_equal(asked(writer, "SELECT max(change.seq) - store.seq FROM change, store"),
                        "0");
    for (int i = 0; i < LOAD_ARTICLES; i++) {
        struct load_article *known = &load->articles[i];
        char sql[200];
        snprintf(sql, sizeof sql,
                 "SELECT article_id, version, text FROM paragraph JOIN article ON article.id = "
                 "article_id WHERE position = 1 AND title = 'Article %d'",
                 i);
        long long id = 0, version = 0;
        int counter = -1;
        if (sscanf(asked(writer, sql), "%lld|%lld|%d", &id, &version, &counter) != 3)
            fail_msg("article %d is lost", i);
        if (id != known->id || (counter == known->acked && version != known->version) ||
            (counter != known->acked && (counter <= known->acked || counter > known->unknown)))
            fail_msg("article %d: counter %d, version %lld; acknowledged %d, version %lld; unknown "
                     "up to %d",
                     i, counter, version, known->acked, (long long)known->version, known->unknown);
        *known = (struct load_article){id, version, counter, counter};
    }
    store_close(writer);
}

/* How many, from the environment: NAME=1000. */
static inline unsigned load_count(const char *name, unsigned otherwise) {
    const char *text = getenv(name);
    return text == NULL || *text == '\0' ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

#endif
