/* changes.c: what changed after a seq, oldest first. A reader asks since the seq of its copy, and
 * goes on with links.next, which is always there: at the end it is the address to ask again
 * later. */
#include <inttypes.h>

#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/revisions.h"
#include "surface/change_filter.h"
#include "surface/feeds/feed.h"
#include "surface/handlers.h"
#include "surface/lists/list.h"
#include "surface/lists/list_forms.h"
#include "surface/shapes.h"

/* How many changes one request looks at to find those that a filter lets through. */
enum { LOOK_MAX = 20000 };

enum {
    CHANGE_SEQ,
    CHANGE_OP,
    CHANGE_TYPE,
    CHANGE_ID,
    CHANGE_VERSION,
    CHANGE_CHANGED,
    CHANGE_AT,
};

struct page {
    json_t *data;
    int64_t last_seq; /* up to which everything was looked at */
    bool has_more;
};

/* What changed, as far as it is known now; .at NULL where it is not. */
struct thing {
    struct span url, title;
    struct span page; /* for people: its own, or one that it stands on */
};

static const struct collection {
    const char *type, *prefix, *page;
} collections[] = {
    {"author", "/v1/authors/", "/v1/authors.html"},
    {"section", "/v1/sections/", "/v1/sections.html"},
    {"tag", "/v1/tags/", "/v1/tags.html"},
};

static enum problem find_term(struct request *request, const struct change *change,
                              const struct collection *collection, struct thing *thing) {
    enum { TERM_SLUG = 1, TERM_NAME = 2 };
    rows_auto struct rows rows = {0};
    thing->page = span_of(collection->page);
    store_query(request->store, SQL_term_by_id, &rows, STORE_VALUES(STORE_INT(change->id)));
    if (rows_next(&rows)) {
        thing->url =
            address_by_text(request->arena, collection->prefix, rows_text(&rows, TERM_SLUG));
        thing->title = arena_copy(request->arena, rows_text(&rows, TERM_NAME));
        thing->page = address_of_form(request->arena, thing->url, FEED_PAGE_SUFFIX);
    }
    return rows_end(&rows);
}

/* Its title is read for those who read; one that was deleted still has its versions. */
static enum problem find_article(struct request *request, const struct change *change,
                                 struct thing *thing) {
    enum { DELETED_TITLE = 2 };
    struct arena *arena = request->arena;
    thing->url = address_by_id(arena, "/v1/articles/", change->id, "");
    if (!list_forms_is_read(request))
        return PROBLEM_NONE;
    rows_auto struct rows rows = {0}, deleted = {0};
    store_query(request->store, SQL_article_by_id, &rows, STORE_VALUES(STORE_INT(change->id)));
    if (rows_next(&rows)) {
        thing->title = arena_copy(arena, rows_text(&rows, ARTICLE_TITLE));
        thing->page = address_of_form(arena, thing->url, FEED_PAGE_SUFFIX);
        return rows_end(&rows);
    }
    enum problem problem = rows_end(&rows);
    if (problem != PROBLEM_NONE)
        return problem;
    thing->page = address_by_id(arena, "/v1/articles/", change->id, "/revisions." FEED_PAGE_SUFFIX);
    store_query(request->store, SQL_deletion_by_id, &deleted, STORE_VALUES(STORE_INT(change->id)));
    if (rows_next(&deleted))
        thing->title = arena_copy(arena, rows_text(&deleted, DELETED_TITLE));
    return rows_end(&deleted);
}

static enum problem find_thing(struct request *request, const struct change *change,
                               struct thing *thing) {
    *thing = (struct thing){.url = {NULL, 0}};
    for (size_t i = 0; i < sizeof collections / sizeof *collections; i++) {
        if (span_is(change->type, collections[i].type))
            return find_term(request, change, &collections[i], thing);
    }
    return find_article(request, change, thing);
}

/* What those who read are told beside. */
static bool add_read(struct request *request, const struct change *change,
                     const struct thing *thing, json_t *json) {
    struct span title = thing->title;
    if (!list_forms_is_read(request))
        return true;
    if (title.at == NULL) /* its number is said elsewhere */
        title = change->type;
    return render_set(json, "title", render_text(title)) &&
           render_set(json, "page", render_text(thing->page));
}

