/* service.c: what the service says about itself. */
#include "engine/render.h"
#include "engine/token_file.h"
#include "ground/utf8.h"
#include "ground/version.h"
#include "surface/address.h"
#include "surface/handlers.h"
#include "surface/routes.h"

/* ---- the index ---- */

static json_t *text_of(const char *text) {
    return render_text(span_of(text));
}

static json_t *shape_params(const struct route *route) {
    json_t *params = json_object();
    for (size_t i = 0; route->taken[i] != PARAM_ID_COUNT; i++) {
        const struct param_spec *spec = &param_specs[route->taken[i]];
        if (!render_set(params, spec->name, text_of(spec->doc)))
            return NULL;
    }
    return params;
}

static json_t *shape_formats(const struct route *route) {
    json_t *formats = json_array();
    for (size_t i = 0; route->formats[i] != NULL; i++) {
        if (json_array_append_new(formats, text_of(route->formats[i])) != 0)
            return NULL;
    }
    return formats;
}

static json_t *shape_route(const struct route *route) {
    json_t *json = json_object();
    render_set(json, "method", text_of(router_method_name(route->method)));
    render_set(json, "path", text_of(route->pattern));
    render_set(json, "summary", text_of(route->summary));
    render_set(json, "scope", text_of(token_scope_name(route->scope)));
    bool is_whole = render_set(json, "parameters", shape_params(route));
    if (route->formats[0] != NULL)
        is_whole &= render_set(json, "formats", shape_formats(route));
    return is_whole ? json : NULL;
}

enum problem service_index(struct request *request, struct reply *reply) {
    json_t *list = json_array();
    for (size_t i = 0; i < routes_count; i++) {
        if (json_array_append_new(list, shape_route(&routes[i])) != 0)
            return PROBLEM_OUT_OF_MEMORY;
    }
    json_t *index = json_object();
    render_set(index, "name", text_of("pilcrow"));
    render_set(index, "version", text_of(PILCROW_VERSION));
    render_set(index, "links",
               json_pack("{s:s, s:s, s:s, s:s, s:s}", "openapi", "/openapi.json", "documentation",
                         "/docs.html", "reader", "/", "llms", "/llms.txt", "catalog",
                         "/.well-known/api-catalog"));
    if (!render_set(index, "routes", list))
        return PROBLEM_OUT_OF_MEMORY;
    reply_field(reply, "Link",
                "</openapi.json>; rel=\"service-desc\", </docs.html>; rel=\"service-doc\", "
                "</>; rel=\"alternate\"; type=\"text/html\", "
                "</.well-known/api-catalog>; rel=\"api-catalog\"");
    return reply_json(request, reply, index, PARAM_ID_COUNT);
}

/* ---- problems ---- */

enum problem service_problem(struct request *request, struct reply *reply) {
    struct span code = request->params.values[PARAM_PATH_PROBLEM].text;
    enum problem problem = problem_by_code(code.at, code.bytes);
    if (problem == PROBLEM_NONE) {
        fault_set(&request->fault, "no problem has the code '%.*s'", UTF8_SHOWN(code));
        return PROBLEM_NOT_FOUND;
    }
    const struct problem_info *info = problem_info(problem);
    json_t *json = json_object();
    render_set(json, "type", render_text(address_by_text(request->arena, "/problems/", code)));
    render_set(json, "code", text_of(info->code));
    render_set(json, "title", text_of(info->title));
    render_set(json, "status", json_integer(info->status));
    if (!render_set(json, "remedy", text_of(info->remedy)))
        return PROBLEM_OUT_OF_MEMORY;
    return reply_json(request, reply, json, PARAM_ID_COUNT);
}

/* ---- health ---- */

static enum problem reply_status(struct request *request, struct reply *reply, const char *status) {
    json_t *json = json_object();
    if (!render_set(json, "status", text_of(status)))
        return PROBLEM_OUT_OF_MEMORY;
    return reply_json(request, reply, json, PARAM_ID_COUNT);
}

enum problem service_healthz(struct request *request, struct reply *reply) {
    return reply_status(request, reply, "ok");
}
