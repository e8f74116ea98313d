/* term_show.c: one author, section or tag. */
#include "engine/render.h"
#include "engine/tally.h"
#include "surface/address.h"
#include "surface/feeds/feed.h"
#include "surface/handlers.h"
#include "surface/lists/article_list.h"
#include "surface/suggest.h"
#include "surface/terms/terms.h"

enum {
    RELATED_MAX = 20,
    RELATED_NEWEST = 2000, /* articles that are looked at: bounds the work */
    DEPTH_MAX = 32,        /* of sections; a circle in a damaged store ends here */
};

static const struct terms_collection collections[] = {
    [TERM_AUTHOR] = {"author", "/v1/authors"},
    [TERM_SECTION] = {"section", "/v1/sections"},
    [TERM_TAG] = {"tag", "/v1/tags"},
};

enum term_kind terms_kind_of(const struct request *request) {
    return (enum term_kind)request->match.route->variant;
}

const struct terms_collection *terms_collection_of(const struct request *request) {
    return &collections[terms_kind_of(request)];
}

static enum problem read_term(struct request *request, struct rows *rows, struct term *term) {
    *term = (struct term){.id = 0};
    if (!rows_next(rows))
        return rows_end(rows);
    *term = (struct term){rows_int(rows, 0), arena_copy(request->arena, rows_text(rows, 1)),
                          arena_copy(request->arena, rows_text(rows, 2)), rows_int(rows, 3),
                          rows_int(rows, 4)};
    enum problem problem = rows_end(rows);
    bool is_whole = term->slug.at != NULL && term->name.at != NULL;
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

enum problem terms_load(struct request *request, int64_t id, struct term *term) {
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_id, &rows, STORE_VALUES(STORE_INT(id)));
    return read_term(request, &rows, term);
}

enum problem terms_find(struct request *request, struct term *term) {
    struct span slug = request->params.values[PARAM_PATH_TERM].text;
    const struct terms_collection *collection = terms_collection_of(request);
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_slug, &rows,
                STORE_VALUES(STORE_INT(terms_kind_of(request)), STORE_TEXT(slug)));
    enum problem problem = read_term(request, &rows, term);
    if (problem == PROBLEM_NONE && term->id == 0)
        return suggest_term(request, terms_kind_of(request), collection->noun, collection->address);
    return problem;
}

/* ---- shapes ---- */

static json_t *shape_small(const struct term *term) {
    json_t *small = json_object();
    render_set(small, "slug", render_text(term->slug));
    return render_set(small, "name", render_text(term->name)) ? small : NULL;
}

static struct span address_of(struct request *request, enum term_kind kind, const struct term *term,
                              const char *suffix) {
    struct buffer text;
    buffer_init(&text);
    buffer_append_text(&text, collections[kind].address);
    buffer_append_char(&text, '/');
    buffer_append_span(&text, address_by_text(request->arena, "", term->slug));
    buffer_append_text(&text, suffix);
    return arena_take_buffer(request->arena, &text);
}

struct span terms_address(struct request *request, enum term_kind kind, const struct term *term) {
    return address_of(request, kind, term, "");
}

