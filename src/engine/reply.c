/* reply.c: answers and problems, and the fields that all of them carry. */
#include "engine/reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "ground/decimal.h"

#define PROBLEM_TYPE "application/problem+json"
#define RETRY_AFTER_S "1"

void reply_field(struct reply *reply, const char *name, const char *value) {
    if (value == NULL || reply->field_count == REPLY_FIELDS_MAX)
        return;
    reply->fields[reply->field_count++] = (struct reply_field){name, value};
}

struct reply_field *reply_field_find(struct reply *reply, const char *name) {
    for (size_t i = 0; i < reply->field_count; i++) {
        if (strcmp(reply->fields[i].name, name) == 0)
            return &reply->fields[i];
    }
    return NULL;
}

void reply_field_drop(struct reply *reply, const char *name) {
    struct reply_field *field = reply_field_find(reply, name);
    if (field == NULL)
        return;
    struct reply_field *end = &reply->fields[reply->field_count--];
    memmove(field, field + 1, (size_t)(end - (field + 1)) * sizeof *field);
}

/* Of a list the items are meant, not what is around them. */
static void keep_fields(json_t *json, const struct param_value *fields) {
    json_t *data = json_object_get(json, "data");
    render_prune(json_is_array(data) ? data : json, fields->items, fields->item_count);
}

