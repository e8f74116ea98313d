/* list.c: pages of a list; see list.h. */
#include "surface/lists/list.h"

#include "engine/render.h"
#include "surface/address.h"
#include "surface/feeds/feed.h"
#include "surface/lists/list_form.h"
#include "surface/lists/list_forms.h"
#include "surface/lists/list_page.h"

static const struct span NO_ADDRESS = {NULL, 0};

/* What may change from page to page without making it another list. */
static const enum param_id not_of_the_list[] = {
    PARAM_CURSOR,
    PARAM_PAGE,
    PARAM_SINCE,
    PARAM_LIMIT,
    PARAM_RELATED_LIMIT,
    PARAM_SUGGEST_LIMIT,
    PARAM_COUNT_MODE,
    PARAM_PARAGRAPH_COUNT_MODE,
    PARAM_PARAGRAPH_LIST_FIELDS,
    PARAM_PRETTY,
    PARAM_ARTICLE_FIELDS,
    PARAM_TERM_FIELDS,
    PARAM_REVISION_FIELDS,
    PARAM_SEARCH_FIELDS,
    PARAM_HIGHLIGHT,
    PARAM_FACETS,
    PARAM_EXPLAIN,
    PARAM_ARTICLE_LIST_INCLUDE,
    PARAM_ID_COUNT,
};

static enum problem hash_list(struct request *request, uint64_t *hash) {
    struct buffer text;
    buffer_init(&text);
    struct span path = request->target.raw_path;
    if (request->page != NULL) /* shows the list of the plain address */
        path.bytes -= request->target.suffix.bytes + (request->target.suffix.bytes > 0);
    buffer_append_span(&text, path);
    buffer_append_char(&text, '?');
    params_print_normal(&request->params, request->match.route->taken, not_of_the_list, &text);
    *hash = span_hash(buffer_span(&text));
    enum problem problem = text.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
    buffer_fini(&text);
    return problem;
}

static enum problem read_cursor(struct list *list, const enum store_type *key_types) {
    const struct param_value *given = &list->request->params.values[PARAM_CURSOR];
    if (!given->has_value)
        return PROBLEM_NONE;
    struct fault *fault = &list->request->fault;
    if (!cursor_parse(given->text, key_types, list->key_count, list->request->arena, &list->cursor))
        fault_set(fault,
                  "the cursor is not one that this server gave out for a list ordered like this");
    else if (list->cursor.list != list->hash)
        fault_set(fault,
                  "the cursor was made for another list: other filters, another sort or address");
    if (fault_is_set(fault))
        return PROBLEM_BAD_CURSOR;
    list->has_cursor = true;
    list->is_backward = list->cursor.is_backward;
    return PROBLEM_NONE;
}