/* Where a section stands, from the outermost to itself. */
static enum problem add_path(struct request *request, const struct term *term, json_t *json) {
    json_t *path = json_array(), *parent = NULL;
    bool is_whole = json_array_append_new(path, shape_small(term)) == 0;
    struct term outer;
    int64_t id = term->parent_id;
    for (int depth = 0; id != 0 && is_whole && depth < DEPTH_MAX; depth++) {
        enum problem problem = terms_load(request, id, &outer);
        if (problem != PROBLEM_NONE)
            return problem;
        json_t *small = shape_small(&outer);
        parent = parent == NULL ? small : parent;
        is_whole = json_array_insert(path, 0, small) == 0;
        id = outer.parent_id;
    }
    is_whole = is_whole && render_set(json, "path", path) &&
               render_set(json, "parent", parent == NULL ? json_null() : parent);
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

enum problem terms_shape(struct request *request, enum term_kind kind, const struct term *term,
                         json_t **out) {
    json_t *json = shape_small(term);
    render_set(json, "count", json_integer(term->article_count));
    render_set(json, "url", render_text(address_of(request, kind, term, "")));
    bool is_whole =
        render_set(json, "articles", render_text(address_of(request, kind, term, "/articles")));
    *out = json;
    if (!is_whole)
        return PROBLEM_OUT_OF_MEMORY;
    return kind == TERM_SECTION ? add_path(request, term, json) : PROBLEM_NONE;
}

static enum problem add_update(struct request *request, const struct term *term, json_t *json) {
    char instant[INSTANT_BYTES];
    int64_t updated_s;
    enum problem problem = store_int(request->store, SQL_term_newest_update, &updated_s,
                                     STORE_VALUES(STORE_INT(term->id)));
    if (problem == PROBLEM_NOT_FOUND) {
        updated_s = 0; /* nothing carries it any more */
        problem = PROBLEM_NONE;
    }
    instant_print(updated_s, instant);
    render_set(json, "id", json_integer(term->id));
    if (problem == PROBLEM_NONE && !render_set(json, "updated_at", render_text(span_of(instant))))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

enum problem terms_shape_listed(struct request *request, enum term_kind kind,
                                const struct term *term, json_t **out) {
    enum problem problem = terms_shape(request, kind, term, out);
    return problem == PROBLEM_NONE && feed_is_asked(request) ? add_update(request, term, *out)
                                                             : problem;
}

/* ---- related ---- */

static enum problem count_tags(struct request *request, int64_t article_id, int64_t own_id,
                               struct tally *tally) {
    rows_auto struct rows rows = {0};
    bool is_whole = true;
    store_query(request->store, SQL_term_ids_by_article, &rows,
                STORE_VALUES(STORE_INT(article_id), STORE_INT(TERM_TAG)));
    while (is_whole && rows_next(&rows)) {
        if (rows_int(&rows, 0) != own_id)
            is_whole = tally_add(tally, rows_int(&rows, 0), 1);
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !is_whole ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem count_articles(struct request *request, const struct term *term,
                                   struct tally *tally, int64_t *article_count) {
    rows_auto struct rows rows = {0};
    enum problem problem = PROBLEM_NONE;
    store_query(request->store, SQL_term_newest_articles, &rows,
                STORE_VALUES(STORE_INT(term->id), STORE_INT(RELATED_NEWEST)));
    while (problem == PROBLEM_NONE && rows_next(&rows)) {
        problem = count_tags(request, rows_int(&rows, 0), term->id, tally);
        ++*article_count;
    }
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

static enum problem append_related(struct request *request, const struct tally_entry *entry,
                                   json_t *list) {
    struct term other;
    enum problem problem = terms_load(request, entry->id, &other);
    if (problem != PROBLEM_NONE)
        return problem;
    json_t *json = shape_small(&other);
    render_set(json, "count", json_integer(entry->weight));
    bool is_whole =
        render_set(json, "url", render_text(address_of(request, TERM_TAG, &other, ""))) &&
        json_array_append_new(list, json) == 0;
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

enum problem terms_add_related(struct request *request, const struct term *term, json_t *json) {
    struct tally tally;
    struct tally_entry best[RELATED_MAX];
    int64_t article_count = 0;
    tally_init(&tally, request->arena);
    enum problem problem = count_articles(request, term, &tally, &article_count);
    size_t count = tally_best(&tally, best, RELATED_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < count && problem == PROBLEM_NONE; i++)
        problem = append_related(request, &best[i], list);
    if (problem == PROBLEM_NONE && (!render_set(json, "related", list) ||
                                    !render_set(json, "related_from", json_integer(article_count))))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* ---- handlers ---- */

enum problem term_show(struct request *request, struct reply *reply) {
    struct term term;
    json_t *json = NULL;
    enum problem problem = terms_find(request, &term);
    if (problem == PROBLEM_NONE)
        problem = terms_shape(request, terms_kind_of(request), &term, &json);
    if (problem == PROBLEM_NONE &&
        params_has_word(&request->params, PARAM_TERM_INCLUDE, PARAM_TERM_INCLUDE_RELATED))
        problem = terms_add_related(request, &term, json);
    return problem == PROBLEM_NONE ? reply_json(request, reply, json, PARAM_TERM_FIELDS) : problem;
}

enum problem term_article_list(struct request *request, struct reply *reply) {
    struct term term;
    enum problem problem = terms_find(request, &term);
    if (problem != PROBLEM_NONE)
        return problem;
    return article_list_reply(request, reply,
                              (struct article_filter_term){term.id, term.article_count});
}
