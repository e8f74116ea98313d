/* openapi.c: the document as a whole, and what serves it. */
#include "surface/openapi/openapi.h"

#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "engine/token_file.h"
#include "ground/version.h"
#include "surface/handlers.h"
#include "surface/openapi/openapi_kept.h"
#include "surface/openapi/openapi_parts.h"
#include "surface/routes.h"

static const char about[] =
    "Articles in, an API out, and every paragraph has an address.\n\n"
    "HEAD works wherever GET does, and OPTIONS answers CORS preflights. QUERY (RFC 10008) asks "
    "what "
    "GET asks, with the pairs of the query as a form in the body: `x-query` of a GET says where "
    "it, "
    "or POST in its place, may be sent so. A list is `data`, `links` "
    "and `meta`; follow `links.next`. A single thing is the bare object. A path segment of digits "
    "alone is an id, anything else a slug. `fields` leaves out the members that it does not name, "
    "those that a schema requires, too. `utm_*` and `_` are allowed in every query and mean "
    "nothing; any other unknown parameter is a 400. Other forms of an answer stand at addresses "
    "of their own, by suffix; `.json` may be written, too. `x-problems` names the codes of "
    "problems that an operation may answer with beside those of its default response.";

static json_t *make_info(void) {
    return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "title", "Pilcrow", "version",
                     PILCROW_VERSION, "summary", "Articles whose paragraphs have addresses.",
                     "description", about, "license", "name", "MIT", "identifier", "MIT");
}

static const char *const descriptions[][2] = {
    {"articles", "Articles, their paragraphs, their versions."},
    {"authors", "Who wrote."},
    {"changes", "What changed, for those who keep a copy."},
    {"export", "Everything, to be imported again."},
    {"import", "Many articles at once."},
    {"paragraphs", "Paragraphs at their durable addresses."},
    {"quotes", "Where a sentence stands, and whether it is quoted right."},
    {"search", "Words in articles and paragraphs."},
    {"sections", "Sections and those inside them."},
    {"service", "What the server says about itself."},
    {"snapshot", "The database, whole."},
    {"suggest", "Names, while they are typed."},
    {"tags", "Tags."},
};

/* "/v1/tags/{slug}" belongs to tags, "/healthz" to the service. */
static void find_tag(const struct route *route, char out[OPENAPI_NAME_BYTES]) {
    bool is_resource = strncmp(route->pattern, "/v1/", 4) == 0;
    const char *name = is_resource ? route->pattern + 4 : "service";
    snprintf(out, OPENAPI_NAME_BYTES, "%.*s", (int)strcspn(name, "/."), name);
}

static json_t *describe_tag(const char *name) {
    json_t *tag = json_object();
    render_set(tag, "name", openapi_text(name));
    for (size_t i = 0; i < sizeof descriptions / sizeof descriptions[0]; i++) {
        if (strcmp(descriptions[i][0], name) == 0)
            render_set(tag, "description", openapi_text(descriptions[i][1]));
    }
    return tag;
}

static json_t *make_tags(void) {
    json_t *tags = json_array(), *known = json_object();
    char name[OPENAPI_NAME_BYTES];
    for (size_t i = 0; i < routes_count; i++) {
        find_tag(&routes[i], name);
        if (json_object_get(known, name) != NULL)
            continue;
        json_object_set_new(known, name, json_true());
        json_array_append_new(tags, describe_tag(name));
    }
    return tags;
}

/* Reads are open unless the operator closed them, so they say that a token may be needed: {}. */
static json_t *make_security(const struct route *route) {
    json_t *needed = json_pack("{s:[]}", "token");
    if (route->scope == ROUTE_SCOPE_NONE)
        return json_array();
    return route->scope <= ROUTE_SCOPE_READ ? json_pack("[{}, o*]", needed)
                                            : json_pack("[o*]", needed);
}

/* The methods that ask the same with the query in the body, and its types. */
static json_t *make_query(const struct route *route) {
    const struct route *post = NULL;
    json_t *methods = json_pack("[s]", "QUERY");
    json_t *types = json_pack("[s]", "application/x-www-form-urlencoded");
    for (size_t i = 0; i < routes_count; i++) {
        if (routes[i].method == METHOD_POST && strcmp(routes[i].pattern, route->pattern) == 0)
            post = &routes[i];
    }
    if (post == NULL || post->scope == ROUTE_SCOPE_READ)
        json_array_append_new(methods, openapi_text("POST"));
    if (post != NULL && post->scope == ROUTE_SCOPE_READ)
        json_array_append_new(types, openapi_text("application/json"));
    return json_pack("{s:o*, s:o*}", "methods", methods, "types", types);
}

/* Files have their suffix by nature: without it there is none. */
static bool has_plain_form(const struct route *route) {
    return strcmp(route->answer, "asset") != 0;
}

