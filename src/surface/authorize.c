/* authorize.c: see authorize.h. */
#include "surface/authorize.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "engine/limiter.h"
#include "engine/token_file.h"
#include "engine/tokens.h"
#include "ground/clock.h"
#include "ground/network.h"

#define REALM "Bearer realm=\"pilcrow\""
#define BEYOND(scope) REALM ", error=\"insufficient_scope\", scope=\"" scope "\""

static const char *const challenges_scope[] = {
    [ROUTE_SCOPE_NONE] = REALM,
    [ROUTE_SCOPE_METRICS] = BEYOND("read"),
    [ROUTE_SCOPE_READ] = BEYOND("read"),
    [ROUTE_SCOPE_WRITE] = BEYOND("write"),
    [ROUTE_SCOPE_ADMIN] = BEYOND("admin"),
};

/* What stands after "Bearer"; .at NULL when the field is absent or of another scheme. */
static struct span bearer_of(struct span field) {
    static const char scheme[] = "Bearer ";
    size_t at = sizeof scheme - 1;
    if (field.bytes < at || strncasecmp(field.at, scheme, at) != 0)
        return (struct span){NULL, 0};
    while (at < field.bytes && field.at[at] == ' ')
        at++;
    while (field.bytes > at && field.at[field.bytes - 1] == ' ')
        field.bytes--;
    return (struct span){field.at + at, field.bytes - at};
}

static uint64_t client_of(const struct request *request) {
    struct network address;
    if (request->address == NULL || !network_parse(span_of(request->address), &address))
        return 0;
    return network_client(&address);
}

static enum problem refuse_too_many(struct request *request, struct limiter_answer answer,
                                    const char *what) {
    request->access.retry_after_s = answer.wait_s > 0 ? answer.wait_s : 1;
    fault_set(&request->fault, "%s; ask again in %u s", what, request->access.retry_after_s);
    return PROBLEM_TOO_MANY_REQUESTS;
}

/* Takes one request out of a bucket and says what is left in it. */
static enum problem take_one(struct request *request, struct limiter *limiter, uint64_t client,
                             const char *who) {
    char what[96];
    if (!limiter_is_on(limiter))
        return PROBLEM_NONE;
    struct limiter_answer answer = limiter_take(limiter, client, clock_ns());
    struct request_access *access = &request->access;
    snprintf(access->policy, sizeof access->policy, "\"%s\";q=%u;w=60", who, answer.limit);
    snprintf(access->left, sizeof access->left, "\"%s\";r=%u;t=%u", who, answer.remaining,
             answer.wait_s);
    if (answer.is_allowed)
        return PROBLEM_NONE;
    snprintf(what, sizeof what, "the limit is %u requests a minute for one %s", answer.limit, who);
    return refuse_too_many(request, answer, what);
}

/* One answer for all tokens that are none: which it was is for the operator to know. */
static enum problem refuse_token(struct request *request) {
    struct limiters *limiters = request->service->limiters;
    if (limiters != NULL) {
        struct limiter_answer answer =
            limiter_take(&limiters->failures, client_of(request), clock_ns());
        if (!answer.is_allowed)
            return refuse_too_many(request, answer, "too many wrong tokens from this address");
    }
    request->access.challenge = REALM ", error=\"invalid_token\"";
    fault_set(&request->fault,
              "this token is not valid: it is unknown, wrong, expired or was revoked");
    return PROBLEM_UNAUTHORIZED;
}

static enum problem refuse_nobody(struct request *request, enum route_scope scope) {
    request->access.challenge = REALM;
    fault_set(&request->fault,
              "this needs a token with the scope %s: send 'Authorization: Bearer TOKEN'",
              token_scope_name(scope < ROUTE_SCOPE_READ ? ROUTE_SCOPE_READ : scope));
    return PROBLEM_UNAUTHORIZED;
}

static enum problem refuse_scope(struct request *request, enum route_scope has,
                                 enum route_scope scope) {
    request->access.challenge = challenges_scope[scope];
    fault_set(&request->fault, "this needs a token with the scope %s; yours has %s",
              token_scope_name(scope), token_scope_name(has));
    return PROBLEM_FORBIDDEN;
}

static enum problem find_token(struct request *request, struct span text,
                               struct token_grant *grant) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (request->service->tokens == NULL)
        return refuse_token(request);
    enum problem problem =
        tokens_find(request->service->tokens, text, now.tv_sec, clock_ms(), grant);
    return problem == PROBLEM_NONE ? PROBLEM_NONE : refuse_token(request);
}

static enum problem authorize_bearer(struct request *request, struct span text,
                                     enum route_scope scope) {
    struct token_grant grant = {0, ROUTE_SCOPE_NONE};
    struct limiters *limiters = request->service->limiters;
    enum problem problem = find_token(request, text, &grant);
    if (problem != PROBLEM_NONE)
        return problem;
    request->token_id = grant.id;
    if (limiters != NULL)
        problem = take_one(request, &limiters->tokens, (uint64_t)grant.id, "token");
    if (problem == PROBLEM_NONE && grant.scope < scope)
        problem = refuse_scope(request, grant.scope, scope);
    return problem;
}

static enum problem authorize_nobody(struct request *request, enum route_scope scope) {
    struct limiters *limiters = request->service->limiters;
    enum problem problem = PROBLEM_NONE;
    if (limiters != NULL && limiter_is_on(&limiters->addresses))
        problem = take_one(request, &limiters->addresses, client_of(request), "address");
    if (problem == PROBLEM_NONE && request_needs_token(request))
        problem = refuse_nobody(request, scope);
    return problem;
}

enum problem authorize(struct request *request) {
    const struct route *route = request->match.route;
    if (route == NULL || route->scope == ROUTE_SCOPE_NONE || request->access.is_checked)
        return PROBLEM_NONE;
    struct span text = bearer_of(request->head.authorization);
    enum problem problem = text.at != NULL ? authorize_bearer(request, text, route->scope)
                                           : authorize_nobody(request, route->scope);
    request->access.is_checked = problem == PROBLEM_NONE;
    return problem;
}
