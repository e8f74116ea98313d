/* exchange.c: birth, head, body, answer, end.
 *
 * A reply queued in the first call of the handler closes its connection (libmicrohttpd cannot know
 * whether a body follows), so refusals are given there and answers in the last call. */
#include "exchange.h"

#include <stdlib.h>

#include "access_log.h"
#include "body.h"
#include "connection.h"
#include "deadline.h"
#include "engine/client.h"
#include "ground/clock.h"
#include "head_read.h"
#include "library.h"
#include "pending.h"
#include "request_id.h"
#include "response.h"
#include "surface/serve.h"
#include "tls.h"
#include "worker.h"

enum {
    SPARE_MAX = 64,
    KEPT_BODY_BYTES = 64 * 1024, /* a larger buffer is given back: idle memory stays small */
};

static void exchange_free(struct exchange *x) {
    arena_fini(&x->arena);
    buffer_fini(&x->reply.body);
    buffer_fini(&x->body);
    free(x);
}

void exchange_pool_fini(struct exchange_pool *pool) {
    while (pool->spare != NULL) {
        struct exchange *next = pool->spare->next;
        exchange_free(pool->spare);
        pool->spare = next;
    }
    pool->spare_count = 0;
}

static struct exchange *pool_take(struct exchange_pool *pool) {
    struct exchange *x = pool->spare;
    if (x != NULL) {
        pool->spare = x->next;
        pool->spare_count--;
        return x;
    }
    x = calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    arena_init(&x->arena, LIMIT_REQUEST_ARENA_BYTES);
    buffer_init(&x->reply.body);
    buffer_init(&x->body);
    return x;
}

static void give_back(struct buffer *buffer) {
    if (buffer->capacity > KEPT_BODY_BYTES)
        buffer_fini(buffer);
    buffer_clear(buffer);
}

static void pool_give(struct exchange_pool *pool, struct exchange *x) {
    give_back(&x->reply.body);
    give_back(&x->body);
    if (pool->spare_count >= SPARE_MAX) {
        exchange_free(x);
        return;
    }
    arena_reset(&x->arena);
    x->next = pool->spare;
    pool->spare = x;
    pool->spare_count++;
}

static struct connection *connection_of(struct MHD_Connection *library) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/* What serve() fills is left as it is (clearing 10 KB costs as much as reading the head), but for
 * what an answer reads when the target or the parameters could not be parsed. */
static void request_reset(struct exchange *x, struct worker *worker) {
    struct request *request = &x->request;
    request->service = worker->shared->service;
    request->store = worker->store;
    request->cache = NULL;
    request->compressor = &worker->compressor;
    request->arena = &x->arena;
    request->method = METHOD_UNKNOWN;
    request->method_name = request->raw_target = (struct span){NULL, 0};
    request->host = request->if_none_match = (struct span){NULL, 0};
    request->target.raw_path = request->target.authority = (struct span){NULL, 0};
    request->target.segment_count = request->target.pair_count = 0;
    request->match = (struct router_match){0};
    request->params.values[PARAM_PRETTY].number = 0;
    request->is_routed = false;
    request->page = NULL;
    request->seq = -1;
    fault_init(&request->fault);
    memset(&request->head, 0, sizeof request->head);
    memset(&request->access, 0, sizeof request->access);
    request->body = (struct span){NULL, 0};
    request->address = x->connection->address;
    request->token_id = 0;
    request->stream = NULL;
    request->stream_free = NULL;
    request->stream_problem = PROBLEM_NONE;
    request_id_make(worker, request->id);
}

/* The library would split the query into arguments, in time that grows with the square of their
 * number, and keep them in the connection's memory: its own copy ends after the '?'. */
static void hide_query(const char *uri) {
    char *query = strchr((char *)(uintptr_t)uri, '?');
    if (query != NULL)
        query[1] = '\0';
}

void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *library) {
    struct worker *worker = cls;
    struct connection *connection = connection_of(library);
    struct exchange *x = connection == NULL ? NULL : pool_take(&worker->exchanges);
    if (x != NULL) {
        x->worker = worker;
        x->connection = connection;
        x->library = library;
        x->step = EXCHANGE_BORN;
        x->closes = false;
        x->body_bytes = 0;
        x->body_limit = LIMIT_BODY_BYTES;
        x->body_use = ROUTE_BODY_NONE;
        x->source_bytes = 0;
        x->born_ns = clock_ns();
        x->library_target = uri;
        x->library_target_bytes = uri == NULL ? 0 : strlen(uri);
        request_reset(x, worker);
        reply_clear(&x->reply);
        if (uri != NULL) {
            size_t kept = x->library_target_bytes;
            if (kept > LIMIT_TARGET_BYTES)
                kept = LIMIT_TARGET_BYTES;
            x->request.raw_target = arena_copy(&x->arena, (struct span){uri, kept});
        }
        x->mark = arena_mark(&x->arena);
        if (connection->phase == CONNECTION_FRESH || connection->phase == CONNECTION_IDLE)
            connection_enter(&worker->connections, connection, CONNECTION_HEAD, worker->now_ms);
    }
    if (uri != NULL)
        hide_query(uri);
    return x;
}

