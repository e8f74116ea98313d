/* exchange.c: birth, head, body, answer, end.
 *
 * A reply queued in the first call of the handler closes its connection (libmicrohttpd cannot know
 * whether a body follows), so refusals are given there and answers in the last call. */
#include "exchange.h"

#include <stdlib.h>

#include "access_log.h"
#include "connection.h"
#include "deadline.h"
#include "ground/clock.h"
#include "head_read.h"
#include "request_id.h"
#include "surface/serve.h"
#include "worker.h"

enum {
    SPARE_MAX = 64,
    KEPT_BODY_BYTES = 64 * 1024,  /* a larger buffer is given back: idle memory stays small */
    LONG_REPLY_BYTES = 16 * 1024, /* may not leave in one piece: its progress is measured */
    FIELD_BYTES_MAX = 2 * 1024,   /* a longer value (Link, after a long target) is left out: the
                                   * library ends a connection whose reply's head does not fit */
    OVERRUN_BYTES = 1024 * 1024,  /* of a body beyond its limit, read so that the 413 is heard */
};

void exchange_pool_fini(struct exchange_pool *pool) {
    while (pool->spare != NULL) {
        struct exchange *next = pool->spare->next;
        arena_fini(&pool->spare->arena);
        buffer_fini(&pool->spare->reply.body);
        free(pool->spare);
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
    return x;
}

static void pool_give(struct exchange_pool *pool, struct exchange *x) {
    if (x->reply.body.capacity > KEPT_BODY_BYTES)
        buffer_fini(&x->reply.body);
    if (pool->spare_count >= SPARE_MAX) {
        arena_fini(&x->arena);
        buffer_fini(&x->reply.body);
        free(x);
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
    request->arena = &x->arena;
    request->method = METHOD_UNKNOWN;
    request->method_name = request->raw_target = (struct span){NULL, 0};
    request->host = request->if_none_match = (struct span){NULL, 0};
    request->target.raw_path = request->target.authority = (struct span){NULL, 0};
    request->target.segment_count = request->target.pair_count = 0;
    request->match = (struct router_match){0};
    request->params.values[PARAM_PRETTY].number = 0;
    request->seq = -1;
    fault_init(&request->fault);
    memset(&request->head, 0, sizeof request->head);
    request->body = (struct span){NULL, 0};
    request->stream = NULL;
    request_id_make(worker, request->id);
}

static void reply_reset(struct reply *reply) {
    reply->status = 0;
    reply->field_count = 0;
    reply->problem = PROBLEM_NONE;
    reply->body_static = (struct span){NULL, 0};
    buffer_clear(&reply->body);
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
        x->connection = connection;
        x->step = EXCHANGE_BORN;
        x->closes = false;
        x->body_bytes = 0;
        x->born_ns = worker->shared->service->config->access_log ? clock_ns() : 0;
        x->library_target = uri;
        x->library_target_bytes = uri == NULL ? 0 : strlen(uri);
        request_reset(x, worker);
        reply_reset(&x->reply);
        if (uri != NULL) {
            size_t kept = x->library_target_bytes;
            if (kept > LIMIT_TARGET_BYTES)
                kept = LIMIT_TARGET_BYTES;
            x->request.raw_target = arena_copy(&x->arena, (struct span){uri, kept});
        }
        if (connection->phase == CONNECTION_FRESH || connection->phase == CONNECTION_IDLE)
            connection_enter(&worker->connections, connection, CONNECTION_HEAD, worker->now_ms);
    }
    if (uri != NULL)
        hide_query(uri);
    return x;
}

static enum MHD_Result queue_no_memory(struct worker *worker, struct MHD_Connection *library) {
    return MHD_queue_response(library, MHD_HTTP_SERVICE_UNAVAILABLE, worker->no_memory);
}

static bool add_fields(struct MHD_Response *response, const struct exchange *x) {
    const struct reply *reply = &x->reply;
    for (size_t i = 0; i < reply->field_count; i++) {
        const struct reply_field *field = &reply->fields[i];
        if (strlen(field->value) > FIELD_BYTES_MAX)
            continue;
        if (MHD_add_response_header(response, field->name, field->value) != MHD_YES)
            return false;
    }
    return !x->closes ||
           MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
}

static void enter_reply(struct worker *worker, struct exchange *x, size_t body_bytes) {
    struct connection *connection = x->connection;
    connection_enter(&worker->connections, connection, CONNECTION_REPLY, worker->now_ms);
    connection->has_base = false;
    if (body_bytes > LONG_REPLY_BYTES)
        deadline_measure(connection);
    x->step = EXCHANGE_ANSWERED;
}

/* The body stays where serve() wrote it: the exchange outlives the library's use of it. */
static enum MHD_Result queue_reply(struct worker *worker, struct exchange *x,
                                   struct MHD_Connection *library) {
    struct span body = reply_body(&x->reply);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.bytes, (void *)(uintptr_t)body.at, MHD_RESPMEM_PERSISTENT);
    x->closes = x->closes || worker->is_draining;
    enter_reply(worker, x, body.bytes);
    if (response == NULL || !add_fields(response, x)) {
        if (response != NULL)
            MHD_destroy_response(response);
        x->reply.status = MHD_HTTP_SERVICE_UNAVAILABLE;
        x->reply.problem = PROBLEM_OUT_OF_MEMORY;
        return queue_no_memory(worker, library);
    }
    enum MHD_Result result = MHD_queue_response(library, x->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct worker *worker, struct exchange *x,
                              struct MHD_Connection *library, enum problem problem) {
    x->closes = true;
    reply_reset(&x->reply);
    serve_refusal(&x->request, &x->reply, problem);
    return queue_reply(worker, x, library);
}

/* What serve() needs of the head; the rest of it is not passed on. */
static bool keep_head(struct exchange *x, const struct head *head) {
    struct request *request = &x->request;
    if (request->method == METHOD_UNKNOWN)
        request->method_name = arena_copy(&x->arena, head->method);
    request->host = head->known[HEAD_HOST];
    request->if_none_match = head_if_none_match(head, &x->arena);
    return request->method_name.at != NULL && request->raw_target.at != NULL &&
           (request->if_none_match.at != NULL || head->known[HEAD_IF_NONE_MATCH].at == NULL);
}

static enum MHD_Result take_head(struct worker *worker, struct exchange *x,
                                 struct MHD_Connection *library, const char *method,
                                 const char *version) {
    struct head head;
    struct span target = {x->library_target, x->library_target_bytes};
    head_init(&head, span_of(method), target, span_of(version));
    head_read_fields(library, &head);
    head.raw_target = x->request.raw_target;
    head.checks_layout = worker->shared->checks_layout;
    x->request.method = router_method(head.method);
    if (x->request.method != METHOD_UNKNOWN)
        x->request.method_name = span_of(router_method_name(x->request.method));
    bool is_kept = keep_head(x, &head);
    enum problem problem = head_audit(&head, x->request.method, &x->request.fault);
    if (problem == PROBLEM_NONE && !is_kept)
        problem = PROBLEM_OUT_OF_MEMORY;
    if (problem != PROBLEM_NONE)
        return refuse(worker, x, library, problem);
    x->step = EXCHANGE_HEAD;
    x->closes = head.is_chunked; /* how its chunks were written cannot be audited */
    if (head_has_body(&head)) {
        x->connection->body_bytes = 0;
        connection_enter(&worker->connections, x->connection, CONNECTION_BODY, worker->now_ms);
    }
    return MHD_YES;
}

/* No route takes a body yet: it is counted and dropped. Only a chunked one can grow beyond the
 * limit; it is read for a while longer, so that its sender hears the answer, and then cut short. */
static enum MHD_Result take_body(struct worker *worker, struct exchange *x, size_t *upload_bytes) {
    x->body_bytes += *upload_bytes;
    x->connection->body_bytes = x->body_bytes;
    *upload_bytes = 0;
    if (x->body_bytes <= LIMIT_BODY_BYTES + OVERRUN_BYTES)
        return MHD_YES;
    struct span answer = buffer_span(&worker->shared->answer_large);
    (void)!send(x->connection->fd, answer.at, answer.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    x->reply.status = MHD_HTTP_CONTENT_TOO_LARGE;
    x->reply.problem = PROBLEM_BODY_TOO_LARGE;
    return MHD_NO;
}

enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *library, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_bytes, void **exchange) {
    struct worker *worker = cls;
    struct exchange *x = *exchange;
    (void)url;
    (void)upload;
    if (x == NULL)
        return queue_no_memory(worker, library);
    if (x->step == EXCHANGE_BORN)
        return take_head(worker, x, library, method, version);
    if (*upload_bytes > 0)
        return take_body(worker, x, upload_bytes);
    if (x->body_bytes > LIMIT_BODY_BYTES) {
        fault_set(&x->request.fault, "the request body has more than %d bytes", LIMIT_BODY_BYTES);
        return refuse(worker, x, library, PROBLEM_BODY_TOO_LARGE);
    }
    serve(&x->request, &x->reply);
    return queue_reply(worker, x, library);
}

void exchange_end(void *cls, struct MHD_Connection *library, void **exchange,
                  enum MHD_RequestTerminationCode code) {
    struct worker *worker = cls;
    struct exchange *x = *exchange;
    if (x == NULL)
        return;
    *exchange = NULL;
    if (worker->shared->service->config->access_log)
        access_log_line(worker, x, library, code, (clock_ns() - x->born_ns) / 1000);
    x->connection->requests++;
    connection_enter(&worker->connections, x->connection, CONNECTION_FRESH, worker->now_ms);
    pool_give(&worker->exchanges, x);
}
