/* paragraph_article.c: the article that stands beside a paragraph in lists. JSON shows a small one;
 * a feed says of each paragraph who wrote it, under which section and tags, and when. */
#include "engine/render.h"
#include "surface/articles/paragraphs.h"
#include "surface/feeds/feed.h"

enum problem paragraphs_load_article(struct request *request, int64_t article_id, json_t **out) {
    if (!feed_is_asked(request))
        return shape_article_small_by_id(request, article_id, out);
    rows_auto struct rows rows = {0};
    *out = NULL;
    store_query(request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(article_id)));
    enum problem problem = rows_next(&rows) ? shape_article(request, &rows, out) : PROBLEM_NONE;
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

/* When it got the text and the place that it has; where that version was not kept, when its article
 * was written last. */
static enum problem find_update(struct request *request, const json_t *article,
                                const json_t *paragraph, json_t **instant) {
    const json_t *version = json_object_get(paragraph, "last_version");
    char text[INSTANT_BYTES];
    *instant = json_object_get(article, "updated_at");
    if (json_equal(version, json_object_get(article, "version")))
        return PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_revision_written_at, &rows,
                STORE_VALUES(STORE_INT(json_integer_value(json_object_get(article, "id"))),
                             STORE_INT(json_integer_value(version))));
    if (rows_next(&rows)) {
        instant_print(rows_int(&rows, 0), text);
        *instant = render_text(span_of(text));
    }
    return rows_end(&rows);
}

enum problem paragraphs_set_article(struct request *request, json_t *article, json_t *paragraph) {
    json_t *instant = NULL;
    if (article == NULL || json_object_set_nocheck(paragraph, "article", article) != 0)
        return PROBLEM_OUT_OF_MEMORY;
    if (!feed_is_asked(request))
        return PROBLEM_NONE;
    enum problem problem = find_update(request, article, paragraph, &instant);
    if (problem == PROBLEM_NONE && json_object_set_nocheck(paragraph, "updated_at", instant) != 0)
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}
