/* router_check.c: the route table, split into patterns and proved at boot, so that a wrong row is a
 * refused start and not a wrong answer. */
#include "engine/router.h"

enum { METHODS_WITH_BODY = METHOD_POST | METHOD_PUT | METHOD_PATCH };

static struct span take_segment(const char **rest) {
    struct span segment = {*rest, strcspn(*rest, "/")};
    *rest += segment.bytes;
    return segment;
}

static bool is_path_kind(enum param_kind kind) {
    return kind == PARAM_KIND_ID || kind == PARAM_KIND_SLUG || kind == PARAM_KIND_ID_OR_SLUG ||
           kind == PARAM_KIND_RANGE;
}

/* "{article}" -> PARAM_PATH_ARTICLE; PARAM_ID_COUNT when there is no such path parameter. */
static enum param_id find_path_param(struct span segment) {
    struct span name = {segment.at + 1, segment.bytes - 2};
    for (enum param_id id = 0; id < PARAM_ID_COUNT; id++) {
        if (is_path_kind(param_specs[id].kind) && span_is(name, param_specs[id].name))
            return id;
    }
    return PARAM_ID_COUNT;
}

static bool is_literal(struct span segment) {
    for (size_t i = 0; i < segment.bytes; i++) {
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", segment.at[i]) == NULL)
            return false;
    }
    return segment.bytes > 0;
}

static bool has_param(const struct router_pattern *pattern, enum param_id id) {
    for (size_t i = 0; i < pattern->count; i++) {
        if (pattern->path[i] == id)
            return true;
    }
    return false;
}

static bool add_segment(struct router_pattern *pattern, struct span segment) {
    if (pattern->count == LIMIT_SEGMENTS)
        return false;
    enum param_id id = PARAM_ID_COUNT;
    struct span literal = segment;
    if (segment.bytes > 2 && segment.at[0] == '{' && segment.at[segment.bytes - 1] == '}') {
        id = find_path_param(segment);
        literal = (struct span){NULL, 0};
        if (id == PARAM_ID_COUNT || has_param(pattern, id))
            return false;
    } else if (!is_literal(segment)) {
        return false;
    }
    pattern->literals[pattern->count] = literal;
    pattern->path[pattern->count++] = id;
    return true;
}

/* "openapi.json" -> "openapi", with the suffix "json" that requests must carry. */
static bool split_suffix(struct router_pattern *pattern) {
    struct span *last = pattern->count == 0 ? NULL : &pattern->literals[pattern->count - 1];
    const char *dot = last == NULL || last->at == NULL ? NULL : memrchr(last->at, '.', last->bytes);
    if (dot == NULL)
        return true;
    size_t bytes = (size_t)(dot - last->at);
    pattern->suffix = (struct span){dot + 1, last->bytes - bytes - 1};
    last->bytes = bytes;
    return bytes > 0 && pattern->suffix.bytes > 0;
}

static bool split_pattern(const char *text, struct router_pattern *pattern) {
    memset(pattern, 0, sizeof *pattern);
    if (text[0] != '/')
        return false;
    if (text[1] == '\0')
        return true;
    for (const char *rest = text; *rest != '\0';) {
        if (*rest++ != '/')
            return false;
        if (!add_segment(pattern, take_segment(&rest)))
            return false;
    }
    return split_suffix(pattern);
}

/* Whether everything that fits `later` fits `earlier`, which then answers all of it. */
static bool hides(const struct router_pattern *earlier, const struct router_pattern *later) {
    if (earlier->count != later->count || !span_equal(earlier->suffix, later->suffix))
        return false;
    for (size_t i = 0; i < earlier->count; i++) {
        if (earlier->literals[i].at == NULL)
            continue;
        if (later->literals[i].at == NULL || !span_equal(earlier->literals[i], later->literals[i]))
            return false;
    }
    return true;
}

/* The first name that the route takes twice, or NULL. */
static const char *find_double_name(const struct route *route) {
    for (size_t i = 0; route->taken[i] != PARAM_ID_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(param_specs[route->taken[i]].name, param_specs[route->taken[j]].name) == 0)
                return param_specs[route->taken[i]].name;
        }
    }
    return NULL;
}

