/* surrogate.c: see surrogate.h. */
#include "surface/surrogate.h"

#include <inttypes.h>
#include <string.h>

#include "domain/articles/term.h"

enum {
    KEYS_BYTES_MAX = 1024, /* proxies have little room: terms beyond it are left out */
    COLUMN_KIND = 0,
    COLUMN_SLUG = 1,
};

static const char *const kinds[] = {
    [TERM_AUTHOR] = "author", [TERM_SECTION] = "section", [TERM_TAG] = "tag"};

static void append_term(int64_t kind, struct span slug, struct buffer *keys) {
    size_t before = keys->used;
    buffer_printf(keys, " %s-", kinds[kind]);
    target_encode(slug, "", keys);
    if (keys->used > KEYS_BYTES_MAX)
        keys->used = before;
}

static enum problem append_article(const struct request *request, struct buffer *keys) {
    rows_auto struct rows rows = {0};
    buffer_printf(keys, "article-%" PRId64, request->article_id);
    store_query(request->store, SQL_term_by_article, &rows,
                STORE_VALUES(STORE_INT(request->article_id)));
    while (rows_next(&rows))
        append_term(rows_int(&rows, COLUMN_KIND), rows_text(&rows, COLUMN_SLUG), keys);
    return rows_end(&rows);
}

static void append_list(const struct request *request, struct buffer *keys) {
    struct span slug = request->params.values[PARAM_PATH_TERM].text;
    int64_t kind = request->match.route->variant;
    buffer_append_text(keys, "articles");
    if (kind != 0 && strstr(request->match.route->pattern, "{slug}") != NULL)
        append_term(kind, slug, keys);
}

enum problem surrogate_keys(struct request *request, struct reply *reply) {
    struct buffer keys;
    enum problem problem = PROBLEM_NONE;
    if (request->service->config->surrogate_keys == CONFIG_SURROGATE_KEYS_OFF ||
        reply->status != 200 || request->match.route->cache == ROUTE_CACHE_NO_STORE)
        return PROBLEM_NONE;
    buffer_init(&keys);
    if (request->article_id != 0)
        problem = append_article(request, &keys);
    else
        append_list(request, &keys);
    reply_field(reply, "Surrogate-Key", arena_take_buffer(request->arena, &keys).at);
    return problem;
}
