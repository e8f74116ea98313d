/* wire_kept.c: the pages of wire_server that are finished answers, out of the cache and into it. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "engine/cache.h"
#include "wire_pages.h"

/* Of a store that is not there; /kept_until_now begins another one. */
static atomic_uint_fast64_t store_now = 1;

void serve_kept_until_now(struct request *request, struct reply *reply) {
    (void)request;
    buffer_printf(&reply->body, "%lu", (unsigned long)atomic_fetch_add(&store_now, 1) + 1);
}

/* "N/STATE": so many letters that no other N and no other state has. */
static void print_letters(struct buffer *out, unsigned long bytes, uint64_t now) {
    buffer_printf(out, "%lu/%lu", bytes, (unsigned long)now);
    for (unsigned long i = 0; i < bytes; i++)
        buffer_append_char(out, (char)('a' + (i + bytes + now) % 26));
}

/* /kept/N?ANY: from the cache, or into it. Takes 16 N bytes while it is made. Counts in X-Made how
 * often it was made. */
void serve_kept(struct request *request, struct reply *reply) {
    static atomic_uint made;
    static const char etag[] = "\"kept\"";
    uint64_t now = atomic_load(&store_now);
    struct cache_key key = {request->raw_target, CODING_IDENTITY};
    const struct cache_answer *answer =
        request->cache == NULL ? NULL : cache_get(request->cache, key, now, request->if_none_match);
    if (answer != NULL) {
        reply->status = answer->status;
        reply->body_static = answer->body;
        reply->cached = answer->made;
        return;
    }
    unsigned long bytes = number_after(request, "/kept/");
    char *count = arena_alloc(request->arena, 16);
    char *scaffold = arena_alloc(request->arena, 16 * bytes);
    if (count == NULL || scaffold == NULL)
        return;
    memset(scaffold, 's', 16 * bytes);
    snprintf(count, 16, "%u", atomic_fetch_add(&made, 1) + 1);
    add_field(reply, "ETag", etag);
    if (request->if_none_match.at != NULL && etag_matches(request->if_none_match, etag)) {
        reply->status = 304;
    } else {
        print_letters(&reply->body, bytes, now);
        add_field(reply, "X-Request-Id", request->id);
    }
    add_field(reply, "X-Made", count);
    if (request->cache != NULL)
        answer = cache_put(request->cache, key, now, etag, reply);
    if (answer != NULL) {
        reply->cached = answer->made;
        reply->body_static = answer->body;
    }
}