static json_t *make_operation(const struct route *route, const char *suffix) {
    static const char *const access[] = {
        "Open to all.",
        "Needs a token of any scope, unless the server gives its metrics to all or to nobody.",
        "Open to all, unless the server wants a token of readers, too.",
        "Needs a token of scope `write`.", "Needs a token of scope `admin`."};
    char id[OPENAPI_NAME_BYTES], tag[OPENAPI_NAME_BYTES];
    json_t *operation = json_object(), *body = openapi_request_body(route);
    openapi_operation_id(route, suffix, id);
    find_tag(route, tag);
    render_set(operation, "operationId", openapi_text(id));
    if (suffix[0] != '\0' && has_plain_form(route)) {
        openapi_operation_id(route, "", id);
        render_set(operation, "x-form-of", openapi_text(id));
    }
    render_set(operation, "summary", openapi_text(route->summary));
    render_set(operation, "description", openapi_text(access[route->scope]));
    render_set(operation, "tags", json_pack("[s]", tag));
    render_set(operation, "security", make_security(route));
    render_set(operation, "x-scope", openapi_text(token_scope_name(route->scope)));
    if (route->is_queryable)
        render_set(operation, "x-query", make_query(route));
    render_set(operation, "x-problems", openapi_problem_codes(route));
    render_set(operation, "parameters", openapi_parameters(route, suffix));
    if (body != NULL)
        render_set(operation, "requestBody", body);
    render_set(operation, "responses", openapi_responses(route, suffix));
    return operation;
}

static void add_operation(json_t *paths, const struct route *route, const char *suffix) {
    static const struct {
        enum method method;
        const char *key;
    } keys[] = {{METHOD_GET, "get"},
                {METHOD_POST, "post"},
                {METHOD_PUT, "put"},
                {METHOD_PATCH, "patch"},
                {METHOD_DELETE, "delete"}};
    char path[256];
    snprintf(path, sizeof path, "%s%s%s", route->pattern, suffix[0] == '\0' ? "" : ".", suffix);
    json_t *item = json_object_get(paths, path);
    if (item == NULL) {
        item = json_object();
        json_object_set_new(paths, path, item);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].method == route->method)
            render_set(item, keys[i].key, make_operation(route, suffix));
    }
}

static json_t *make_paths(void) {
    json_t *paths = json_object();
    for (size_t i = 0; i < routes_count; i++) {
        if (has_plain_form(&routes[i]))
            add_operation(paths, &routes[i], "");
        for (size_t j = 0; routes[i].formats[j] != NULL; j++)
            add_operation(paths, &routes[i], routes[i].formats[j]);
    }
    return paths;
}

static json_t *make_components(void) {
    json_t *components = json_object();
    render_set(components, "securitySchemes",
               json_pack("{s:{s:s, s:s, s:s}}", "token", "type", "http", "scheme", "bearer",
                         "description",
                         "A token that the operator made; x-scope of an operation says what it "
                         "must allow."));
    render_set(components, "parameters", openapi_parameter_components());
    render_set(components, "headers", openapi_header_components());
    render_set(components, "responses", openapi_problem_components());
    render_set(components, "schemas", openapi_schemas());
    return components;
}

/* "/" is resolved against the address of the document, so it would lose a path that a proxy adds. */
static json_t *make_server(struct span public_url) {
    json_t *server = json_object();
    render_set(server, "url", render_text(public_url.bytes > 0 ? public_url : SPAN_LITERAL("/")));
    render_set(server, "description", openapi_text("This server."));
    return server;
}

json_t *openapi_make(struct span public_url) {
    json_t *document = json_object(), *servers = json_array();
    json_array_append_new(servers, make_server(public_url));
    render_set(document, "openapi", openapi_text("3.1.0"));
    render_set(document, "info", make_info());
    render_set(document, "servers", servers);
    render_set(document, "tags", make_tags());
    render_set(document, "paths", make_paths());
    render_set(document, "components", make_components());
    return document;
}

void openapi_print(struct buffer *out) {
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    render_begin(&arena);
    json_t *document = openapi_make((struct span){NULL, 0});
    if (!arena.has_failed)
        render_write(document, true, out);
    render_end();
    arena_fini(&arena);
}

static void make_compact(struct request *request, struct buffer *out) {
    render_write(openapi_make(request->service->public_url), false, out);
}

static void make_pretty(struct request *request, struct buffer *out) {
    render_write(openapi_make(request->service->public_url), true, out);
}

enum problem openapi_get(struct request *request, struct reply *reply) {
    bool is_pretty = request->params.values[PARAM_PRETTY].number != 0;
    return openapi_kept_reply(request, reply,
                              is_pretty ? OPENAPI_KEPT_PRETTY : OPENAPI_KEPT_DOCUMENT,
                              is_pretty ? make_pretty : make_compact, "application/json");
}