static enum problem append(struct request *request, const struct change *change, json_t *data) {
    char instant[INSTANT_BYTES];
    struct thing thing;
    enum problem problem = find_thing(request, change, &thing);
    if (problem != PROBLEM_NONE)
        return problem;
    instant_print(change->at, instant);
    json_t *json = json_object();
    render_set(json, "seq", json_integer(change->seq));
    render_set(json, "op", render_text(change->op));
    render_set(json, "type", render_text(change->type));
    render_set(json, "id", json_integer(change->id));
    render_set(json, "version", change->version > 0 ? json_integer(change->version) : json_null());
    render_set(json, "changed", revisions_changed(change->changed));
    render_set(json, "at", render_text(span_of(instant)));
    render_set(json, "url", thing.url.at == NULL ? json_null() : render_text(thing.url));
    bool is_whole =
        add_read(request, change, &thing, json) && json_array_append_new(data, json) == 0;
    return is_whole && !request->arena->has_failed ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static enum problem walk(struct request *request, const struct change_filter *filter,
                         struct page *page) {
    const struct param_value *values = request->params.values;
    enum problem problem = PROBLEM_NONE;
    size_t looked = 0, limit = (size_t)values[PARAM_LIMIT].number;
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_change_since, &rows,
                STORE_VALUES(STORE_INT(values[PARAM_SINCE].number)));
    while (problem == PROBLEM_NONE && rows_next(&rows)) {
        bool passes = false;
        struct change change = {rows_int(&rows, CHANGE_SEQ),     rows_int(&rows, CHANGE_ID),
                                rows_int(&rows, CHANGE_VERSION), rows_int(&rows, CHANGE_AT),
                                rows_text(&rows, CHANGE_OP),     rows_text(&rows, CHANGE_TYPE),
                                rows_text(&rows, CHANGE_CHANGED)};
        page->has_more = json_array_size(page->data) == limit || looked++ == LOOK_MAX;
        if (page->has_more)
            break;
        problem = change_filter_test(filter, &change, &passes);
        if (problem == PROBLEM_NONE && passes)
            problem = append(request, &change, page->data);
        page->last_seq = change.seq;
    }
    if (!page->has_more)
        page->last_seq = request->seq;
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

/* Whether everything after `since` is still there to be told. */
static enum problem check_since(struct request *request, struct reply *reply, int64_t since,
                                int64_t oldest, bool *is_gone) {
    *is_gone = since < oldest - 1;
    if (since > request->seq) {
        fault_set(&request->fault,
                  "since %" PRId64 " lies ahead: the last change is %" PRId64
                  "; a copy that knows more was made of another store",
                  since, request->seq);
        memcpy(request->fault.name, "since", sizeof "since");
        return PROBLEM_BAD_PARAMETER;
    }
    if (!*is_gone)
        return PROBLEM_NONE;
    fault_set(&request->fault,
              "changes before seq %" PRId64 " are no longer kept; make the copy anew, and go on "
              "since the seq that comes with it",
              oldest);
    json_t *more = json_object();
    render_set(more, "oldest_seq", json_integer(oldest));
    if (!render_set(more, "seq", json_integer(request->seq)))
        return PROBLEM_OUT_OF_MEMORY;
    reply_problem_with(request, reply, PROBLEM_GONE, more);
    return PROBLEM_NONE;
}

static enum problem reply_page(struct request *request, struct reply *reply,
                               const struct page *page, int64_t oldest, json_t *unknown) {
    struct span self = address_of_page(request, NULL, (struct span){NULL, 0});
    struct span seq = address_by_id(request->arena, "", page->last_seq, "");
    struct span next = address_of_page(request, "since", seq);
    list_forms_link(request, reply, next, (struct span){NULL, 0});
    if (!list_forms_is_json(request)) {
        struct span none = {NULL, 0}; /* who follows pages to the end must come to one */
        return list_reply_form(request, reply, page->data, page->has_more ? next : none, none,
                               PARAM_CHANGE_FIELDS);
    }
    json_t *links = json_object(), *meta = json_object(), *answer = json_object();
    render_set(links, "self", render_text(self));
    render_set(links, "next", render_text(next));
    render_set(meta, "count", json_integer((json_int_t)json_array_size(page->data)));
    render_set(meta, "has_more", json_boolean(page->has_more));
    render_set(meta, "seq", json_integer(request->seq));
    render_set(meta, "oldest_seq", json_integer(oldest));
    if (unknown != NULL)
        render_set(meta, "unknown", unknown);
    bool is_whole = render_set(answer, "data", page->data) && render_set(answer, "links", links) &&
                    render_set(answer, "meta", meta);
    return is_whole ? reply_json(request, reply, answer, PARAM_CHANGE_FIELDS)
                    : PROBLEM_OUT_OF_MEMORY;
}

enum problem change_list(struct request *request, struct reply *reply) {
    int64_t since = request->params.values[PARAM_SINCE].number, oldest = 0;
    struct page page = {json_array(), since, false};
    struct change_filter filter;
    bool is_gone = false;
    enum problem problem = store_int(request->store, SQL_change_oldest, &oldest, STORE_NO_VALUES);
    if (problem == PROBLEM_NONE)
        problem = check_since(request, reply, since, oldest, &is_gone);
    if (problem != PROBLEM_NONE || is_gone)
        return problem;
    problem = change_filter_begin(request, &filter);
    if (problem == PROBLEM_NONE)
        problem = walk(request, &filter, &page);
    return problem == PROBLEM_NONE ? reply_page(request, reply, &page, oldest, filter.unknown)
                                   : problem;
}