enum problem reply_json(struct request *request, struct reply *reply, json_t *json,
                        enum param_id fields_id) {
    /* Whatever was refused on the way may be missing inside. */
    if (json == NULL || request->arena->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (fields_id != PARAM_ID_COUNT && request->params.values[fields_id].is_given)
        keep_fields(json, &request->params.values[fields_id]);
    reply->status = 200;
    if (request->page != NULL)
        return request->page(request, reply, json);
    render_write(json, request->params.values[PARAM_PRETTY].number != 0, &reply->body);
    reply_field(reply, "Content-Type", "application/json");
    return reply->body.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

enum problem reply_text(struct reply *reply, const char *content_type) {
    reply->status = 200;
    reply_field(reply, "Content-Type", content_type);
    return reply->body.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static json_t *text_of(const char *text) {
    return render_text(span_of(text));
}

static json_t *allowed_of(const struct fault *fault) {
    json_t *names = json_array();
    for (size_t i = 0; i < fault->allowed_count; i++) {
        if (json_array_append_new(names, text_of(fault->allowed[i])) != 0)
            return NULL;
    }
    return names;
}

/* The one entry of errors[]: which part of the request, and what would be right. */
static json_t *error_of(const struct fault *fault) {
    json_t *error = json_object();
    bool is_whole = error != NULL;
    if (fault->name[0] != '\0')
        is_whole = is_whole && render_set(error, "parameter", text_of(fault->name));
    if (fault->line != 0)
        is_whole = is_whole && render_set(error, "line", json_integer((json_int_t)fault->line)) &&
                   render_set(error, "column", json_integer((json_int_t)fault->column));
    if (fault->nearest[0] != '\0')
        is_whole = is_whole && render_set(error, "nearest", text_of(fault->nearest));
    if (fault->allowed_count > 0)
        is_whole = is_whole && render_set(error, "allowed", allowed_of(fault));
    return is_whole ? error : NULL;
}

static bool has_error(const struct fault *fault) {
    return fault->name[0] != '\0' || fault->line != 0 || fault->allowed_count > 0;
}

static bool set_errors(json_t *body, const struct fault *fault) {
    json_t *errors = json_array();
    return json_array_append_new(errors, error_of(fault)) == 0 &&
           render_set(body, "errors", errors);
}

static json_t *problem_of(const struct request *request, enum problem problem) {
    const struct problem_info *info = problem_info(problem);
    const struct fault *fault = &request->fault;
    char type[64];
    snprintf(type, sizeof type, "/problems/%s", info->code);
    json_t *body = json_object();
    bool is_whole =
        render_set(body, "type", text_of(type)) &&
        render_set(body, "title", text_of(info->title)) &&
        render_set(body, "status", json_integer(info->status)) &&
        render_set(body, "detail", text_of(fault_is_set(fault) ? fault->text : info->remedy));
    if (is_whole && request->target.raw_path.at != NULL)
        is_whole = render_set(body, "instance", render_text(request->target.raw_path));
    is_whole = is_whole && render_set(body, "request_id", text_of(request->id));
    if (is_whole && has_error(fault))
        is_whole = set_errors(body, fault);
    return is_whole ? body : NULL;
}

/* What is sent when there is no memory to say more. */
static void reply_out_of_memory(struct reply *reply) {
    static const char body[] =
        "{\"type\":\"/problems/out_of_memory\","
        "\"title\":\"The server has no memory for this request\",\"status\":503,"
        "\"detail\":\"Try again later, or ask for less at a time.\"}";
    reply_clear(reply);
    reply->body_static = SPAN_LITERAL(body);
    reply->status = 503;
    reply->problem = PROBLEM_OUT_OF_MEMORY;
}

static const char *print_number(const struct request *request, int64_t number) {
    char *text = arena_alloc(request->arena, DECIMAL_BYTES + 1);
    if (text != NULL)
        snprintf(text, DECIMAL_BYTES + 1, "%" PRId64, number);
    return text;
}

void reply_problem(struct request *request, struct reply *reply, enum problem problem) {
    reply_problem_with(request, reply, problem, NULL);
}

/* False when memory is out. */
static bool write_problem(struct request *request, struct reply *reply, json_t *body) {
    if (body == NULL)
        return false;
    if (request->page != NULL)
        return request->page(request, reply, body) == PROBLEM_NONE;
    reply_field(reply, "Content-Type", PROBLEM_TYPE);
    render_write(body, request->params.values[PARAM_PRETTY].number != 0, &reply->body);
    return !reply->body.failed;
}

void reply_problem_with(struct request *request, struct reply *reply, enum problem problem,
                        json_t *more) {
    reply_clear(reply);
    reply->status = problem_info(problem)->status;
    reply->problem = problem;
    json_t *body = problem_of(request, problem);
    if (body != NULL && more != NULL && json_object_update(body, more) != 0)
        body = NULL;
    if (!write_problem(request, reply, body)) {
        reply_out_of_memory(reply);
        reply_field(reply, "Content-Type", PROBLEM_TYPE);
    }
    if (reply->status == 503)
        reply_field(reply, "Retry-After", RETRY_AFTER_S);
    if (reply->status == 429)
        reply_field(reply, "Retry-After", print_number(request, request->access.retry_after_s));
    if (reply->status == 401 || reply->status == 403)
        reply_field(reply, "WWW-Authenticate", request->access.challenge);
}

static const char *cache_control_of(const struct request *request, const struct reply *reply) {
    const struct route *route = request->match.route;
    bool is_public = route != NULL && route->cache != ROUTE_CACHE_NO_STORE &&
                     request->method != METHOD_POST && !request->is_cut &&
                     (reply->status == 200 || reply->status == 304);
    if (!is_public)
        return "no-store";
    /* What needs a token is for its sender's own cache, which must ask each time; so is what
     * holds an address that its sender made up. */
    if (request_needs_token(request) || request->is_of_host)
        return "private, no-cache";
    if (route->cache == ROUTE_CACHE_IMMUTABLE &&
        request->params.values[PARAM_PATH_ARTICLE].number > 0)
        return "public, max-age=31536000, immutable";
    return request->service->config->cache_control;
}

static void add_fields(struct reply *reply, const struct reply_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++)
        reply_field(reply, fields[i].name, fields[i].value);
}

/* A page says itself what it may load; everything else may load nothing. */
/* The fields of a 304 are written over those that a cache has stored (RFC 9111, 4.3.4): what the
 * stored answer says already, and the id of this request, are left out of it. */
void reply_common(struct request *request, struct reply *reply) {
    static const struct reply_field shared[] = {
        {"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Expose-Headers",
         "Accept-Query, Accept-Ranges, Content-Disposition, Content-Range, ETag, "
         "Idempotency-Replayed, Link, "
         "Location, Preference-Applied, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After, "
         "X-Seq"},
    };
    const struct reply_field whole[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy", reply_field_find(reply, "Content-Security-Policy") != NULL
                                        ? NULL
                                        : "default-src 'none'; frame-ancestors 'none'"},
        {"X-Request-Id", request->id},
    };
    if (reply_field_find(reply, "Cache-Control") == NULL)
        reply_field(reply, "Cache-Control", cache_control_of(request, reply));
    add_fields(reply, shared, sizeof shared / sizeof shared[0]);
    if (reply->status != 304)
        add_fields(reply, whole, sizeof whole / sizeof whole[0]);
    if (request->seq >= 0)
        reply_field(reply, "X-Seq", print_number(request, request->seq));
    if (request->access.policy[0] != '\0') {
        reply_field(reply, "RateLimit-Policy", request->access.policy);
        reply_field(reply, "RateLimit", request->access.left);
    }
}
