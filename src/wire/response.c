/* response.c: see response.h. */
#include "response.h"

#include "connection.h"
#include "deadline.h"
#include "exchange.h"
#include "pending.h"
#include "response_cached.h"
#include "response_kept.h"
#include "surface/serve.h"
#include "worker.h"

enum {
    LONG_REPLY_BYTES = 16 * 1024, /* may not leave in one piece: its progress is measured */
    FIELD_BYTES_MAX = 2 * 1024,   /* a longer value (Link, after a long target) is left out: the
                                   * library ends a connection whose reply's head does not fit */
    SOURCE_BLOCK_BYTES = 32 * 1024,
};

enum MHD_Result response_queue_no_memory(struct worker *worker, struct MHD_Connection *library) {
    return MHD_queue_response(library, MHD_HTTP_SERVICE_UNAVAILABLE, worker->no_memory);
}

static bool is_too_long(const struct reply_field *field) {
    return strlen(field->value) > FIELD_BYTES_MAX;
}

bool response_add_field(struct MHD_Response *response, const struct reply_field *field) {
    return is_too_long(field) ||
           MHD_add_response_header(response, field->name, field->value) == MHD_YES;
}

static bool is_long(const struct reply *reply) {
    if (reply->source.read != NULL)
        return reply->source.bytes < 0 || reply->source.bytes > LONG_REPLY_BYTES;
    return reply_body(reply).bytes > LONG_REPLY_BYTES;
}

static bool add_fields(struct MHD_Response *response, const struct exchange *x) {
    const struct reply *reply = &x->reply;
    for (size_t i = 0; i < reply->field_count; i++) {
        if (!response_add_field(response, &reply->fields[i]))
            return false;
    }
    return !x->closes ||
           MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
}

/* The peer's pace is measured anew: it could not read what was not there. */
static void enter_reply(struct exchange *x) {
    struct connection *connection = x->connection;
    connection_enter(&x->worker->connections, connection, CONNECTION_REPLY, x->worker->now_ms);
    connection->has_base = false;
    if (is_long(&x->reply))
        deadline_measure(connection);
}

static void take_from_source(struct exchange *x, uint64_t bytes) {
    x->source_bytes += bytes;
    x->worker->has_worked = true;
    if (x->connection->phase == CONNECTION_WAIT) {
        exchange_go_on(x);
        enter_reply(x);
    }
}

/* A source that ends before its time leaves a reply that is not whole, and the client must see
 * that. */
static ssize_t read_source(void *cls, uint64_t position, char *out, size_t room) {
    struct exchange *x = cls;
    const struct reply_source *source = &x->reply.source;
    (void)position;
    int64_t bytes = source->read(source->state, out, room);
    if (bytes == REPLY_SOURCE_LATER) {
        exchange_wait(x);
        return 0;
    }
    if (bytes == 0 && source->bytes < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (bytes <= 0 || (uint64_t)bytes > room)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    take_from_source(x, (uint64_t)bytes);
    return (ssize_t)bytes;
}

/* The library is not asked to free the source: exchange_end() does, on every way out. */
static struct MHD_Response *make_response(struct exchange *x) {
    const struct reply_source *source = &x->reply.source;
    if (source->read != NULL)
        return MHD_create_response_from_callback(source->bytes < 0 ? MHD_SIZE_UNKNOWN
                                                                   : (uint64_t)source->bytes,
                                                 SOURCE_BLOCK_BYTES, read_source, x, NULL);
    struct span body = reply_body(&x->reply);
    return MHD_create_response_from_buffer(body.bytes, (void *)(uintptr_t)body.at,
                                           MHD_RESPMEM_PERSISTENT);
}

/* The library ends the reply to a HEAD with a last chunk, which the client would take for the
 * beginning of the next reply: such a reply gets no chunks and ends its connection. */
static bool has_stray_chunk(const struct exchange *x) {
    return x->request.method == METHOD_HEAD && x->reply.source.read != NULL &&
           x->reply.source.bytes < 0;
}

static bool finish_response(struct MHD_Response *response, struct exchange *x) {
    if (has_stray_chunk(x)) {
        x->closes = true;
        if (MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) !=
            MHD_YES)
            return false;
    }
    return add_fields(response, x);
}

static struct MHD_Response *kept_response(struct worker *worker, const struct exchange *x) {
    if (x->reply.cached != NULL)
        return response_cached_use(x->reply.cached, x->request.id);
    if (x->reply.status != MHD_HTTP_NOT_MODIFIED || x->closes || !worker->shared->library_is_known)
        return NULL;
    return response_kept_set(&worker->not_modified, &x->reply);
}

/* A kept answer counts for each reader: when the cache has forgotten it, a reader may be the only
 * one that holds it. */
static size_t pending_bytes_of(const struct reply *reply) {
    return reply->cached == NULL ? reply->body.used : reply_body(reply).bytes;
}

/* A change that was made is told in any case. */
static void admit(struct worker *worker, struct exchange *x) {
    size_t bytes = pending_bytes_of(&x->reply);
    if (request_is_read(&x->request) && !pending_has_room(worker, bytes)) {
        reply_clear(&x->reply);
        buffer_fini(&x->reply.body);
        serve_refusal(&x->request, &x->reply, PROBLEM_TOO_MANY_PENDING_REPLIES);
        bytes = x->reply.body.used;
    }
    pending_take(worker, bytes);
    x->pending_bytes = bytes;
}

/* What made the reply is several times as long as the reply, and need not wait for its reader; nor
 * need a body of which the cache has a copy. */
static void free_scaffold(struct exchange *x) {
    if (x->reply.cached != NULL && x->reply.body.used > PENDING_LONG_BYTES)
        buffer_fini(&x->reply.body);
    if (x->reply.source.read == NULL && x->request.stream == NULL)
        arena_rewind(&x->arena, &x->mark);
}

enum MHD_Result response_queue(struct worker *worker, struct exchange *x,
                               struct MHD_Connection *library) {
    admit(worker, x);
    unsigned status = x->reply.status;
    if (status == MHD_HTTP_NOT_MODIFIED || status == MHD_HTTP_NO_CONTENT)
        reply_source_free(&x->reply);
    x->closes = x->closes || worker->is_draining;
    enter_reply(x);
    x->step = EXCHANGE_ANSWERED;
    struct MHD_Response *kept = kept_response(worker, x);
    if (kept != NULL) {
        enum MHD_Result result = MHD_queue_response(library, status, kept);
        free_scaffold(x);
        return result;
    }
    struct MHD_Response *response = make_response(x);
    if (response == NULL || !finish_response(response, x)) {
        if (response != NULL)
            MHD_destroy_response(response);
        reply_source_free(&x->reply);
        x->reply.status = MHD_HTTP_SERVICE_UNAVAILABLE;
        x->reply.problem = PROBLEM_OUT_OF_MEMORY;
        return response_queue_no_memory(worker, library);
    }
    enum MHD_Result result = MHD_queue_response(library, status, response);
    MHD_destroy_response(response);
    free_scaffold(x);
    return result;
}

void response_print(const struct reply *reply, struct buffer *out) {
    struct span body = reply->source.read == NULL ? reply_body(reply) : (struct span){NULL, 0};
    buffer_printf(out, "HTTP/1.1 %u %s\r\n", reply->status,
                  MHD_get_reason_phrase_for(reply->status));
    for (size_t i = 0; i < reply->field_count; i++) {
        if (!is_too_long(&reply->fields[i]))
            buffer_printf(out, "%s: %s\r\n", reply->fields[i].name, reply->fields[i].value);
    }
    buffer_printf(out, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.bytes);
    buffer_append_span(out, body);
}
