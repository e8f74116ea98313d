/* article_related.c: what stands beside an article: the ones before and after it, and those that
 * share its tags. */
#include "domain/articles/article.h"
#include "engine/render.h"
#include "engine/tally.h"
#include "surface/articles/article_walk.h"
#include "surface/articles/articles.h"
#include "surface/shapes.h"

enum {
    RELATED_MAX = 5,
    RELATED_NEWEST = 200, /* articles of each shared tag that are looked at: bounds the work */
};

/* ---- neighbours ---- */

/* The innermost section, or 0. Terms come ordered by kind, sections outermost first. */
static enum problem find_section(struct request *request, int64_t article_id, int64_t *section) {
    rows_auto struct rows rows = {0};
    *section = 0;
    store_query(request->store, SQL_term_by_article, &rows, STORE_VALUES(STORE_INT(article_id)));
    while (rows_next(&rows)) {
        if (rows_int(&rows, ARTICLE_TERM_KIND) == TERM_SECTION)
            *section = rows_int(&rows, ARTICLE_TERM_ID);
    }
    return rows_end(&rows);
}

static enum problem find_beside(struct request *request, const struct article_filter *filter,
                                const struct store_value *place, bool is_newer, json_t **small) {
    struct article_walk walk;
    struct store_value keys[CURSOR_KEYS_MAX];
    article_walk_begin(&walk, request, filter, &article_order_newest, is_newer, place);
    int64_t id = article_walk_next(&walk, keys) ? keys[1].number : 0;
    enum problem problem = article_walk_end(&walk);
    *small = NULL;
    if (problem == PROBLEM_NONE && id > 0)
        problem = shape_article_small_by_id(request, id, small);
    return problem;
}

enum problem articles_add_neighbors(struct request *request, int64_t id, struct span published,
                                    json_t *article) {
    struct article_filter filter = {.last = "9999-12-31"};
    struct store_value place[] = {STORE_TEXT(published), STORE_INT(id)};
    json_t *previous = NULL, *next = NULL;
    enum problem problem = find_section(request, id, &filter.term_id);
    if (problem == PROBLEM_NONE)
        problem = find_beside(request, &filter, place, false, &previous);
    if (problem == PROBLEM_NONE)
        problem = find_beside(request, &filter, place, true, &next);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *neighbors = json_object();
    render_set(neighbors, "previous", previous == NULL ? json_null() : previous);
    bool is_whole = render_set(neighbors, "next", next == NULL ? json_null() : next) &&
                    render_set(article, "neighbors", neighbors);
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

/* ---- related ---- */

struct tag {
    int64_t id;
    struct span slug;
    int64_t weight;
};

struct related {
    struct request *request;
    int64_t article_id;
    int64_t total; /* articles in the store */
    struct tag *tags;
    size_t tag_count;
    struct tally tally;
};

/* Each tag weighs one, and one more for each time that it is twice as rare. */
static int64_t weight_of(int64_t total, int64_t article_count) {
    int64_t weight = 1;
    for (int64_t share = total / (article_count < 1 ? 1 : article_count); share > 1; share /= 2)
        weight++;
    return weight;
}

static enum problem read_total(struct related *related) {
    rows_auto struct rows rows = {0};
    store_query(related->request->store, SQL_store_totals, &rows, STORE_NO_VALUES);
    related->total = rows_next(&rows) ? rows_int(&rows, 1) : 0;
    return rows_end(&rows);
}

static enum problem read_tags(struct related *related) {
    struct request *request = related->request;
    rows_auto struct rows rows = {0};
    related->tags = arena_alloc(request->arena, ARTICLE_TAGS_MAX * sizeof *related->tags);
    if (related->tags == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    store_query(request->store, SQL_term_by_article, &rows,
                STORE_VALUES(STORE_INT(related->article_id)));
    while (rows_next(&rows) && related->tag_count < ARTICLE_TAGS_MAX) {
        if (rows_int(&rows, ARTICLE_TERM_KIND) != TERM_TAG)
            continue;
        struct tag *tag = &related->tags[related->tag_count++];
        tag->id = rows_int(&rows, ARTICLE_TERM_ID);
        tag->slug = arena_copy(request->arena, rows_text(&rows, ARTICLE_TERM_SLUG));
        tag->weight = weight_of(related->total, rows_int(&rows, ARTICLE_TERM_ARTICLE_COUNT));
        if (tag->slug.at == NULL)
            return PROBLEM_OUT_OF_MEMORY;
    }
    return rows_end(&rows);
}

static enum problem weigh_articles(struct related *related, const struct tag *tag) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    store_query(related->request->store, SQL_term_newest_articles, &rows,
                STORE_VALUES(STORE_INT(tag->id), STORE_INT(RELATED_NEWEST)));
    while (is_whole && rows_next(&rows)) {
        int64_t id = rows_int(&rows, 0);
        if (id != related->article_id)
            is_whole = tally_add(&related->tally, id, tag->weight);
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

/* The slugs of our tags that the other article has as well. */
static enum problem find_shared(struct related *related, int64_t other_id, json_t **shared) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    *shared = json_array();
    store_query(related->request->store, SQL_term_ids_by_article, &rows,
                STORE_VALUES(STORE_INT(other_id), STORE_INT(TERM_TAG)));
    while (rows_next(&rows)) {
        for (size_t i = 0; i < related->tag_count; i++) {
            if (related->tags[i].id == rows_int(&rows, 0))
                is_whole &= json_array_append_new(*shared, render_text(related->tags[i].slug)) == 0;
        }
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem append_related(struct related *related, int64_t id, json_t *list) {
    json_t *small = NULL, *shared = NULL;
    enum problem problem = articles_load_small(related->request, id, &small);
    if (problem == PROBLEM_NONE)
        problem = find_shared(related, id, &shared);
    if (problem == PROBLEM_NONE &&
        (!render_set(small, "shared_tags", shared) || json_array_append_new(list, small) != 0))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

enum problem articles_related_by_tags(struct request *request, int64_t id, size_t wanted,
                                      json_t *list) {
    struct related related = {.request = request, .article_id = id};
    struct tally_entry best[ARTICLES_RELATED_MAX];
    tally_init(&related.tally, request->arena);
    enum problem problem = read_total(&related);
    if (problem == PROBLEM_NONE)
        problem = read_tags(&related);
    for (size_t i = 0; i < related.tag_count && problem == PROBLEM_NONE; i++)
        problem = weigh_articles(&related, &related.tags[i]);
    size_t count = tally_best(&related.tally, best, wanted);
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++)
        problem = append_related(&related, best[i].id, list);
    return problem;
}

enum problem articles_add_related(struct request *request, int64_t id, json_t *article) {
    json_t *list = json_array();
    enum problem problem = articles_related_by_tags(request, id, RELATED_MAX, list);
    if (problem == PROBLEM_NONE && !render_set(article, "related", list))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}
