/* serve.c: the recipe by which a request becomes a reply. */
#include "surface/serve.h"

#include <stdio.h>

#include "engine/render.h"
#include "ground/utf8.h"
#include "surface/absolute.h"
#include "surface/authorize.h"
#include "surface/cached.h"
#include "surface/coded.h"
#include "surface/conditional.h"
#include "surface/moved.h"
#include "surface/query_body.h"
#include "surface/reader/reader.h"
#include "surface/server_timing.h"
#include "surface/surrogate.h"

static bool reads_store(const struct route *route) {
    return route->validator == ROUTE_VALIDATOR_SEQ || route->validator == ROUTE_VALIDATOR_ARTICLE ||
           route->validator == ROUTE_VALIDATOR_REVISION;
}

static enum problem answer_from_store(struct request *request, struct reply *reply) {
    bool is_done;
    store_deadline_set(request->store, request->service->config->query_deadline_ms);
    enum problem problem = store_begin(request->store);
    if (problem == PROBLEM_NONE)
        problem = conditional_check(request, reply, &is_done);
    if (problem != PROBLEM_NONE || is_done)
        return problem;
    if (request->seq < 0)
        problem = store_seq(request->store, &request->seq);
    if (problem == PROBLEM_NONE)
        problem = server_timing_call(request, reply);
    if (problem == PROBLEM_NONE)
        conditional_finish(request, reply);
    if (problem == PROBLEM_NONE)
        problem = surrogate_keys(request, reply);
    return problem;
}

static enum problem answer_from_program(struct request *request, struct reply *reply) {
    bool is_done;
    enum problem problem = conditional_check(request, reply, &is_done);
    if (problem != PROBLEM_NONE || is_done)
        return problem;
    if (request->store != NULL)
        store_deadline_set(request->store, request->service->config->query_deadline_ms);
    return server_timing_call(request, reply);
}

static const char *print_allowed(const struct request *request) {
    enum { METHODS_BYTES = 64 };
    char *methods = arena_alloc(request->arena, METHODS_BYTES);
    if (methods != NULL)
        router_print_methods(request->match.allowed, methods, METHODS_BYTES);
    return methods;
}

static const char *say_what_is_allowed(struct request *request) {
    const char *methods = print_allowed(request);
    if (methods != NULL)
        fault_set(&request->fault, "this address answers %s, not %s", methods,
                  router_method_name(request->method));
    return methods;
}

/* OPTIONS, for CORS preflights above all. */
static enum problem answer_options(const struct request *request, struct reply *reply) {
    const char *methods = print_allowed(request);
    reply->status = 204;
    reply_field(reply, "Allow", methods);
    reply_field(reply, "Access-Control-Allow-Methods", methods);
    reply_field(reply, "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, "
                "If-None-Match, If-Range, Prefer, Range");
    reply_field(reply, "Access-Control-Max-Age", "86400");
    return methods != NULL ? PROBLEM_NONE : PROBLEM_OUT_OF_MEMORY;
}

static void say_the_forms(struct request *request) {
    const struct route *route = request->match.other_form;
    struct span suffix = request->target.suffix;
    char forms[120] = ".json";
    size_t used = strlen(forms);
    for (size_t i = 0; route->formats[i] != NULL && used < sizeof forms; i++)
        used += (size_t)snprintf(forms + used, sizeof forms - used, ", .%s", route->formats[i]);
    fault_set(&request->fault, "this address has no form '.%.*s'; it is served as %s",
              UTF8_SHOWN(suffix), forms);
}

/* The path is not decoded here: it holds nothing that could not stand in a message. */
static void say_what_is_near(struct request *request) {
    if (request->match.other_form != NULL) {
        say_the_forms(request);
        return;
    }
    const char *nearest = router_nearest(request->service->router, request->target.raw_path);
    if (nearest != NULL)
        fault_set(&request->fault, "nothing is served at this address; did you mean %s?", nearest);
    else
        fault_set(&request->fault, "nothing is served at this address; /v1 lists what is");
}

/* "OPTIONS *" asks about the server as a whole: what any of its addresses answers. */
static enum problem find_server(struct request *request) {
    const struct router *router = request->service->router;
    request->match.allowed = METHOD_HEAD | METHOD_OPTIONS;
    for (size_t i = 0; i < router->count; i++)
        request->match.allowed |= (unsigned)router->routes[i].method |
                                  (router->routes[i].is_queryable ? METHOD_QUERY : 0u);
    return PROBLEM_NONE;
}

static enum problem find_route(struct request *request) {
    if (request->method == METHOD_UNKNOWN) {
        fault_set(&request->fault, "this method is not known; methods are written in capitals");
        return PROBLEM_NOT_IMPLEMENTED;
    }
    if (request->method == METHOD_OPTIONS && span_is(request->raw_target, "*"))
        return find_server(request);
    enum problem problem =
        target_parse(request->raw_target, request->arena, &request->target, &request->fault);
    if (request->target.authority.at != NULL)
        request->host = request->target.authority;
    if (problem != PROBLEM_OUT_OF_MEMORY && reader_is_asked(request))
        request->page = reader_page;
    if (problem == PROBLEM_NONE)
        problem = router_match(request->service->router, request->method, &request->target,
                               &request->match);
    if (problem == PROBLEM_NOT_FOUND)
        say_what_is_near(request);
    return problem;
}

