/* openapi_responses.c: what a row answers when all is well, and with which fields. */
#include <stdio.h>
#include <string.h>

#include "engine/render.h"
#include "surface/openapi/openapi_parts.h"

/* Statuses as bits. */
enum { DONE = 1, MADE = 2, PART = 4, UNCHANGED = 8, MOVED = 16 };
enum { FULL = DONE | MADE | PART, ANY_STATUS = FULL | UNCHANGED | MOVED };

#define LOCATION "Where it is; after QUERY, where GET answers the same."

/* The problems' own fields are here for openapi_problems.c: no row has them. */
static const struct {
    const char *name, *description;
    unsigned traits, statuses;
} headers[] = {
    {"ETag", "The state of what is answered, for If-None-Match and If-Match.",
     OPENAPI_VALID | OPENAPI_MATCHES | OPENAPI_REPEATS, FULL | UNCHANGED},
    {"Link", "Pages beside this one, and other forms (RFC 8288).", OPENAPI_LINKED, FULL},
    {"X-Seq", "The state of the store that the answer shows.", OPENAPI_STORE | OPENAPI_READY,
     ANY_STATUS},
    {"Last-Modified", "When it was written last, for If-Modified-Since.", OPENAPI_VALID, DONE},
    {"Content-Encoding", "`br`, `zstd` or `gzip`, as Accept-Encoding allows.", OPENAPI_CODED, DONE},
    {"Vary", "`Accept-Encoding`", OPENAPI_CODED, DONE | UNCHANGED},
    {"Surrogate-Key", "What is shown, by names that caches purge by, where the operator wants it.",
     OPENAPI_VALID, DONE},
    {"Cache-Control", "How long the answer may be kept.", OPENAPI_EVERY, ANY_STATUS},
    {"X-Request-Id", "The name of the request in the server's log.", OPENAPI_EVERY, FULL | MOVED},
    {"Server-Timing", "How long it took, when the operator wants that told.", OPENAPI_EVERY,
     ANY_STATUS},
    {"RateLimit", "What is left of the requests that are allowed, when they are limited.",
     OPENAPI_SCOPED, ANY_STATUS},
    {"RateLimit-Policy", "How many requests are allowed, when they are limited.", OPENAPI_SCOPED,
     ANY_STATUS},
    {"Location", LOCATION, OPENAPI_EVERY, MADE | MOVED},
    {"Location", LOCATION, OPENAPI_QUERIED, DONE},
    {"Accept-Query", "The types of body that QUERY takes here (RFC 10008).", OPENAPI_QUERIED, FULL},
    {"Content-Location", "The version that is shown, which has an address of its own.",
     OPENAPI_PAST, DONE | UNCHANGED},
    {"Idempotency-Replayed", "`true`: the kept answer to the same request.", OPENAPI_REPEATS,
     FULL | MOVED},
    {"Preference-Applied", "`return=minimal`", OPENAPI_REPEATS, FULL},
    {"Accept-Ranges", "`bytes`", OPENAPI_FILE, FULL | UNCHANGED},
    {"Content-Range", "Which part of the file this is.", OPENAPI_FILE, PART},
    {"Content-Disposition", "A name for the file.", OPENAPI_FILE, FULL},
    {"Repr-Digest", "SHA-256 of the whole file (RFC 9530).", OPENAPI_FILE, FULL | UNCHANGED},
    {"Retry-After", "Seconds to wait.", 0, 0},
    {"Allow", "The methods that the address answers.", 0, 0},
    {"WWW-Authenticate", "Which token is needed.", 0, 0},
};

json_t *openapi_header_components(void) {
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        json_object_set_new(all, headers[i].name,
                            json_pack("{s:s, s:{s:s}}", "description", headers[i].description,
                                      "schema", "type", "string"));
    return all;
}

static json_t *fields_of(unsigned traits, unsigned status) {
    json_t *fields = json_object();
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if ((headers[i].traits & traits) != 0 && (headers[i].statuses & status) != 0)
            json_object_set_new(fields, headers[i].name, openapi_ref("headers", headers[i].name));
    }
    return fields;
}

struct answers {
    const struct route *route;
    const char *suffix;
    json_t *responses;
};

static void add(struct answers *to, unsigned status, unsigned bit, const char *description,
                bool has_body) {
    char key[16];
    json_t *response = json_object();
    snprintf(key, sizeof key, "%u", status);
    render_set(response, "description", openapi_text(description));
    render_set(response, "headers", fields_of(openapi_traits(to->route), bit));
    if (has_body)
        render_set(response, "content", openapi_content(to->route, to->suffix));
    json_object_set_new(to->responses, key, response);
}

/* A paragraph has no page of its own. */
static bool is_shown_elsewhere(const struct route *route, const char *suffix) {
    return strcmp(suffix, "html") == 0 && strcmp(route->answer, "paragraph_with_history") == 0;
}

json_t *openapi_responses(const struct route *route, const char *suffix) {
    struct answers to = {route, suffix, json_object()};
    unsigned traits = openapi_traits(route);
    enum openapi_makes makes = openapi_makes(route);
    bool is_empty = strcmp(route->answer, "nothing") == 0;
    if (is_shown_elsewhere(route, suffix))
        add(&to, 303, MOVED, "A page that has it; Location says which, and where in it.", false);
    else if (!is_empty && makes != OPENAPI_MAKES)
        add(&to, 200, DONE, route->summary, true);
    if (makes != OPENAPI_MAKES_NOTHING)
        add(&to, 201, MADE, "Made; without a body when Prefer said so.", true);
    if (is_empty || ((traits & OPENAPI_REPEATS) != 0 && makes != OPENAPI_MAKES))
        add(&to, 204, DONE, is_empty ? "Done." : "Done, and Prefer said that this is enough.",
            false);
    if ((traits & OPENAPI_FILE) != 0)
        add(&to, 206, PART, "The part that Range asked for.", true);
    if ((traits & OPENAPI_VALID) != 0)
        add(&to, 304, UNCHANGED, "It is still what you have.", false);
    if ((traits & OPENAPI_SLUG) != 0)
        add(&to, 308, MOVED, "It was at this address once; Location says where it is now.", false);
    openapi_add_problems(route, to.responses);
    return to.responses;
}
