/* write_repeat.c: answers that are kept for requests that may be repeated. */
#include "surface/writing/write_repeat.h"

#include "ground/hash.h"

enum { PURGE_MAX = 50 }; /* by one write */

enum { COLUMN_REQUEST, COLUMN_STATUS, COLUMN_LOCATION, COLUMN_ETAG, COLUMN_BODY };

/* What makes two requests the same: also on which version they were to work. */
static void print_request(const struct request *request, char out[HASH_TEXT_BYTES]) {
    struct hash hash;
    hash_begin(&hash);
    hash_add(&hash, request->method_name);
    hash_add(&hash, request->raw_target);
    hash_add(&hash, request->head.content_type);
    hash_add(&hash, request->head.if_match);
    hash_add(&hash, request->if_none_match);
    hash_add(&hash, request->body);
    hash_print(&hash, out);
}

/* NULL for an empty text. */
static enum problem copy_text(struct write *write, struct span text, const char **out) {
    *out = NULL;
    if (text.bytes == 0)
        return PROBLEM_NONE;
    *out = arena_copy(write->request->arena, text).at;
    return *out == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

static enum problem answer_again(struct write *write, const struct rows *rows) {
    struct reply *reply = write->reply;
    struct span body = rows_text(rows, COLUMN_BODY);
    enum problem problem = copy_text(write, rows_text(rows, COLUMN_LOCATION), &write->location);
    if (problem == PROBLEM_NONE)
        problem = copy_text(write, rows_text(rows, COLUMN_ETAG), &write->etag);
    if (problem != PROBLEM_NONE)
        return problem;
    reply->status = (unsigned)rows_int(rows, COLUMN_STATUS);
    buffer_append_span(&reply->body, body);
    if (body.bytes > 0)
        reply_field(reply, "Content-Type", "application/json");
    write->is_minimal = body.bytes == 0 && write->is_minimal;
    reply_field(reply, "Idempotency-Replayed", "true");
    return reply->body.failed ? PROBLEM_OUT_OF_MEMORY : PROBLEM_NONE;
}

enum problem write_repeat_find(struct write *write, bool *is_done) {
    struct request *request = write->request;
    char own[HASH_TEXT_BYTES];
    rows_auto struct rows rows = {0};
    *is_done = false;
    if (request->head.idempotency_key.at == NULL)
        return PROBLEM_NONE;
    store_query(write->edit.store, SQL_idempotency_find, &rows,
                STORE_VALUES(STORE_INT(request->token_id),
                             STORE_TEXT(request->head.idempotency_key),
                             STORE_INT(write->edit.now_s - WRITE_REPEAT_S)));
    if (!rows_next(&rows))
        return rows_end(&rows);
    print_request(request, own);
    if (!span_is(rows_text(&rows, COLUMN_REQUEST), own)) {
        fault_set(&request->fault, "this Idempotency-Key was used for another request: method, "
                                   "address, body, Content-Type, If-Match or If-None-Match differ");
        return PROBLEM_INVALID;
    }
    *is_done = true;
    enum problem problem = answer_again(write, &rows);
    return problem == PROBLEM_NONE ? rows_end(&rows) : problem;
}

/* "" where there is none: the columns hold no NULL. */
static struct store_value text_of(const char *text) {
    return STORE_TEXT(span_of(text == NULL ? "" : text));
}

enum problem write_repeat_keep(struct write *write) {
    const struct request *request = write->request;
    const struct reply *reply = write->reply;
    struct store *store = write->edit.store;
    char own[HASH_TEXT_BYTES];
    if (request->head.idempotency_key.at == NULL)
        return PROBLEM_NONE;
    print_request(request, own);
    enum problem problem = store_run(
        store, SQL_idempotency_purge,
        STORE_VALUES(STORE_INT(write->edit.now_s - WRITE_REPEAT_S), STORE_INT(PURGE_MAX)));
    struct span body = reply_body(reply);
    if (problem != PROBLEM_NONE)
        return problem;
    return store_run(
        store, SQL_idempotency_put,
        STORE_VALUES(STORE_INT(request->token_id), STORE_TEXT(request->head.idempotency_key),
                     text_of(own), STORE_INT(reply->status), text_of(write->location),
                     text_of(write->etag), STORE_TEXT(body.bytes == 0 ? SPAN_LITERAL("") : body),
                     STORE_INT(write->edit.now_s)));
}
