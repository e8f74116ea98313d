/* cached.c: see cached.h. What a kept answer depends on is its target and the state of the store:
 * the fields of a request that could matter beside these (Authorization, If-None-Match: *) make it
 * go the whole way. The wire gives no cache where reads need a token or are counted. */
#include "surface/cached.h"

#include "engine/cache.h"

enum { KEY_BYTES_MAX = 1024 };

static bool is_plain(const struct request *request) {
    return request->cache != NULL && request->store != NULL &&
           (request->method == METHOD_GET || request->method == METHOD_HEAD) &&
           request->head.authorization.at == NULL && request->raw_target.bytes <= KEY_BYTES_MAX &&
           !span_is(request->if_none_match, "*");
}

static void take(struct reply *reply, const struct cache_answer *answer) {
    reply->status = answer->status;
    reply->cached = answer->made;
    reply->body_static = answer->body;
}

bool cached_find(struct request *request, struct reply *reply) {
    if (!is_plain(request) || request->is_routed)
        return false;
    uint64_t state = store_state(request->store);
    if (state == 0)
        return false;
    const struct cache_answer *answer =
        cache_get(request->cache, request->raw_target, state, request->if_none_match);
    if (answer == NULL)
        return false;
    take(reply, answer);
    return true;
}

static const char *etag_of(const struct reply *reply) {
    for (size_t i = 0; i < reply->field_count; i++) {
        if (strcmp(reply->fields[i].name, "ETag") == 0)
            return reply->fields[i].value;
    }
    return NULL;
}

static bool may_be_shared(const struct request *request, const struct reply *reply) {
    const struct route *route = request->match.route;
    return reply->problem == PROBLEM_NONE && (reply->status == 200 || reply->status == 304) &&
           reply->source.read == NULL && reply->body_static.at == NULL && route != NULL &&
           route->validator != ROUTE_VALIDATOR_NONE && route->cache != ROUTE_CACHE_NO_STORE &&
           !request_needs_token(request) && !request->is_of_host &&
           request->access.policy[0] == '\0';
}

void cached_keep(struct request *request, struct reply *reply) {
    if (!is_plain(request) || !may_be_shared(request, reply))
        return;
    const char *etag = etag_of(reply);
    uint64_t state = store_state_read(request->store);
    if (etag == NULL || state == 0)
        return;
    const struct cache_answer *answer =
        cache_put(request->cache, request->raw_target, state, etag, reply);
    if (answer != NULL)
        take(reply, answer);
}
