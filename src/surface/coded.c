/* coded.c: see coded.h. Problems are sent as they are: they are short, and should be readable. */
#include "surface/coded.h"

#include "engine/compress/compress.h"
#include "engine/precondition.h"

static bool is_on(const struct request *request) {
    return request->compressor != NULL &&
           request->service->config->compression == CONFIG_COMPRESSION_ON;
}

void coded_note(struct request *request) {
    request->codings =
        is_on(request) ? coding_wish_parse(request->head.accept_encoding) : coding_wish_none();
}

/* Parts of a file are parts of what is not coded. What is written is answered with the ETag that a
 * read of it would have, as it is: this is short, but for an import's. */
static bool may_be_coded(const struct request *request, struct reply *reply) {
    const struct route *route = request->match.route;
    return is_on(request) && route != NULL && reply->problem == PROBLEM_NONE &&
           (reply->status == 200 || reply->status == 304) &&
           (route->scope < ROUTE_SCOPE_WRITE || route->body == ROUTE_BODY_STREAM) &&
           reply_field_find(reply, "Accept-Ranges") == NULL;
}

static bool is_short(const struct reply *reply) {
    if (reply->source.read != NULL)
        return reply->source.bytes >= 0 && reply->source.bytes < COMPRESS_BYTES_MIN;
    return reply_body(reply).bytes < COMPRESS_BYTES_MIN;
}

/* A short body is coded only for who takes nothing else. */
static bool code(struct request *request, struct reply *reply) {
    bool is_stream = reply->source.read != NULL;
    bool must = !coding_is_taken(&request->codings, CODING_IDENTITY);
    enum coding coding = coding_choose(&request->codings, is_stream ? CODING_ONCE : CODING_KEPT);
    if (coding == CODING_IDENTITY)
        return false;
    if (!must && is_short(reply))
        return false;
    reply->coding = coding;
    return is_stream ? compress_stream(coding, &request->service->coded_streams, &reply->source)
                     : compress_body(request->compressor, coding, must, reply);
}

/* The field, if any, becomes that of the coding. A tag that cannot be made is not sent. */
static void mark_etag(const struct request *request, struct reply *reply) {
    struct reply_field *field = reply_field_find(reply, "ETag");
    if (field == NULL || reply->coding == CODING_IDENTITY)
        return;
    char *etag = arena_alloc(request->arena, ETAG_BYTES);
    if (etag == NULL) {
        reply_field_drop(reply, "ETag");
        return;
    }
    etag_print_coded(etag, request->etag, reply->coding);
    field->value = etag;
}

void coded_reply(struct request *request, struct reply *reply) {
    if (!may_be_coded(request, reply)) {
        reply->coding = CODING_IDENTITY;
        return;
    }
    if (reply->status == 200 && !code(request, reply))
        reply->coding = CODING_IDENTITY;
    mark_etag(request, reply);
    if (reply->status == 200 && reply->coding != CODING_IDENTITY)
        reply_field(reply, "Content-Encoding", coding_name(reply->coding));
    reply_field(reply, "Vary", "Accept-Encoding");
}