static enum problem take_params(struct request *request) {
    const struct router_match *match = &request->match;
    if (match->route == NULL)
        return PROBLEM_NONE;
    enum problem problem = params_parse(&request->target, match->pattern->path, match->route->taken,
                                        request->arena, &request->params, &request->fault);
    return problem == PROBLEM_NONE && request->page != NULL ? reader_choose(request) : problem;
}

/* An unknown method is refused before the target is looked at, but of a sound head: the answer says
 * where it was asked, as far as that can be read. */
static void note_target(struct request *request, enum problem problem) {
    struct fault said; /* of the target: it is not what is refused */
    if (problem != PROBLEM_NOT_IMPLEMENTED || request->raw_target.at == NULL)
        return;
    fault_init(&said);
    if (target_parse(request->raw_target, request->arena, &request->target, &said) ==
        PROBLEM_OUT_OF_MEMORY)
        request->target.raw_path = (struct span){NULL, 0};
}

/* A problem may stand before the parameters, or between two of them. */
static void note_pretty(struct request *request) {
    const struct target *target = &request->target;
    for (size_t i = 0; i < target->pair_count; i++) {
        struct span value = target->pairs[i].value;
        if (span_is(target->pairs[i].name, param_specs[PARAM_PRETTY].name) &&
            (value.bytes == 0 || span_is(value, "1")))
            request->params.values[PARAM_PRETTY].number = 1;
    }
}

/* What the line fills step by step, as it is before the first step. */
static void clear_line(struct request *request) {
    request->target.raw_path = (struct span){NULL, 0};
    request->target.pair_count = 0;
    request->match = (struct router_match){0};
    request->params.values[PARAM_PRETTY].number = 0;
    request->page = NULL;
    request->seq = -1;
    request->etag = NULL;
    request->is_of_host = request->is_cut = false;
    request->article_id = 0;
}

enum problem serve_head(struct request *request) {
    clear_line(request);
    fault_init(&request->fault);
    enum problem problem = find_route(request);
    if (problem == PROBLEM_NONE)
        problem = authorize(request);
    if (problem == PROBLEM_NONE && request->match.is_query)
        problem = query_body_choose(request);
    if (problem == PROBLEM_NONE && !request->match.is_query)
        problem = take_params(request);
    request->is_routed = problem == PROBLEM_NONE;
    return problem;
}

/* What a head alone does not say. */
static enum problem serve_query(struct request *request) {
    enum problem problem = PROBLEM_NONE;
    if (request->match.is_query)
        problem = query_body_take(request);
    if (problem == PROBLEM_NONE && request->match.is_query)
        problem = take_params(request);
    request->is_of_host = problem == PROBLEM_NONE && absolute_is_of_host(request);
    return problem;
}

/* What a handler did not find may have been there before. Reads have their transaction already;
 * writes have ended theirs, which was the writer's. */
static enum problem answer_moved(struct request *request, struct reply *reply) {
    bool is_answered = false;
    enum problem problem = PROBLEM_NONE;
    if (!request_is_read(request))
        problem = store_begin(request->store);
    else if (!reads_store(request->match.route))
        return PROBLEM_NOT_FOUND;
    if (problem == PROBLEM_NONE)
        problem = moved_answer(request, reply, &is_answered);
    return problem == PROBLEM_NONE && !is_answered ? PROBLEM_NOT_FOUND : problem;
}

/* The way of every request, whether serve_head() was called for its head or not. */
static enum problem answer(struct request *request, struct reply *reply) {
    enum problem problem = request->is_routed ? PROBLEM_NONE : serve_head(request);
    if (problem != PROBLEM_NONE)
        return problem;
    request->is_routed = false;
    if (request->match.route == NULL)
        return answer_options(request, reply);
    problem = serve_query(request);
    if (problem != PROBLEM_NONE)
        return problem;
    problem = reads_store(request->match.route) ? answer_from_store(request, reply)
                                                : answer_from_program(request, reply);
    return problem == PROBLEM_NOT_FOUND && request->store != NULL ? answer_moved(request, reply)
                                                                  : problem;
}

/* The fields that belong to a problem stand beside its body. */
static void answer_problem(struct request *request, struct reply *reply, enum problem problem) {
    const char *allowed = NULL;
    if (problem == PROBLEM_METHOD_NOT_ALLOWED)
        allowed = say_what_is_allowed(request);
    note_target(request, problem);
    note_pretty(request);
    reply_problem(request, reply, problem);
    reply_field(reply, "Allow", allowed);
}

void serve(struct request *request, struct reply *reply) {
    reply_clear(reply);
    server_timing_begin(request);
    coded_note(request);
    if (cached_find(request, reply))
        return;
    render_begin(request->arena);
    enum problem problem = answer(request, reply);
    if (request->store != NULL)
        store_end(request->store);
    if (problem != PROBLEM_NONE)
        answer_problem(request, reply, problem);
    query_body_fields(request, reply);
    coded_reply(request, reply);
    reply_common(request, reply);
    server_timing_open(request, reply);
    cached_keep(request, reply);
    server_timing_measure(request, reply);
    render_end();
}

void serve_refusal(struct request *request, struct reply *reply, enum problem problem) {
    render_begin(request->arena);
    if (request->store != NULL)
        store_end(request->store);
    answer_problem(request, reply, problem);
    query_body_fields(request, reply);
    reply_common(request, reply);
    render_end();
}