static bool is_list_ended(const struct route *route) {
    for (size_t i = 0; i <= ROUTE_TAKEN_MAX; i++) {
        if (route->taken[i] == PARAM_ID_COUNT)
            return true;
        if (route->taken[i] > PARAM_ID_COUNT || is_path_kind(param_specs[route->taken[i]].kind))
            return false;
    }
    return false;
}

/* What is wrong with the row by itself; NULL when nothing is. */
static const char *find_flaw(const struct route *route, const struct router_pattern *pattern) {
    if (route->method == METHOD_UNKNOWN || route->method == METHOD_HEAD ||
        route->method == METHOD_OPTIONS || route->method == METHOD_QUERY)
        return "its method is unknown or made by itself";
    if (route->is_queryable && route->method != METHOD_GET)
        return "only what GET answers can be queried";
    if (route->handler == NULL)
        return "it has no handler";
    if (route->summary == NULL || route->answer == NULL)
        return "it has no summary or names no answer";
    if (!is_list_ended(route))
        return "its parameter list is not ended or holds what is no query parameter";
    if (route->formats[ROUTE_FORMATS_MAX] != NULL)
        return "its list of formats is not ended";
    if (route->body != ROUTE_BODY_NONE && (route->method & METHODS_WITH_BODY) == 0)
        return "requests with its method have no body";
    if ((route->body == ROUTE_BODY_STREAM) != (route->take != NULL))
        return "a streamed body needs one to take it, and no other does";
    if (route->method != METHOD_GET && route->validator != ROUTE_VALIDATOR_NONE)
        return "what it answers when it writes has no validator";
    if (route->validator == ROUTE_VALIDATOR_ARTICLE && !has_param(pattern, PARAM_PATH_ARTICLE))
        return "its validator needs {article} in the pattern";
    if (route->validator == ROUTE_VALIDATOR_REVISION &&
        (!has_param(pattern, PARAM_PATH_ARTICLE) || !has_param(pattern, PARAM_PATH_VERSION)))
        return "its validator needs {article} and {version} in the pattern";
    return NULL;
}

static enum problem check_row(const struct router *router, size_t row, struct fault *fault) {
    const struct route *route = &router->routes[row];
    const struct router_pattern *pattern = &router->patterns[row];
    const char *flaw = find_flaw(route, pattern);
    if (flaw != NULL) {
        fault_set(fault, "route %zu, %s: %s", row, route->pattern, flaw);
        return PROBLEM_INTERNAL;
    }
    const char *name = find_double_name(route);
    if (name != NULL) {
        fault_set(fault, "route %zu, %s: takes the parameter %s twice", row, route->pattern, name);
        return PROBLEM_INTERNAL;
    }
    for (size_t i = 0; i < row; i++) {
        if (router->routes[i].method == route->method && hides(&router->patterns[i], pattern)) {
            fault_set(fault, "route %zu, %s: is never reached, because %s stands before it", row,
                      route->pattern, router->routes[i].pattern);
            return PROBLEM_INTERNAL;
        }
    }
    return PROBLEM_NONE;
}

enum problem router_init(struct router *router, const struct route *routes, size_t count,
                         struct fault *fault) {
    router->routes = routes;
    router->count = count;
    if (count > ROUTER_ROUTES_MAX) {
        fault_set(fault, "there are %zu routes; %d are allowed", count, (int)ROUTER_ROUTES_MAX);
        return PROBLEM_INTERNAL;
    }
    for (size_t row = 0; row < count; row++) {
        if (routes[row].pattern == NULL ||
            !split_pattern(routes[row].pattern, &router->patterns[row])) {
            fault_set(fault, "route %zu, %s: the pattern is malformed", row,
                      routes[row].pattern == NULL ? "" : routes[row].pattern);
            return PROBLEM_INTERNAL;
        }
        enum problem problem = check_row(router, row, fault);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return PROBLEM_NONE;
}
