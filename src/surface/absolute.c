/* absolute.c: see absolute.h. */
#include "surface/absolute.h"

static bool is_needed(const struct request *request) {
    static const char *const suffixes[] = {"atom", "rss", "feed.json", "jsonld"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (span_is(request->target.suffix, suffixes[i]))
            return true;
    }
    return request->params.values[PARAM_FORMAT].is_given;
}

bool absolute_is_of_host(const struct request *request) {
    return is_needed(request) && request->match.route != NULL &&
           request->service->public_url.bytes == 0;
}

enum problem absolute_base(struct request *request, struct span *base) {
    struct span scheme = span_of(request->service->is_tls ? "https://" : "http://");
    struct span host = request->host;
    *base = request->service->public_url;
    if (base->bytes > 0)
        return PROBLEM_NONE;
    if (host.at == NULL || host.bytes == 0) {
        fault_set(&request->fault, "this form has whole addresses in it, and the request has no "
                                   "Host to make them of");
        return PROBLEM_BAD_HEAD;
    }
    char *text = arena_alloc(request->arena, scheme.bytes + host.bytes);
    if (text == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    memcpy(text, scheme.at, scheme.bytes);
    memcpy(text + scheme.bytes, host.at, host.bytes);
    *base = (struct span){text, scheme.bytes + host.bytes};
    return PROBLEM_NONE;
}

struct span absolute_join(struct arena *arena, struct span base, struct span address) {
    size_t bytes = base.bytes + address.bytes;
    char *text = address.at == NULL ? NULL : arena_alloc(arena, bytes);
    if (text == NULL)
        return (struct span){NULL, 0};
    memcpy(text, base.at, base.bytes);
    memcpy(text + base.bytes, address.at, address.bytes);
    return (struct span){text, bytes};
}
