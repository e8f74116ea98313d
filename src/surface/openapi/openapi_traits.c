/* openapi_traits.c: what follows from a row of the route table. */
#include <ctype.h>
#include <string.h>

#include "surface/handlers.h"
#include "surface/openapi/openapi_parts.h"

static bool has(const struct route *route, const char *part) {
    return strstr(route->pattern, part) != NULL;
}

static bool takes(const struct route *route, enum param_id id) {
    return params_is_listed(route->taken, id);
}

static unsigned traits_of_path(const struct route *route) {
    unsigned traits = has(route, "{") ? OPENAPI_PATH : 0;
    if (has(route, "{article}") || has(route, "{slug}") || has(route, "{paragraph}"))
        traits |= OPENAPI_SLUG;
    return traits;
}

static unsigned traits_of_query(const struct route *route) {
    unsigned traits = takes(route, PARAM_CURSOR) ? OPENAPI_PAGED | OPENAPI_LINKED : 0;
    if (takes(route, PARAM_SINCE))
        traits |= OPENAPI_SINCE | OPENAPI_LINKED;
    if (takes(route, PARAM_Q) || takes(route, PARAM_SUGGEST_PREFIX) ||
        takes(route, PARAM_QUOTE_LIMIT) || takes(route, PARAM_RELATED_LIMIT))
        traits |= OPENAPI_SEARCH;
    if (takes(route, PARAM_AS_OF))
        traits |= OPENAPI_PAST;
    return traits;
}

static unsigned traits_of_write(const struct route *route) {
    unsigned traits = OPENAPI_WRITES;
    if (has(route, "{article}") || has(route, "{paragraph}"))
        traits |= OPENAPI_MATCHES;
    return route->body == ROUTE_BODY_STREAM ? traits : traits | OPENAPI_REPEATS;
}

unsigned openapi_traits(const struct route *route) {
    unsigned traits = OPENAPI_EVERY | traits_of_path(route) | traits_of_query(route);
    if (route->scope != ROUTE_SCOPE_NONE)
        traits |= OPENAPI_SCOPED | OPENAPI_STORE;
    if (route->scope >= ROUTE_SCOPE_WRITE)
        traits |= traits_of_write(route);
    if (route->body != ROUTE_BODY_NONE)
        traits |= OPENAPI_BODY;
    if (route->handler == snapshot_get)
        traits |= OPENAPI_FILE | OPENAPI_VALID;
    else if (route->scope < ROUTE_SCOPE_WRITE || route->body == ROUTE_BODY_STREAM)
        traits |= OPENAPI_CODED;
    if (route->handler == metrics_get)
        traits |= OPENAPI_MAY_BE_OFF;
    if (route->handler == service_readyz)
        traits |= OPENAPI_READY;
    if (route->is_queryable || (route->method == METHOD_POST && route->scope == ROUTE_SCOPE_READ))
        traits |= OPENAPI_QUERIED;
    if (route->validator != ROUTE_VALIDATOR_NONE)
        traits |= OPENAPI_VALID;
    if (route->formats[0] != NULL || route->validator == ROUTE_VALIDATOR_BUILD)
        traits |= OPENAPI_LINKED;
    return traits;
}

/* ---- the operationId ---- */

struct name {
    char *at;
    size_t used;
};

static void add_char(struct name *name, char c) {
    if (name->used + 1 < OPENAPI_NAME_BYTES)
        name->at[name->used++] = c;
    name->at[name->used] = '\0';
}

/* A word with a capital; letters behind what is no letter get one, too. */
static void add_word(struct name *name, const char *word, size_t bytes) {
    bool is_start = true;
    for (size_t i = 0; i < bytes; i++) {
        bool is_letter = isalnum((unsigned char)word[i]) != 0;
        if (is_letter)
            add_char(name, is_start ? (char)toupper((unsigned char)word[i]) : word[i]);
        is_start = !is_letter;
    }
}

static const char *verb_of(const struct route *route, const char *suffix) {
    size_t bytes = strlen(route->answer);
    bool is_list = bytes > 5 && strcmp(route->answer + bytes - 5, "_list") == 0;
    switch (route->method) {
    case METHOD_GET:
        return is_list && suffix[0] == '\0' ? "list" : "get";
    case METHOD_POST:
        return route->scope >= ROUTE_SCOPE_WRITE ? "create" : "post";
    case METHOD_PUT:
        return "replace";
    case METHOD_PATCH:
        return "update";
    case METHOD_DELETE:
        return "delete";
    default:
        return "ask";
    }
}

/* POST to /v1/import or .../restore: the last step says what is done. */
static const char *deed_of(const struct route *route) {
    const char *last = strrchr(route->pattern, '/') + 1;
    size_t bytes = strlen(last);
    bool is_deed = route->method == METHOD_POST && route->scope >= ROUTE_SCOPE_WRITE && bytes > 0 &&
                   last[bytes - 1] != 's';
    return is_deed ? last : NULL;
}

/* "/articles/{article}" is Article, "/articles" is Articles; of what is made there is one. */
static void add_steps(const struct route *route, const char *end, struct name *name) {
    const char *at = route->pattern;
    if (strncmp(at, "/v1/", 4) == 0)
        at += 3;
    while (at < end && *at == '/') {
        const char *next = memchr(at + 1, '/', (size_t)(end - at - 1));
        size_t bytes = (size_t)((next == NULL ? end : next) - at - 1);
        bool is_made = route->method == METHOD_POST && route->scope >= ROUTE_SCOPE_WRITE;
        bool is_one = next == NULL ? is_made : next[1] == '{';
        if (at[1] != '{')
            add_word(name, at + 1, is_one && bytes > 1 && at[bytes] == 's' ? bytes - 1 : bytes);
        at += 1 + bytes;
    }
}

void openapi_operation_id(const struct route *route, const char *suffix,
                          char out[OPENAPI_NAME_BYTES]) {
    struct name name = {out, 0};
    const char *deed = deed_of(route), *end = route->pattern + strlen(route->pattern);
    out[0] = '\0';
    for (const char *c = deed == NULL ? verb_of(route, suffix) : deed; *c != '\0'; c++)
        add_char(&name, *c);
    if (deed != NULL)
        end = deed - 1;
    if (strcmp(route->pattern, "/v1") == 0)
        add_word(&name, "index", 5);
    else if (strcmp(route->pattern, "/") == 0)
        add_word(&name, "front", 5);
    else
        add_steps(route, end, &name);
    if (suffix[0] != '\0') {
        add_word(&name, "as", 2);
        add_word(&name, suffix, strlen(suffix));
    }
}
