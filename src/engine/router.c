/* router.c: matching, and the names of methods. router_check.c splits and proves the table. */
#include "engine/router.h"

#include <stdio.h>

#include "ground/nearest.h"

static bool fits(const struct router_pattern *pattern, const struct target *target) {
    if (pattern->count != target->segment_count)
        return false;
    /* From the end, where patterns differ most. */
    for (size_t i = pattern->count; i-- > 0;) {
        if (pattern->literals[i].at != NULL &&
            !span_equal(pattern->literals[i], target->segments[i]))
            return false;
    }
    return true;
}

static bool offers_suffix(const struct route *route, const struct router_pattern *pattern,
                          struct span suffix) {
    if (pattern->suffix.bytes > 0)
        return span_equal(pattern->suffix, suffix);
    if (suffix.bytes == 0 || span_is(suffix, "json"))
        return true;
    for (size_t i = 0; route->formats[i] != NULL; i++) {
        if (span_is(suffix, route->formats[i]))
            return true;
    }
    return false;
}

static unsigned with_implied(unsigned methods) {
    return methods | METHOD_OPTIONS | ((methods & METHOD_GET) != 0 ? METHOD_HEAD : 0u);
}

/* The rows of an address that a query in a body can be for. */
struct query_rows {
    const struct route *get, *post;
    const struct router_pattern *pattern;
};

static void note_query_row(struct query_rows *rows, const struct route *route,
                           const struct router_pattern *pattern, bool is_offered) {
    if (route->method == METHOD_POST && rows->post == NULL)
        rows->post = route;
    if (!route->is_queryable || !is_offered || rows->get != NULL)
        return;
    rows->get = route;
    rows->pattern = pattern;
}

/* What POST makes elsewhere, it never asks. */
static void match_query(struct router_match *match, enum method method,
                        const struct query_rows *rows) {
    bool post_reads = rows->post != NULL && rows->post->scope == ROUTE_SCOPE_READ;
    if (rows->get == NULL)
        return;
    match->allowed |= METHOD_QUERY | (rows->post == NULL ? METHOD_POST : 0u);
    match->query_list = post_reads ? rows->post : NULL;
    if (method != METHOD_QUERY && (method != METHOD_POST || (rows->post != NULL && !post_reads)))
        return;
    match->is_query = true;
    match->route = rows->get;
    match->pattern = rows->pattern;
}

enum problem router_match(const struct router *router, enum method method,
                          const struct target *target, struct router_match *match) {
    enum method wanted = method == METHOD_HEAD ? METHOD_GET : method;
    struct query_rows query_rows = {0};
    *match = (struct router_match){0};
    for (size_t i = 0; i < router->count; i++) {
        const struct route *route = &router->routes[i];
        const struct router_pattern *pattern = &router->patterns[i];
        if (!fits(pattern, target))
            continue;
        bool is_offered = offers_suffix(route, pattern, target->suffix);
        note_query_row(&query_rows, route, pattern, is_offered);
        if (!is_offered) {
            if (pattern->suffix.bytes == 0 &&
                (match->other_form == NULL || route->method == wanted))
                match->other_form = route;
            continue;
        }
        match->allowed |= (unsigned)route->method;
        if (match->route == NULL && route->method == wanted) {
            match->route = route;
            match->pattern = pattern;
        }
    }
    if (match->allowed == 0)
        return PROBLEM_NOT_FOUND;
    match->allowed = with_implied(match->allowed);
    match_query(match, method, &query_rows);
    return match->route != NULL || method == METHOD_OPTIONS ? PROBLEM_NONE
                                                            : PROBLEM_METHOD_NOT_ALLOWED;
}

const char *router_nearest(const struct router *router, struct span raw_path) {
    const char *addresses[ROUTER_ROUTES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < router->count; i++) {
        if (strchr(router->routes[i].pattern, '{') == NULL)
            addresses[count++] = router->routes[i].pattern;
    }
    return nearest_name(raw_path, addresses, count);
}

static const struct {
    enum method method;
    const char *name;
} methods_known[] = {
    {METHOD_GET, "GET"},       {METHOD_HEAD, "HEAD"},   {METHOD_OPTIONS, "OPTIONS"},
    {METHOD_POST, "POST"},     {METHOD_PUT, "PUT"},     {METHOD_PATCH, "PATCH"},
    {METHOD_DELETE, "DELETE"}, {METHOD_QUERY, "QUERY"},
};

enum { METHODS_KNOWN_COUNT = sizeof methods_known / sizeof methods_known[0] };

void router_print_methods(unsigned methods, char *out, size_t out_bytes) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < METHODS_KNOWN_COUNT; i++) {
        if ((methods & (unsigned)methods_known[i].method) == 0 || used >= out_bytes)
            continue;
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", used > 0 ? ", " : "",
                                 methods_known[i].name);
    }
}

enum method router_method(struct span name) {
    for (size_t i = 0; i < METHODS_KNOWN_COUNT; i++) {
        if (span_is(name, methods_known[i].name))
            return methods_known[i].method;
    }
    return METHOD_UNKNOWN;
}

const char *router_method_name(enum method method) {
    for (size_t i = 0; i < METHODS_KNOWN_COUNT; i++) {
        if (methods_known[i].method == method)
            return methods_known[i].name;
    }
    return "UNKNOWN";
}
