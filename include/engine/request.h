/* request.h: one request, as everything above the wire sees it. Born when the target arrives,
 * freed on completion, both in the wire; nothing here is kept longer. */
#ifndef PILCROW_ENGINE_REQUEST_H
#define PILCROW_ENGINE_REQUEST_H

#include <stdatomic.h>

#include "engine/coding.h"
#include "engine/metrics.h"
#include "engine/params/params.h"
#include "engine/router.h"
#include "engine/store/snapshots.h"
#include "engine/store/store.h"
#include "engine/target.h"
#include "engine/tasks.h"
#include "ground/arena.h"
#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/span.h"

enum { REQUEST_ID_BYTES = 27 }; /* 26 characters and NUL */

enum { SERVICE_BUILD_BYTES = 48 };

struct cache;
struct compressor;
struct limiters;
struct tokens;
struct writer;

/* What /readyz looks at, in this order. */
enum {
    SERVICE_CHECK_WRITER,
    SERVICE_CHECK_DRAIN,
    SERVICE_CHECK_STORE,
    SERVICE_CHECK_COUNT,
};

/* What all requests of a process share; owned by the entry. */
struct service {
    _Atomic(const struct config *) config; /* what is in force: SIGHUP puts another one here; the
                                            * one before stays until the process ends */
    const struct router *router;
    atomic_bool is_draining;         /* set by SIGTERM: /readyz answers 503 */
    struct span title;               /* of the publication */
    struct span public_url;          /* no slash at its end; .bytes 0: not said */
    bool is_tls;                     /* addresses made of Host begin with https */
    char build[SERVICE_BUILD_BYTES]; /* differs between any two programs; part of every ETag */
    atomic_uint exports;             /* under way */
    atomic_uint coded_streams;       /* the same (engine/compress/compress.h) */
    struct snapshots snapshots;
    struct metrics metrics; /* of the wire, which fills it */
    atomic_llong
        failing_since_s[SERVICE_CHECK_COUNT]; /* as far as /readyz knows; 0 = it does not */
    struct tasks tasks;                       /* beside the workers */
    struct writer *writer;     /* NULL: nothing can be written (engine/store/writer.h) */
    struct tokens *tokens;     /* NULL: no token is known (engine/tokens.h) */
    struct limiters *limiters; /* NULL: nothing is limited (engine/limiter.h) */
};

/* Before any thread starts. Borrows both; sets every field. */
void service_init(struct service *service, const struct config *config,
                  const struct router *router);

/* After all workers have ended, before what tasks use is closed: waits for those. */
void service_fini(struct service *service);

/* The header fields that a write may carry; .at NULL when absent. All fields of a name joined with
 * ", "; borrowed until completion. */
struct request_head {
    struct span content_type, content_encoding;
    struct span if_match;
    struct span idempotency_key;
    struct span prefer;
    struct span authorization; /* never logged */
    struct span range, if_range;
    struct span last_event_id;
    struct span x_forwarded_for;
    struct span accept_encoding;
    struct span if_modified_since;
};

enum { REQUEST_RATE_BYTES = 48 };

/* What authorize() found, for the fields of the answer. The wire sets it to zeros when a request
 * begins, and nobody else: it outlives the steps of the line. */
struct request_access {
    bool is_checked;       /* and let in */
    const char *challenge; /* WWW-Authenticate; NULL = none */
    unsigned retry_after_s;
    char policy[REQUEST_RATE_BYTES]; /* RateLimit-Policy; "" = none */
    char left[REQUEST_RATE_BYTES];   /* RateLimit */
};

/* Of Server-Timing; all 0 when it is off. */
struct request_timing {
    int64_t began_ns;
    int64_t render_ns; /* in the handler, but for the store */
};
struct json_t;
struct reply;

/* Shows the JSON of an answer, or of a problem (reply->problem says which), in another form: adds
 * the body and its fields; a problem keeps its status. Made in the request's arena. */
typedef enum problem request_page(struct request *request, struct reply *reply,
                                  struct json_t *json);

struct request {
    /* From the wire. */
    struct service *service;
    struct store *store;           /* the worker's reader */
    struct cache *cache;           /* the worker's finished answers; NULL: not for this request */
    struct compressor *compressor; /* the worker's; NULL: nothing is coded */
    struct arena *arena;           /* everything made for this request */
    enum method method;
    struct span method_name; /* as received */
    struct span raw_target;
    struct span host;          /* .at NULL when absent (HTTP/1.0) */
    struct span if_none_match; /* all fields joined with ", "; .at NULL when absent */
    struct request_head head;
    struct span body; /* of ROUTE_BODY_WHOLE; .at NULL when there was none */
    const char
        *address; /* of the client, as text; of the proxy's client when the proxy is trusted */
    char id[REQUEST_ID_BYTES];

    /* Filled along the line, by serve(). */
    struct target target;
    struct router_match match;
    struct params params;
    bool is_cut;        /* the answer has less than it would have with more time: no validator */
    bool is_of_host;    /* the answer holds the Host that was sent: it is for its sender alone */
    bool is_routed;     /* by serve_head(): serve() goes on from there */
    request_page *page; /* how JSON is shown; NULL: as it is */
    int64_t seq;        /* of the read transaction; -1 before */
    int64_t article_id; /* that the answer is of alone; 0: of none, or of many */
    const char *etag;   /* of what is not coded; NULL = none */
    struct coding_wish codings; /* that the client takes */
    struct fault fault;
    int64_t token_id; /* who writes; 0 = nobody */
    struct request_access access;
    struct request_timing timing; /* by serve() */

    /* Of a streamed body; the route's own. stream_free(stream) is called on completion, also when
     * the client went away in the middle. NULL when no piece came. */
    void *stream;
    void (*stream_free)(void *stream);
    enum problem stream_problem;
};

/* Whether the request changes nothing, whatever its method is called. */
static inline bool request_is_read(const struct request *request) {
    return (request->method & (METHOD_GET | METHOD_HEAD | METHOD_QUERY)) != 0 ||
           request->match.is_query;
}

/* Whether the route of the request, which was found, answers to tokens alone. */
static inline bool request_needs_token(const struct request *request) {
    enum route_scope scope = request->match.route->scope;
    if (scope == ROUTE_SCOPE_METRICS)
        return request->service->config->metrics == CONFIG_METRICS_TOKEN;
    return scope > ROUTE_SCOPE_READ ||
           (scope == ROUTE_SCOPE_READ &&
            request->service->config->read_access == CONFIG_READ_ACCESS_TOKEN);
}

#endif
