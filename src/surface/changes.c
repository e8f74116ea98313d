/* changes.c: what changed after a seq, oldest first. A reader asks since the seq of its copy, and
 * goes on with links.next, which is always there: at the end it is the address to ask again
 * later. */
#include <inttypes.h>

#include "engine/render.h"
#include "surface/address.h"
#include "surface/articles/revisions.h"
#include "surface/change_filter.h"
#include "surface/handlers.h"
#include "surface/lists/list_form.h"
#include "surface/lists/list_forms.h"

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

/* Where the thing is; null when its name is not known any more. */
static enum problem find_address(struct request *request, const struct change *change,
                                 json_t **url) {
    static const struct {
        const char *type, *prefix;
    } terms[] = {{"author", "/v1/authors/"}, {"section", "/v1/sections/"}, {"tag", "/v1/tags/"}};
    const char *prefix = NULL;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        if (span_is(change->type, terms[i].type))
            prefix = terms[i].prefix;
    }
    if (prefix == NULL) {
        *url = render_text(address_by_id(request->arena, "/v1/articles/", change->id, ""));
        return *url == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    }
    rows_auto struct rows rows = {0};
    store_query(request->store, SQL_term_by_id, &rows, STORE_VALUES(STORE_INT(change->id)));
    *url = rows_next(&rows)
               ? render_text(address_by_text(request->arena, prefix, rows_text(&rows, 1)))
               : json_null();
    enum problem problem = rows_end(&rows);
    return problem == PROBLEM_NONE && *url == NULL ? PROBLEM_OUT_OF_MEMORY : problem;
}

static enum problem append(struct request *request, const struct change *change, json_t *data) {
    char instant[INSTANT_BYTES];
    json_t *url = NULL;
    enum problem problem = find_address(request, change, &url);
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
    return render_set(json, "url", url) && json_array_append_new(data, json) == 0
               ? PROBLEM_NONE
               : PROBLEM_OUT_OF_MEMORY;
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
    if (list_form_is_asked(request))
        return list_form_reply(request, reply, page->data, PARAM_CHANGE_FIELDS);
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
