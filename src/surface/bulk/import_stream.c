/* import_stream.c: POST /v1/import, as the worker sees it: pieces of a body go to a thread, and
 * what becomes of them is told while that works, as soon as the body has ended: the library takes
 * no reply before. An import that is done within ANSWER_WHOLE_MS is answered whole, so that its
 * status says how it ended. What was committed stays when the sender goes away. */
#include <stdio.h>

#include "ground/clock.h"
#include "surface/bulk/import_work.h"
#include "surface/handlers.h"
#include "surface/media_type.h"

enum { ANSWER_WHOLE_MS = 1000 };

static void stream_free(void *stream) {
    import_work_leave(stream);
}

static enum problem refuse_type(struct request *request, const char *field, const char *why) {
    fault_set(&request->fault, "%s", why);
    snprintf(request->fault.name, sizeof request->fault.name, "%s", field);
    return PROBLEM_UNSUPPORTED_MEDIA_TYPE;
}

static enum problem check_type(struct request *request, bool *is_json) {
    const struct request_head *head = &request->head;
    *is_json = media_type_is(head->content_type, "application/x-ndjson");
    if (head->content_encoding.at != NULL && !span_is(head->content_encoding, "identity"))
        return refuse_type(request, "Content-Encoding",
                           "the body has a content coding; send it without one");
    if (!*is_json && !media_type_is(head->content_type, "text/plain"))
        return refuse_type(request, "Content-Type",
                           "articles are sent as application/x-ndjson, one object a line, or as "
                           "text/plain, with a form feed on a line of its own between them");
    if (!media_type_is_utf8(head->content_type))
        return refuse_type(request, "Content-Type",
                           *is_json ? "JSON is sent with charset=utf-8, or without a charset"
                                    : "text is sent with charset=utf-8, or without a charset: a "
                                      "text that is no UTF-8 is read as Windows-1252 then");
    return PROBLEM_NONE;
}

static struct import_answer options_of(const struct request *request) {
    const struct param_value *values = request->params.values;
    return (struct import_answer){.mode = (enum import_mode)values[PARAM_IMPORT_MODE].number,
                                  .is_dry_run = values[PARAM_DRY_RUN].number != 0};
}

static enum problem stream_new(struct request *request) {
    struct import_answer options = options_of(request);
    struct import_work *work = NULL;
    bool is_json;
    enum problem problem = check_type(request, &is_json);
    if (problem == PROBLEM_NONE)
        problem = import_work_begin(request->service, is_json, &options, &work);
    if (problem == PROBLEM_BUSY)
        fault_set(&request->fault, "%d imports are under way, which is the most at a time",
                  TASKS_MAX);
    if (problem != PROBLEM_NONE)
        return problem;
    request->stream = work;
    request->stream_free = stream_free;
    return PROBLEM_NONE;
}

enum problem import_take(struct request *request, struct span bytes) {
    enum problem problem = request->stream == NULL ? stream_new(request) : PROBLEM_NONE;
    return problem == PROBLEM_NONE ? import_work_push(request->stream, bytes) : problem;
}

/* Whether the answer may begin. */
static bool is_ready(struct import_work *work) {
    bool is_whole = !work->is_whole || clock_ms() - work->closed_ms < ANSWER_WHOLE_MS;
    if (is_whole || !import_work_has_line(work))
        return import_work_is_done(work);
    return true;
}

bool import_ready(struct request *request) {
    if (request->stream == NULL)
        return true;
    import_work_close(request->stream, request->stream_problem == PROBLEM_NONE);
    return is_ready(request->stream);
}

/* A body of no bytes is an import, too. */
static enum problem answer_nothing(struct request *request, struct reply *reply) {
    struct import_answer answer = options_of(request);
    struct import_totals none = {0};
    bool is_json;
    enum problem problem = check_type(request, &is_json);
    if (problem == PROBLEM_NONE && request->service->writer == NULL)
        problem = PROBLEM_READ_ONLY;
    if (problem != PROBLEM_NONE)
        return problem;
    buffer_init(&answer.lines);
    import_answer_end(&answer, &none);
    buffer_append_span(&reply->body, buffer_span(&answer.lines));
    reply->body.failed |= answer.lines.failed;
    buffer_fini(&answer.lines);
    return reply_text(reply, "application/x-ndjson");
}

static int64_t read_answer(void *state, char *out, size_t room) {
    return import_work_read(state, out, room);
}

/* Only a body that had to be cut off is answered before its import has ended. */
static enum problem refuse_rest(struct request *request, struct import_work *work) {
    if (!import_work_is_done(work) || work->problem == PROBLEM_NONE) {
        fault_set(&request->fault,
                  "%s; what came before may be in, the same import again does the rest",
                  problem_info(request->stream_problem)->title);
        return request->stream_problem;
    }
    fault_set(&request->fault, "%s", work->in.fault.text);
    return work->problem;
}

enum problem import_post(struct request *request, struct reply *reply) {
    struct import_work *work = request->stream;
    if (work == NULL && request->stream_problem == PROBLEM_NONE)
        return answer_nothing(request, reply);
    if (work == NULL)
        return request->stream_problem;
    bool is_done = import_work_is_done(work);
    if (request->stream_problem != PROBLEM_NONE || (is_done && work->problem != PROBLEM_NONE))
        return refuse_rest(request, work);
    reply->status = 200;
    reply_field(reply, "Content-Type", "application/x-ndjson");
    reply->source =
        (struct reply_source){.read = read_answer,
                              .state = work,
                              .bytes = is_done ? (int64_t)spool_bytes(&work->lines) : -1};
    return PROBLEM_NONE;
}
