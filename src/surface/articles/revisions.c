/* revisions.c: the versions of an article as a list. */
#include "surface/articles/revisions.h"

#include "engine/render.h"
#include "surface/feeds/feed.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/lists/list_written.h"

enum { NEWEST = 20 };

/* The columns of revision_walk_down and revision_walk_up. */
enum {
    WALK_VERSION,
    WALK_SEQ,
    WALK_UPDATED_AT,
    WALK_TITLE,
    WALK_PARAGRAPH_COUNT,
    WALK_WORD_COUNT,
};

/* Places stand last, with commas of their own: title,tags,paragraphs:3,4 */
json_t *revisions_changed(struct span names) {
    static const char places[] = "paragraphs:";
    json_t *list = json_array();
    while (list != NULL && names.bytes > 0) {
        bool is_last =
            names.bytes > strlen(places) && memcmp(names.at, places, strlen(places)) == 0;
        const char *comma = is_last ? NULL : memchr(names.at, ',', names.bytes);
        size_t bytes = comma == NULL ? names.bytes : (size_t)(comma - names.at);
        if (json_array_append_new(list, render_text((struct span){names.at, bytes})) != 0)
            return NULL;
        size_t skipped = bytes + (comma != NULL);
        names = (struct span){names.at + skipped, names.bytes - skipped};
    }
    return list;
}

/* null where it is not known: what changed long ago is not kept for ever. */
static enum problem add_changed(struct request *request, int64_t version, int64_t seq,
                                json_t *revision) {
    json_t *changed = json_null();
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_change_by_seq, &rows, STORE_VALUES(STORE_INT(seq)));
    if (rows_next(&rows) && (version == 1 || !span_is(rows_text(&rows, 0), "create")))
        changed = revisions_changed(rows_text(&rows, 1));
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && !render_set(revision, "changed", changed)
               ? PROBLEM_OUT_OF_MEMORY
               : problem;
}

/* What a feed says of it beside. */
static enum problem add_whole(struct request *request, int64_t article_id, int64_t version,
                              json_t *revision) {
    static const char *const members[] = {"authors", "section", "tags", "paragraphs"};
    json_t *article = NULL;
    bool is_whole = true;
    enum problem problem = revisions_load(request, article_id, version, &article);
    if (problem == PROBLEM_NONE)
        problem = list_written_bound(request);
    if (problem != PROBLEM_NONE)
        return problem;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        is_whole &= render_set(revision, members[i], json_object_get(article, members[i]));
    return is_whole ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem append_summary(struct request *request, int64_t article_id,
                                   const struct rows *rows, json_t *data) {
    char instant[INSTANT_BYTES];
    int64_t version = rows_int(rows, WALK_VERSION), seq = rows_int(rows, WALK_SEQ);
    json_t *revision = json_object();
    instant_print(rows_int(rows, WALK_UPDATED_AT), instant);
    render_set(revision, "version", json_integer(version));
    render_set(revision, "seq", json_integer(seq));
    render_set(revision, "updated_at", render_text(span_of(instant)));
    render_set(revision, "title", render_text(rows_text(rows, WALK_TITLE)));
    render_set(revision, "paragraph_count", json_integer(rows_int(rows, WALK_PARAGRAPH_COUNT)));
    render_set(revision, "word_count", json_integer(rows_int(rows, WALK_WORD_COUNT)));
    enum problem problem = add_changed(request, version, seq, revision);
    if (problem != PROBLEM_NONE)
        return problem;
    if (feed_is_asked(request))
        problem = add_whole(request, article_id, version, revision);
    if (problem != PROBLEM_NONE)
        return problem;
    struct span url = revisions_address(request->arena, article_id, version);
    return render_set(revision, "url", render_text(url)) &&
                   json_array_append_new(data, revision) == 0
               ? PROBLEM_NONE
               : PROBLEM_OUT_OF_MEMORY;
}

/* Summaries from `version` downwards, at most `limit`. */
static enum problem append_summaries(struct request *request, int64_t article_id, int64_t version,
                                     size_t limit, json_t *data) {
    enum problem problem = PROBLEM_NONE;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_revision_walk_down, &rows,
                STORE_VALUES(STORE_INT(article_id),
                             STORE_INT(version == INT64_MAX ? version : version + 1)));
    while (problem == PROBLEM_NONE && json_array_size(data) < limit && rows_next(&rows))
        problem = append_summary(request, article_id, &rows, data);
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

enum problem revisions_add_newest(struct request *request, int64_t article_id, int64_t version,
                                  json_t *article) {
    json_t *data = json_array();
    enum problem problem = append_summaries(request, article_id, version, NEWEST, data);
    return problem == PROBLEM_NONE && !render_set(article, "revisions", data)
               ? PROBLEM_OUT_OF_MEMORY
               : problem;
}

static enum problem walk_page(struct list *list, int64_t article_id) {
    const struct store_value *after = list_after(list);
    struct store_value from = after != NULL ? after[0] : STORE_INT(INT64_MAX);
    rows_auto struct rows rows = {0};
    store_query(list->request->store,
                list->is_backward ? SQL_revision_walk_up : SQL_revision_walk_down, &rows,
                STORE_VALUES(STORE_INT(article_id), from));
    while (rows_next(&rows)) {
        struct store_value key = STORE_INT(rows_int(&rows, WALK_VERSION));
        if (!list_take(list, &key))
            break;
    }
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE ? list_settle(list) : problem;
}

static enum problem count_all(struct request *request, const struct revision_place *place,
                              struct list_total *total) {
    int64_t count = 0, limit = list_count_limit(request);
    *total = (struct list_total){limit > 0, false, 0};
    enum problem problem = limit == 0 ? PROBLEM_NONE
                                      : store_int(request->store, SQL_revision_count, &count,
                                                  STORE_VALUES(STORE_INT(place->article_id)));
    total->count = count + !place->is_deleted;
    return problem;
}

static json_t *make_meta(const struct revision_place *place) {
    char deleted_at[INSTANT_BYTES];
    json_t *meta = json_object();
    if (!place->is_deleted)
        return meta;
    instant_print(place->deleted_at, deleted_at);
    return render_set(meta, "deleted_at", render_text(span_of(deleted_at))) ? meta : NULL;
}

enum problem revision_list(struct request *request, struct reply *reply) {
    static const enum store_type key_types[] = {STORE_TYPE_INT};
    struct revision_place place;
    struct list list = {.row_count = 0};
    struct list_total total = {false, false, 0};
    json_t *data = json_array();
    enum problem problem = revisions_find(request, &place);
    if (problem == PROBLEM_NONE)
        problem = list_begin(&list, request, key_types, 1);
    if (problem == PROBLEM_NONE)
        problem = walk_page(&list, place.article_id);
    if (problem == PROBLEM_NONE && list.row_count > 0)
        problem = append_summaries(request, place.article_id, list.rows[0].keys[0].number,
                                   list.row_count, data);
    if (problem == PROBLEM_NONE)
        problem = count_all(request, &place, &total);
    return problem == PROBLEM_NONE
               ? list_reply(&list, reply, data, make_meta(&place), total, PARAM_REVISION_FIELDS)
               : problem;
}