enum problem list_begin(struct list *list, struct request *request,
                        const enum store_type *key_types, size_t key_count) {
    const struct param_value *values = request->params.values;
    *list = (struct list){.request = request, .key_count = key_count};
    list->limit = (size_t)values[PARAM_LIMIT].number;
    enum problem problem = hash_list(request, &list->hash);
    if (problem == PROBLEM_NONE)
        problem = read_cursor(list, key_types);
    if (problem != PROBLEM_NONE)
        return problem;
    if (values[PARAM_PAGE].has_value) {
        list->page = values[PARAM_PAGE].number;
        list->skip_count = (uint64_t)(list->page - 1) * list->limit;
    }
    list->rows = arena_alloc(request->arena, (list->limit + 1) * sizeof *list->rows);
    return list->rows == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

bool list_skip(struct list *list, uint64_t count) {
    if (count > list->skip_count)
        return false;
    list->skip_count -= count;
    return true;
}

bool list_take(struct list *list, const struct store_value *keys) {
    if (list->skip_count > 0) {
        list->skip_count--;
        return true;
    }
    struct list_row *row = &list->rows[list->row_count];
    for (size_t i = 0; i < list->key_count; i++) {
        row->keys[i] = keys[i];
        if (keys[i].type != STORE_TYPE_TEXT)
            continue;
        row->keys[i].text = arena_copy(list->request->arena, keys[i].text);
        if (row->keys[i].text.at == NULL) {
            list->has_failed = true;
            return false;
        }
    }
    list->row_count++;
    return list->row_count <= list->limit;
}

enum problem list_settle(struct list *list) {
    if (list->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    list->has_more = list->row_count > list->limit;
    if (list->has_more)
        list->row_count = list->limit;
    for (size_t i = 0; list->is_backward && i < list->row_count / 2; i++) {
        struct list_row row = list->rows[i];
        list->rows[i] = list->rows[list->row_count - 1 - i];
        list->rows[list->row_count - 1 - i] = row;
    }
    return PROBLEM_NONE;
}

int64_t list_count_limit(const struct request *request) {
    const struct param_value *values = request->params.values;
    if (request->page == NULL && !list_forms_is_json(request))
        return 0; /* only JSON and pages say it */
    bool is_of_paragraphs = values[PARAM_PARAGRAPH_COUNT_MODE].has_value;
    const struct param_value *mode =
        &values[is_of_paragraphs ? PARAM_PARAGRAPH_COUNT_MODE : PARAM_COUNT_MODE];
    if (!mode->has_value && values[PARAM_Q].has_value)
        return LIST_BOUND + 1;
    switch ((enum param_count_word)mode->number) {
    case PARAM_COUNT_NONE:
        return 0;
    case PARAM_COUNT_BOUNDED:
        return LIST_BOUND + 1;
    default:
        return INT64_MAX;
    }
}

struct list_total list_total_of(int64_t count, int64_t limit) {
    if (limit == 0)
        return (struct list_total){false, false, 0};
    bool is_cut = limit == LIST_BOUND + 1 && count >= limit;
    return (struct list_total){true, is_cut, is_cut ? LIST_BOUND : count};
}

/* Before a page that is beyond the end stands the last one that is not. */
static int64_t page_before(const struct list *list) {
    int64_t limit = (int64_t)list->limit;
    int64_t row_count = (list->page - 1) * limit - (int64_t)list->skip_count;
    return row_count <= limit ? 1 : (row_count + limit - 1) / limit;
}

/* The page behind (or before) this one, or no text when there is none. */
static struct span beside(const struct list *list, bool is_backward) {
    struct request *request = list->request;
    if (!params_is_listed(request->match.route->taken, PARAM_CURSOR))
        return (struct span){NULL, 0};
    bool is_there =
        is_backward == list->is_backward ? list->has_more : list->has_cursor || list->page > 1;
    if (!is_there)
        return (struct span){NULL, 0};
    if (list->page > 0) {
        struct span number =
            address_by_id(request->arena, "", is_backward ? page_before(list) : list->page + 1, "");
        return address_of_page(request, "page", number);
    }
    struct cursor cursor = {
        list->hash, is_backward, {{STORE_TYPE_NULL, 0, {NULL, 0}}}, list->key_count};
    const struct store_value *keys = list->cursor.keys; /* of an empty page: where it would be */
    if (list->row_count > 0)
        keys = list->rows[is_backward ? 0 : list->row_count - 1].keys;
    memcpy(cursor.keys, keys, list->key_count * sizeof *keys);
    return address_of_page(request, "cursor", cursor_print(&cursor, request->arena));
}

static json_t *text_or_null(struct span text) {
    return text.at == NULL ? json_null() : render_text(text);
}

static json_t *make_links(struct span self, struct span next, struct span prev) {
    json_t *links = json_object();
    render_set(links, "self", render_text(self));
    render_set(links, "next", text_or_null(next));
    render_set(links, "prev", text_or_null(prev));
    return links;
}

static void set_meta(json_t *meta, int64_t count, struct list_total total, int64_t seq) {
    render_set(meta, "count", json_integer(count));
    render_set(meta, "total", total.is_known ? json_integer(total.count) : json_null());
    if (total.is_lower_bound)
        render_set(meta, "total_is_lower_bound", json_true());
    render_set(meta, "seq", json_integer(seq));
}

/* A page of items, and where it stands in its list. */
struct shown {
    struct request *request;
    json_t *data, *meta;
    struct span self, next, prev;
    enum param_id fields_id;
};

/* A list that is one page by its nature has no first one. */
static enum problem reply_feed(struct request *request, struct reply *reply, const json_t *data,
                               struct span next, struct span previous) {
    bool has_pages = params_is_listed(request->match.route->taken, PARAM_CURSOR);
    struct feed feed = {.request = request,
                        .items = data,
                        .self = address_of_page(request, NULL, NO_ADDRESS),
                        .next = next,
                        .previous = previous,
                        .first = has_pages ? list_forms_first(request) : NO_ADDRESS,
                        .json = list_forms_address(request, ""),
                        .page = list_forms_has_page(request)
                                    ? list_forms_address(request, FEED_PAGE_SUFFIX)
                                    : NO_ADDRESS};
    enum problem problem = hash_list(request, &feed.hash);
    return problem == PROBLEM_NONE ? feed_reply(&feed, reply) : problem;
}

enum problem list_reply_form(struct request *request, struct reply *reply, json_t *data,
                             struct span next, struct span prev, enum param_id fields_id) {
    if (list_form_is_asked(request))
        return list_form_reply(request, reply, data, fields_id);
    enum problem problem = list_forms_check(request); /* `fields` means nothing there */
    if (problem != PROBLEM_NONE)
        return problem;
    return feed_is_asked(request) ? reply_feed(request, reply, data, next, prev)
                                  : list_page_reply(request, reply, data, next);
}

/* What follows "data", which was written already: an object whose '{' becomes a ','. */
static enum problem reply_rest(const struct shown *page, struct reply *reply) {
    size_t start = reply->body.used;
    json_t *rest = json_object();
    if (list_form_is_asked(page->request))
        return reply_text(reply, LIST_FORM_NDJSON_TYPE);
    if (!render_set(rest, "links", make_links(page->self, page->next, page->prev)) ||
        !render_set(rest, "meta", page->meta))
        return PROBLEM_OUT_OF_MEMORY;
    enum problem problem = reply_json(page->request, reply, rest, PARAM_ID_COUNT);
    if (problem == PROBLEM_NONE)
        reply->body.bytes[start] = ',';
    return problem;
}

static enum problem reply_list(const struct shown *page, struct reply *reply) {
    struct request *request = page->request;
    list_forms_link(request, reply, page->next, page->prev);
    if (page->data == NULL)
        return reply_rest(page, reply);
    if (list_form_is_asked(request) || list_forms_is_read(request))
        return list_reply_form(request, reply, page->data, page->next, page->prev, page->fields_id);
    json_t *answer = json_object();
    if (!render_set(answer, "data", page->data) ||
        !render_set(answer, "links", make_links(page->self, page->next, page->prev)) ||
        !render_set(answer, "meta", page->meta))
        return PROBLEM_OUT_OF_MEMORY;
    return reply_json(request, reply, answer, page->fields_id);
}

enum problem list_reply(struct list *list, struct reply *reply, json_t *data, json_t *meta,
                        struct list_total total, enum param_id fields_id) {
    struct request *request = list->request;
    if (meta == NULL)
        meta = json_object();
    set_meta(meta, (int64_t)list->row_count, total, request->seq);
    const struct shown page = {.request = request,
                               .data = data,
                               .meta = meta,
                               .self = address_of_page(request, NULL, NO_ADDRESS),
                               .next = beside(list, false),
                               .prev = beside(list, true),
                               .fields_id = fields_id};
    return reply_list(&page, reply);
}

enum problem list_reply_whole(struct request *request, struct reply *reply, json_t *data,
                              int64_t total, int64_t seq, enum param_id fields_id) {
    json_t *meta = json_object();
    set_meta(meta, (int64_t)json_array_size(data), (struct list_total){true, false, total}, seq);
    const struct shown page = {.request = request,
                               .data = data,
                               .meta = meta,
                               .self = address_of_page(request, NULL, NO_ADDRESS),
                               .next = NO_ADDRESS,
                               .prev = NO_ADDRESS,
                               .fields_id = fields_id};
    return reply_list(&page, reply);
}
