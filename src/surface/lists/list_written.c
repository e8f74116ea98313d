/* list_written.c: see list_written.h. */
#include "surface/lists/list_written.h"

#include "surface/lists/list_forms.h"

enum { ITEM_DEPTH = 2 }; /* in "data" of the answer */

static bool is_lines(const struct request *request) {
    return span_is(request->target.suffix, "ndjson");
}

static bool is_pretty(const struct request *request) {
    return request->params.values[PARAM_PRETTY].number != 0;
}

bool list_written_is_asked(const struct request *request) {
    return is_lines(request) || (list_forms_is_json(request) &&
                                 strcmp(request->match.route->answer, "article_list") == 0);
}

static enum problem refuse(struct request *request) {
    fault_set(
        &request->fault,
        "these %lld items are more than one answer can hold: ask for fewer with limit, or for "
        "fewer members with fields",
        (long long)request->params.values[PARAM_LIMIT].number);
    return PROBLEM_ANSWER_TOO_LARGE;
}

enum problem list_written_bound(struct request *request) {
    return request->arena->held_bytes > LIMIT_LIST_ARENA_BYTES ? refuse(request) : PROBLEM_NONE;
}

void list_written_begin(const struct request *request, struct reply *reply) {
    if (!is_lines(request))
        buffer_append_text(&reply->body, is_pretty(request) ? "{\n  \"data\": [" : "{\"data\":[");
}

static void write_item(const struct request *request, struct buffer *out, const json_t *item) {
    if (is_lines(request)) {
        render_write(item, false, out);
        buffer_append_char(out, '\n');
        return;
    }
    if (out->used > 0 && out->bytes[out->used - 1] != '[')
        buffer_append_char(out, ',');
    if (is_pretty(request))
        buffer_append_text(out, "\n    ");
    render_write_inside(item, is_pretty(request), ITEM_DEPTH, out);
}

enum problem list_written_add(struct request *request, struct reply *reply, json_t *item,
                              enum param_id fields_id, const struct arena_mark *mark) {
    const struct param_value *fields = &request->params.values[fields_id];
    if (item == NULL || request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (fields->is_given)
        render_prune(item, fields->items, fields->item_count);
    write_item(request, &reply->body, item);
    arena_rewind(request->arena, mark);
    if (reply->body.failed)
        return PROBLEM_OUT_OF_MEMORY;
    return reply->body.used > LIMIT_LIST_BYTES ? refuse(request) : PROBLEM_NONE;
}

void list_written_end(const struct request *request, struct reply *reply) {
    if (is_lines(request))
        return;
    bool is_empty = reply->body.used > 0 && reply->body.bytes[reply->body.used - 1] == '[';
    buffer_append_text(&reply->body, is_pretty(request) && !is_empty ? "\n  ]" : "]");
}