static enum MHD_Result refuse(struct worker *worker, struct exchange *x,
                              struct MHD_Connection *library, enum problem problem) {
    x->closes = true;
    reply_clear(&x->reply);
    serve_refusal(&x->request, &x->reply, problem);
    return response_queue(worker, x, library);
}

/* The fields that are passed on to serve(). */
static const struct {
    enum head_known known;
    size_t offset; /* in struct request */
} passed_on[] = {
    {HEAD_HOST, offsetof(struct request, host)},
    {HEAD_IF_NONE_MATCH, offsetof(struct request, if_none_match)},
    {HEAD_CONTENT_TYPE, offsetof(struct request, head.content_type)},
    {HEAD_CONTENT_ENCODING, offsetof(struct request, head.content_encoding)},
    {HEAD_IF_MATCH, offsetof(struct request, head.if_match)},
    {HEAD_IDEMPOTENCY_KEY, offsetof(struct request, head.idempotency_key)},
    {HEAD_PREFER, offsetof(struct request, head.prefer)},
    {HEAD_AUTHORIZATION, offsetof(struct request, head.authorization)},
    {HEAD_RANGE, offsetof(struct request, head.range)},
    {HEAD_IF_RANGE, offsetof(struct request, head.if_range)},
    {HEAD_LAST_EVENT_ID, offsetof(struct request, head.last_event_id)},
    {HEAD_X_FORWARDED_FOR, offsetof(struct request, head.x_forwarded_for)},
    {HEAD_ACCEPT_ENCODING, offsetof(struct request, head.accept_encoding)},
    {HEAD_IF_MODIFIED_SINCE, offsetof(struct request, head.if_modified_since)},
};

/* Who asks, when a proxy that is trusted says so. */
static void name_client(struct exchange *x, const struct config *config) {
    const struct request *request = &x->request;
    if (config->trusted_proxy_count == 0 || request->head.x_forwarded_for.at == NULL)
        return;
    char *client = arena_alloc(&x->arena, NETWORK_TEXT_BYTES);
    if (client == NULL)
        return;
    client_address(config, request->address, request->head.x_forwarded_for, client);
    x->request.address = client;
}

/* What serve() needs of the head, once it was audited; the rest of it is not passed on. */
static enum problem keep_head(struct exchange *x, const struct head *head) {
    if (x->request.raw_target.at == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++) {
        struct span *value = (void *)((char *)&x->request + passed_on[i].offset);
        if (!head_join(head, passed_on[i].known, &x->arena, value))
            return PROBLEM_OUT_OF_MEMORY;
    }
    name_client(x, x->request.service->config);
    return PROBLEM_NONE;
}

/* Of a request whose body is still to come. */
static enum problem begin_body(struct worker *worker, struct exchange *x, const struct head *head) {
    enum problem problem = serve_head(&x->request);
    if (problem == PROBLEM_NONE)
        problem = body_begin(x, head);
    if (problem != PROBLEM_NONE)
        return problem;
    x->connection->body_bytes = x->connection->base_bytes = 0;
    if (worker->shared->tls != NULL)
        deadline_measure_received(x->connection);
    connection_enter(&worker->connections, x->connection, CONNECTION_BODY, worker->now_ms);
    return PROBLEM_NONE;
}

/* The name of a method that nobody knows is for the log. */
static void take_method(struct exchange *x, struct span name) {
    x->request.method = router_method(name);
    x->request.method_name = x->request.method == METHOD_UNKNOWN
                                 ? arena_copy(&x->arena, name)
                                 : span_of(router_method_name(x->request.method));
}

static enum MHD_Result take_head(struct worker *worker, struct exchange *x,
                                 struct MHD_Connection *library, const char *method,
                                 const char *version) {
    struct head head;
    struct span target = {x->library_target, x->library_target_bytes};
    head_init(&head, span_of(method), target, span_of(version));
    head_read_fields(library, &head);
    head.raw_target = x->request.raw_target;
    head.checks_layout = worker->shared->library_is_known;
    take_method(x, head.method);
    enum problem problem = head_audit(&head, x->request.method, &x->request.fault);
    if (problem == PROBLEM_NONE)
        problem = keep_head(x, &head);
    x->mark = arena_mark(&x->arena);
    if (problem == PROBLEM_NONE && head_has_body(&head))
        problem = begin_body(worker, x, &head);
    if (problem != PROBLEM_NONE)
        return refuse(worker, x, library, problem);
    x->step = EXCHANGE_HEAD;
    x->closes = head.is_chunked; /* how its chunks were written cannot be audited */
    return MHD_YES;
}

/* The answer to a body that does not end where it should; the connection is cut after it. A route
 * that took a part of it says what became of that. */
