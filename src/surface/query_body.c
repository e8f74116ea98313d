/* query_body.c: see query_body.h. */
#include "surface/query_body.h"

#include <stdio.h>

#include "surface/address.h"
#include "surface/media_type.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

/* A body without a type is no query (RFC 10008, 2). */
static enum problem refuse_type(struct request *request) {
    struct fault *fault = &request->fault;
    bool is_coded = request->head.content_encoding.at != NULL;
    const char *names = request->match.query_list != NULL ? FORM " or " JSON : FORM;
    fault->allowed[fault->allowed_count++] = FORM;
    if (request->match.query_list != NULL)
        fault->allowed[fault->allowed_count++] = JSON;
    if (is_coded)
        fault_set(fault, "a query is taken without Content-Encoding only, as %s", names);
    else
        fault_set(fault, "Content-Type must be %s; a form holds what could stand behind the '?'",
                  names);
    snprintf(fault->name, sizeof fault->name, "%s", is_coded ? "Content-Encoding" : "Content-Type");
    return PROBLEM_UNSUPPORTED_MEDIA_TYPE;
}

enum problem query_body_choose(struct request *request) {
    struct router_match *match = &request->match;
    struct span type = request->head.content_type;
    if (request->head.content_encoding.at != NULL || !media_type_is_utf8(type))
        return refuse_type(request);
    if (media_type_is(type, FORM))
        return PROBLEM_NONE;
    if (match->query_list == NULL || !media_type_is(type, JSON))
        return refuse_type(request);
    const struct router *router = request->service->router;
    match->is_query = false;
    match->route = match->query_list;
    match->pattern = &router->patterns[match->route - router->routes];
    return PROBLEM_NONE;
}

enum problem query_body_take(struct request *request) {
    if (request->body.at == NULL)
        return PROBLEM_NONE;
    return target_add_form(request->body, request->arena, &request->target, &request->fault);
}

/* POST says nothing of the kind: a Location there is of something made, and makes caches forget. */
static const char *print_address(const struct request *request) {
    if (request->method != METHOD_QUERY || !request->match.is_query)
        return NULL;
    struct span address = address_of_page(request, NULL, (struct span){NULL, 0});
    return address.bytes > LIMIT_TARGET_BYTES ? NULL : address.at;
}

void query_body_fields(const struct request *request, struct reply *reply) {
    bool takes_queries = (request->match.allowed & METHOD_QUERY) != 0;
    bool is_told = reply->status == 200 || reply->status == 204 || reply->status == 405 ||
                   reply->status == 415;
    if (!takes_queries || !is_told || request->target.raw_path.at == NULL)
        return;
    reply_field(reply, "Accept-Query",
                request->match.query_list != NULL ? "\"" FORM "\", \"" JSON "\"" : "\"" FORM "\"");
    if (reply->status == 200)
        reply_field(reply, "Location", print_address(request));
}
