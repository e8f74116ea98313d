/* cached.c: see cached.h. What a kept answer depends on is its target and the state of the store:
 * the fields of a request that could matter beside these (Authorization, If-Match,
 * If-None-Match: *, If-Modified-Since alone, codings without identity) make it go the whole way.
 * The wire gives no cache where reads need a token or are counted. */
#include "surface/cached.h"

#include "engine/cache.h"
#include "surface/server_timing.h"

enum { KEY_BYTES_MAX = 1024 };

static bool is_plain(const struct request *request) {
    return request->cache != NULL && request->store != NULL &&
           request->head.authorization.at == NULL && request->head.if_match.at == NULL &&
           !span_is(request->if_none_match, "*") &&
           (request->head.if_modified_since.at == NULL || request->if_none_match.at != NULL) &&
           coding_is_taken(&request->codings, CODING_IDENTITY);
}

/* Of QUERY with its form behind what no target holds; .bytes 0: nothing is kept. */
static struct span target_of(const struct request *request) {
    struct span target = request->raw_target, form = request->body;
    if (request->method == METHOD_GET || request->method == METHOD_HEAD)
        return target.bytes <= KEY_BYTES_MAX ? target : (struct span){NULL, 0};
    size_t bytes = target.bytes + 1 + form.bytes;
    if (request->method != METHOD_QUERY || !request->match.is_query || form.at == NULL ||
        bytes > KEY_BYTES_MAX)
        return (struct span){NULL, 0};
    char *key = arena_alloc(request->arena, bytes);
    if (key == NULL)
        return (struct span){NULL, 0};
    memcpy(key, target.at, target.bytes);
    key[target.bytes] = '\n';
    memcpy(key + target.bytes + 1, form.at, form.bytes);
    return (struct span){key, bytes};
}

static struct cache_key key_of(const struct request *request) {
    return (struct cache_key){target_of(request), coding_choose(&request->codings, CODING_KEPT)};
}

static void take(struct reply *reply, const struct cache_answer *answer) {
    reply->status = answer->status;
    reply->cached = answer->made;
    reply->body_static = answer->body;
}

bool cached_find(struct request *request, struct reply *reply) {
    /* The head of a form was looked at before it came; that of another body is not for us. */
    if (!is_plain(request) || request->is_routed != request->match.is_query)
        return false;
    struct cache_key key = key_of(request);
    if (key.target.bytes == 0)
        return false;
    uint64_t state = store_state(request->store);
    if (state == 0)
        return false;
    const struct cache_answer *answer =
        cache_get(request->cache, key, state, request->if_none_match);
    if (answer == NULL)
        return false;
    take(reply, answer);
    request->match.route = answer->route;
    return true;
}

static bool may_be_shared(const struct request *request, const struct reply *reply) {
    const struct route *route = request->match.route;
    return reply->problem == PROBLEM_NONE && (reply->status == 200 || reply->status == 304) &&
           reply->source.read == NULL && reply->body_static.at == NULL && route != NULL &&
           route->validator != ROUTE_VALIDATOR_NONE && route->cache != ROUTE_CACHE_NO_STORE &&
           !request_needs_token(request) && !request->is_of_host && !request->is_cut &&
           request->access.policy[0] == '\0';
}

void cached_keep(struct request *request, struct reply *reply) {
    if (!is_plain(request) || !may_be_shared(request, reply))
        return;
    uint64_t state = store_state_read(request->store);
    struct cache_key key = key_of(request);
    /* Whoever has the same key takes its coding, and what is not coded; another one not always. */
    bool is_for_all = reply->coding == key.coding || reply->coding == CODING_IDENTITY;
    if (request->etag == NULL || state == 0 || key.target.bytes == 0 || !is_for_all)
        return;
    /* What is measured of this answer is not for the next one. */
    size_t field_count = reply->field_count;
    if (server_timing_is_on(request))
        reply_field(reply, "Server-Timing", SERVER_TIMING_KEPT);
    reply->route = request->match.route;
    const struct cache_answer *answer = cache_put(request->cache, key, state, request->etag, reply);
    reply->field_count = field_count;
    if (answer != NULL && !server_timing_is_on(request))
        take(reply, answer);
}
