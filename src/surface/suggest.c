/* suggest.c: of the slugs that stand around a misspelt one in the alphabet, the nearest. Two seeks
 * and a few comparisons, however many slugs there are. */
#include "surface/suggest.h"

#include <inttypes.h>

#include "ground/nearest.h"
#include "ground/utf8.h"
#include "surface/address.h"

enum { AROUND = 16 };

struct slugs {
    const char *items[2 * AROUND];
    size_t count;
};

static enum problem gather(struct request *request, enum sql_id sql,
                           const struct store_value *values, size_t value_count,
                           struct slugs *slugs) {
    rows_auto struct rows rows = {0};
    store_query(request->store, sql, &rows, values, value_count);
    while (slugs->count < 2 * AROUND && rows_next(&rows)) {
        struct span slug = arena_copy(request->arena, rows_text(&rows, 0));
        if (slug.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
        slugs->items[slugs->count++] = slug.at;
    }
    return rows_end(&rows);
}

/* A slug that goes on where the given one ends is a good guess, too. */
static const char *best_of(const struct slugs *slugs, struct span given) {
    const char *nearest = nearest_name(given, slugs->items, slugs->count);
    for (size_t i = 0; nearest == NULL && i < slugs->count && given.bytes > 2; i++) {
        if (strncmp(slugs->items[i], given.at, given.bytes) == 0)
            nearest = slugs->items[i];
    }
    return nearest;
}

static enum problem say_missing(struct request *request, const char *noun, const char *collection,
                                struct span given, const struct slugs *slugs) {
    const char *best = best_of(slugs, given);
    if (best == NULL)
        fault_set(&request->fault, "there is no %s '%.*s'; %s lists what there is", noun,
                  UTF8_SHOWN(given), collection);
    else
        fault_set(&request->fault, "there is no %s '%.*s'; did you mean %s/%s?", noun,
                  UTF8_SHOWN(given), collection, best);
    return PROBLEM_NOT_FOUND;
}

static enum problem suggest_newest(struct request *request, const char *noun,
                                   const char *collection, int64_t id, enum sql_id newest_sql) {
    int64_t newest = 0;
    enum problem problem = store_int(request->store, newest_sql, &newest, STORE_NO_VALUES);
    if (problem != PROBLEM_NONE && problem != PROBLEM_NOT_FOUND)
        return problem;
    if (newest == 0)
        fault_set(&request->fault, "there is no %s %" PRId64 "; the store holds none yet", noun,
                  id);
    else
        fault_set(&request->fault, "there is no %s %" PRId64 "; the newest is %s/%" PRId64, noun,
                  id, collection, newest);
    return PROBLEM_NOT_FOUND;
}

enum problem suggest_paragraph(struct request *request) {
    return suggest_newest(request, "paragraph", "/v1/paragraphs",
                          request->params.values[PARAM_PATH_PARAGRAPH].number,
                          SQL_paragraph_newest_id);
}

enum problem suggest_article(struct request *request) {
    const struct param_value *given = &request->params.values[PARAM_PATH_ARTICLE];
    if (given->number > 0)
        return suggest_newest(request, "article", "/v1/articles", given->number,
                              SQL_article_newest_id);
    struct slugs slugs = {.count = 0};
    enum problem problem = gather(request, SQL_article_slug_up,
                                  STORE_VALUES(STORE_TEXT(given->text), STORE_INT(AROUND)), &slugs);
    if (problem == PROBLEM_NONE)
        problem = gather(request, SQL_article_slug_down,
                         STORE_VALUES(STORE_TEXT(given->text), STORE_INT(AROUND)), &slugs);
    if (problem != PROBLEM_NONE)
        return problem;
    return say_missing(request, "article", "/v1/articles", given->text, &slugs);
}

enum problem suggest_term(struct request *request, enum term_kind kind, const char *noun,
                          const char *collection) {
    struct span given = request->params.values[PARAM_PATH_TERM].text;
    struct slugs slugs = {.count = 0};
    enum problem problem =
        gather(request, SQL_term_slug_up,
               STORE_VALUES(STORE_INT(kind), STORE_TEXT(given), STORE_INT(AROUND)), &slugs);
    if (problem == PROBLEM_NONE)
        problem =
            gather(request, SQL_term_slug_down,
                   STORE_VALUES(STORE_INT(kind), STORE_TEXT(given), STORE_INT(AROUND)), &slugs);
    return problem == PROBLEM_NONE ? say_missing(request, noun, collection, given, &slugs)
                                   : problem;
}
