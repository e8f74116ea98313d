/* openapi_problems.c: which problems a row can answer with, by its traits. */
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "ground/buffer.h"
#include "surface/openapi/openapi_parts.h"

/* When a problem can be met: at rows that have one of these traits; ANYWHERE: before there is a
 * row. */
enum { ANYWHERE = 1 << 30, STORE = OPENAPI_STORE | OPENAPI_READY };

static const unsigned met_at[PROBLEM_COUNT] = {
    [PROBLEM_BAD_HEAD] = ANYWHERE,
    [PROBLEM_BAD_TARGET] = ANYWHERE,
    [PROBLEM_UNKNOWN_PARAMETER] = OPENAPI_EVERY,
    [PROBLEM_REPEATED_PARAMETER] = OPENAPI_EVERY,
    [PROBLEM_BAD_PARAMETER] = OPENAPI_EVERY,
    [PROBLEM_BAD_CURSOR] = OPENAPI_PAGED,
    [PROBLEM_ANSWER_TOO_LARGE] = OPENAPI_PAGED,
    [PROBLEM_BAD_SOURCE] = OPENAPI_BODY | OPENAPI_QUERIED,
    [PROBLEM_UNAUTHORIZED] = OPENAPI_SCOPED,
    [PROBLEM_FORBIDDEN] = OPENAPI_SCOPED,
    [PROBLEM_NOT_FOUND] = OPENAPI_PATH | OPENAPI_MAY_BE_OFF,
    [PROBLEM_METHOD_NOT_ALLOWED] = ANYWHERE,
    [PROBLEM_CONFLICT] = OPENAPI_WRITES,
    [PROBLEM_GONE] = OPENAPI_SLUG | OPENAPI_SINCE,
    [PROBLEM_PRECONDITION_FAILED] = OPENAPI_WRITES | OPENAPI_VALID,
    [PROBLEM_BODY_TOO_LARGE] = ANYWHERE | OPENAPI_BODY | OPENAPI_QUERIED,
    [PROBLEM_UNSUPPORTED_MEDIA_TYPE] = OPENAPI_BODY | OPENAPI_QUERIED,
    [PROBLEM_TARGET_TOO_LONG] = ANYWHERE,
    [PROBLEM_RANGE_NOT_SATISFIABLE] = OPENAPI_FILE,
    [PROBLEM_EXPECTATION_FAILED] = ANYWHERE,
    [PROBLEM_INVALID] = OPENAPI_BODY | OPENAPI_REPEATS,
    [PROBLEM_PRECONDITION_REQUIRED] = OPENAPI_MATCHES,
    [PROBLEM_TOO_MANY_REQUESTS] = OPENAPI_SCOPED,
    [PROBLEM_HEAD_TOO_LARGE] = ANYWHERE,
    [PROBLEM_INTERNAL] = OPENAPI_EVERY,
    [PROBLEM_NOT_IMPLEMENTED] = ANYWHERE,
    [PROBLEM_OUT_OF_MEMORY] = OPENAPI_EVERY,
    [PROBLEM_BUSY] = STORE,
    [PROBLEM_QUERY_TIMEOUT] = STORE,
    [PROBLEM_SEARCH_NOT_READY] = OPENAPI_SEARCH,
    [PROBLEM_UNAVAILABLE] = STORE,
    [PROBLEM_OUTCOME_UNKNOWN] = OPENAPI_WRITES,
    [PROBLEM_READ_ONLY] = OPENAPI_WRITES,
    [PROBLEM_CORRUPT] = STORE,
    [PROBLEM_TOO_MANY_CONNECTIONS] = ANYWHERE,
    [PROBLEM_TOO_MANY_PENDING_REPLIES] = ANYWHERE,
    [PROBLEM_DISK_FULL] = OPENAPI_WRITES,
};

static const char any_problem[] = "AnyProblem";

json_t *openapi_problem_codes(const struct route *route) {
    unsigned traits = openapi_traits(route);
    json_t *codes = json_array();
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        if ((met_at[problem] & traits) != 0)
            json_array_append_new(codes, openapi_text(problem_info(problem)->code));
    }
    return codes;
}

static void name_component(unsigned status, char out[OPENAPI_NAME_BYTES]) {
    snprintf(out, OPENAPI_NAME_BYTES, "Problem%u", status);
}

void openapi_add_problems(const struct route *route, json_t *responses) {
    unsigned traits = openapi_traits(route);
    char status[16], name[OPENAPI_NAME_BYTES];
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        if ((met_at[problem] & traits) == 0)
            continue;
        snprintf(status, sizeof status, "%u", problem_info(problem)->status);
        name_component(problem_info(problem)->status, name);
        json_object_set_new(responses, status, openapi_ref("responses", name));
    }
    render_set(responses, "default", openapi_ref("responses", any_problem));
}

/* ---- components ---- */

static const struct {
    unsigned status; /* 0 = any */
    const char *header;
} headers[] = {
    {401, "WWW-Authenticate"}, {403, "WWW-Authenticate"}, {405, "Allow"},        {0, "Allow"},
    {405, "Accept-Query"},     {0, "Accept-Query"},       {415, "Accept-Query"}, {412, "ETag"},
    {416, "Content-Range"},    {429, "Retry-After"},      {503, "Retry-After"},  {0, "Retry-After"},
};

/* All problems of one status, or those that may be met anywhere. */
static json_t *describe(unsigned status) {
    struct buffer text;
    json_t *codes = json_array(), *response = json_object(), *fields = json_object();
    buffer_init(&text);
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        const struct problem_info *info = problem_info(problem);
        if (status == 0 ? (met_at[problem] & ANYWHERE) == 0 : info->status != status)
            continue;
        buffer_printf(&text, "%s`%s`: %s.", text.used == 0 ? "" : " ", info->code, info->title);
        json_array_append_new(codes, openapi_text(info->code));
    }
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if (headers[i].status == status)
            json_object_set_new(fields, headers[i].header,
                                openapi_ref("headers", headers[i].header));
    }
    render_set(response, "description", render_text(buffer_span(&text)));
    buffer_fini(&text);
    render_set(response, "x-problems", codes);
    if (json_object_size(fields) > 0)
        render_set(response, "headers", fields);
    render_set(response, "content",
               json_pack("{s:{s:o*}, s:{s:{s:s, s:s}}}", "application/problem+json", "schema",
                         openapi_ref("schemas", "Problem"), "text/html", "schema", "type", "string",
                         "description", "At an address that ends in .html."));
    return response;
}

json_t *openapi_problem_components(void) {
    char name[OPENAPI_NAME_BYTES];
    json_t *all = json_object();
    for (enum problem problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        name_component(problem_info(problem)->status, name);
        bool is_of_rows = (met_at[problem] & ~(unsigned)ANYWHERE) != 0;
        if (is_of_rows && json_object_get(all, name) == NULL)
            json_object_set_new(all, name, describe(problem_info(problem)->status));
    }
    render_set(all, any_problem, describe(0));
    return all;
}