static void send_overrun(struct worker *worker, struct exchange *x) {
    struct buffer printed;
    struct span answer = buffer_span(&worker->shared->answer_large);
    buffer_init(&printed);
    x->reply.status = MHD_HTTP_CONTENT_TOO_LARGE;
    x->reply.problem = PROBLEM_BODY_TOO_LARGE;
    if (x->body_use == ROUTE_BODY_STREAM) {
        serve(&x->request, &x->reply);
        response_print(&x->reply, &printed);
        answer = buffer_span(&printed);
    }
    void *session = library_tls_session(x->library);
    if (session != NULL)
        tls_session_send(session, answer);
    else
        (void)!send(x->connection->fd, answer.at, answer.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    buffer_fini(&printed);
}

static enum MHD_Result take_body(struct worker *worker, struct exchange *x, const char *upload,
                                 size_t *upload_bytes) {
    struct span piece = {upload, *upload_bytes};
    *upload_bytes = 0;
    worker->has_worked = true;
    if (body_take(x, piece))
        return MHD_YES;
    send_overrun(worker, x);
    return MHD_NO;
}

static bool is_ready(struct exchange *x) {
    const struct route *route = x->request.match.route;
    return x->body_use != ROUTE_BODY_STREAM || route->ready == NULL || route->ready(&x->request);
}

static void set_timeout(struct MHD_Connection *library, unsigned timeout_s) {
    (void)MHD_set_connection_option(library, MHD_CONNECTION_OPTION_TIMEOUT, timeout_s);
}

void exchange_wait(struct exchange *x) {
    struct worker *worker = x->worker;
    if (x->connection->phase == CONNECTION_WAIT)
        return;
    set_timeout(x->library, 0);
    connection_enter(&worker->connections, x->connection, CONNECTION_WAIT, worker->now_ms);
}

void exchange_go_on(struct exchange *x) {
    if (x->connection->phase == CONNECTION_WAIT)
        set_timeout(x->library, library_timeout_s(x->worker->config));
}

/* What is counted goes the whole way, each time; what is kept does not say Connection: close. */
static struct cache *cache_for(struct worker *worker, const struct exchange *x) {
    bool is_counted = worker->config->rate_limit_address > 0;
    return x->closes || worker->is_draining || is_counted ? NULL : &worker->cache;
}

/* While no reply is queued the library asks again. */
static enum MHD_Result answer(struct worker *worker, struct exchange *x,
                              struct MHD_Connection *library) {
    if (!is_ready(x)) {
        exchange_wait(x);
        return MHD_YES;
    }
    exchange_go_on(x);
    enum problem problem = body_end(x);
    if (problem != PROBLEM_NONE)
        return refuse(worker, x, library, problem);
    x->request.cache = cache_for(worker, x);
    serve(&x->request, &x->reply);
    return response_queue(worker, x, library);
}

enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *library, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_bytes, void **exchange) {
    struct worker *worker = cls;
    struct exchange *x = *exchange;
    (void)url;
    if (x == NULL)
        return response_queue_no_memory(worker, library);
    if (x->step == EXCHANGE_BORN)
        return take_head(worker, x, library, method, version);
    if (*upload_bytes > 0)
        return take_body(worker, x, upload, upload_bytes);
    return answer(worker, x, library);
}

/* What the route opened for the request is closed on whatever way the request ends. */
static void end_streams(struct exchange *x) {
    struct request *request = &x->request;
    reply_source_free(&x->reply);
    if (request->stream != NULL && request->stream_free != NULL)
        request->stream_free(request->stream);
    request->stream = NULL;
}

static void count_request(struct worker *worker, const struct exchange *x,
                          struct MHD_Connection *library, int64_t duration_ns) {
    const struct router *router = worker->shared->service->router;
    const struct route *route = x->request.match.route;
    const struct metrics_request counted = {
        .route =
            route == NULL || router == NULL ? METRICS_ROUTES : (size_t)(route - router->routes),
        .method = x->request.method,
        .status = access_log_status(x, library),
        .problem = x->reply.problem,
        .duration_ns = duration_ns,
    };
    metrics_count(worker->metrics, &counted);
    metrics_add(worker->metrics, METRIC_BODY_IN, x->body_bytes);
    metrics_add(worker->metrics, METRIC_BODY_OUT, access_log_bytes(x));
}

void exchange_end(void *cls, struct MHD_Connection *library, void **exchange,
                  enum MHD_RequestTerminationCode code) {
    struct worker *worker = cls;
    struct exchange *x = *exchange;
    if (x == NULL)
        return;
    *exchange = NULL;
    int64_t duration_ns = clock_ns() - x->born_ns;
    count_request(worker, x, library, duration_ns);
    if (worker->config->access_log)
        access_log_line(worker, x, library, code, duration_ns / 1000);
    end_streams(x);
    pending_give(worker, x->pending_bytes);
    x->pending_bytes = 0;
    x->connection->requests++;
    connection_enter(&worker->connections, x->connection, CONNECTION_FRESH, worker->now_ms);
    pool_give(&worker->exchanges, x);
}
