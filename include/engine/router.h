/* router.h: which row of the route table answers a target. Patterns are split once at boot;
 * matching compares segments one by one, in table order. Pure. */
#ifndef PILCROW_ENGINE_ROUTER_H
#define PILCROW_ENGINE_ROUTER_H

#include <stdbool.h>

#include "engine/params/params.h"
#include "engine/target.h"
#include "ground/fault.h"
#include "ground/problem.h"

struct request;
struct reply;

enum method {
    METHOD_UNKNOWN = 0,
    METHOD_GET = 1 << 0,
    METHOD_HEAD = 1 << 1,
    METHOD_OPTIONS = 1 << 2,
    METHOD_POST = 1 << 3,
    METHOD_PUT = 1 << 4,
    METHOD_PATCH = 1 << 5,
    METHOD_DELETE = 1 << 6,
    METHOD_QUERY = 1 << 7, /* RFC 10008: a read whose query stands in its body */
};

/* Fills the reply and returns PROBLEM_NONE, or returns the problem with request->fault set. */
typedef enum problem route_handler(struct request *request, struct reply *reply);

/* What an ETag of the route's answers is made of, and so what is read before any query runs. */
enum route_validator {
    ROUTE_VALIDATOR_NONE,     /* no ETag */
    ROUTE_VALIDATOR_BUILD,    /* changes with the program only */
    ROUTE_VALIDATOR_SEQ,      /* store seq */
    ROUTE_VALIDATOR_ARTICLE,  /* version of the article in the path */
    ROUTE_VALIDATOR_REVISION, /* the version in the path, when there is one */
};

/* IMMUTABLE: at an address by id the answer is the same for ever. */
enum route_cache { ROUTE_CACHE_NO_STORE, ROUTE_CACHE_PUBLIC, ROUTE_CACHE_IMMUTABLE };

/* What a row does with the body of a request. A whole body lies in request->body when the handler
 * is called, at most LIMIT_BODY_BYTES; a stream is passed to route->take piece by piece before
 * that. */
enum route_body { ROUTE_BODY_NONE, ROUTE_BODY_WHOLE, ROUTE_BODY_STREAM };

/* What a token must allow. Reads need none unless the operator closed them; metrics need one, of
 * any scope, unless the operator opened them. */
enum route_scope {
    ROUTE_SCOPE_NONE,
    ROUTE_SCOPE_METRICS,
    ROUTE_SCOPE_READ,
    ROUTE_SCOPE_WRITE,
    ROUTE_SCOPE_ADMIN,
};

/* Takes one piece of a streamed body, outside of render_begin(); a problem ends the stream: what
 * follows is dropped, and the handler is called at its end with request->stream_problem set. State
 * is kept in request->stream. */
typedef enum problem route_taker(struct request *request, struct span bytes);

/* Asked at the end of a streamed body, outside of render_begin(), and again and again until it says
 * that the handler can answer without waiting: what is done on another thread may take a while. */
typedef bool route_ready(struct request *request);

enum { ROUTE_TAKEN_MAX = 24, ROUTE_FORMATS_MAX = 8 };

struct route {
    enum method method;
    const char *pattern; /* "/v1/articles/{article}" */
    route_handler *handler;
    enum param_id taken[ROUTE_TAKEN_MAX + 1];   /* ended by PARAM_ID_COUNT */
    const char *formats[ROUTE_FORMATS_MAX + 1]; /* suffixes beside the plain address, NULL-ended */
    enum route_validator validator;
    enum route_cache cache;
    int64_t variant;    /* lets one handler serve rows alike (term kind) */
    const char *answer; /* name of the answer's shape: "article", "article_list" */
    const char *summary;
    enum route_scope scope;
    enum route_body body;
    route_taker *take;  /* of ROUTE_BODY_STREAM */
    route_ready *ready; /* the same; NULL: always */
    bool is_queryable;  /* of GET: QUERY asks the same, and POST where no row of its own has it */
};

/* The table with its patterns split; filled once by router_init(), read-only after. */
enum { ROUTER_ROUTES_MAX = 64 };

struct router_pattern {
    struct span literals[LIMIT_SEGMENTS]; /* .at NULL where a parameter stands */
    enum param_id path[LIMIT_SEGMENTS];   /* PARAM_ID_COUNT where a literal stands */
    size_t count;
    struct span suffix; /* that belongs to the address ("json" of /openapi.json) */
};

struct router {
    const struct route *routes;
    size_t count;
    struct router_pattern patterns[ROUTER_ROUTES_MAX];
};

struct router_match {
    const struct route *route; /* NULL unless the method fits too */
    const struct router_pattern *pattern;
    unsigned allowed; /* methods of all rows whose pattern fits, with HEAD and OPTIONS */
    const struct route *other_form; /* a row that fits but for the suffix; NULL = none */
    bool is_query;                  /* the row is of GET, and the rest of its query in the body */
    const struct route *query_list; /* a POST row of the same address that only reads, from a body
                                     * of its own; NULL = none, or the address takes no QUERY */
};

/* The boot self-check: every pattern parses, is unique for its method, names known path parameters;
 * every taken parameter exists once by name. On failure fault says which row and why. */
MUST_CHECK enum problem router_init(struct router *router, const struct route *routes, size_t count,
                                    struct fault *fault);

/* PROBLEM_NONE, NOT_FOUND (also for a suffix that the row does not offer; ".json" always fits), or
 * METHOD_NOT_ALLOWED with match->allowed. HEAD matches GET rows; so do QUERY, and POST where it
 * means nothing else, if they are queryable; OPTIONS gives PROBLEM_NONE with match->route NULL. */
MUST_CHECK enum problem router_match(const struct router *router, enum method method,
                                     const struct target *target, struct router_match *match);

/* The address without a parameter in it that is nearest to a path that nothing answers; NULL when
 * none is near. */
const char *router_nearest(const struct router *router, struct span raw_path);

/* "GET, HEAD, OPTIONS" */
void router_print_methods(unsigned methods, char *out, size_t out_bytes);

enum method router_method(struct span name); /* case-sensitive */
const char *router_method_name(enum method method);

#endif
