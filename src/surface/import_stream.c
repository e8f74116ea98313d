/* import_stream.c: POST /v1/import. The body is taken piece by piece; whole articles of a piece are
 * put into the store in one transaction, and the writer is given back before the next piece, so
 * that other writes wait for one piece at most. What was committed stays when the sender goes away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "engine/render.h"
#include "engine/writer.h"
#include "ground/lines.h"
#include "surface/handlers.h"
#include "surface/import_answer.h"
#include "surface/import_item.h"

enum {
    ARTICLE_ARENA_BYTES_MAX = 256 * 1024 * 1024,
    PIECE_BYTES = 16 * 1024, /* a smaller piece waits for the next */
    ERRORS_MAX = 10000,      /* then it is no import; keeps the answer within bounds */
};

struct import_stream {
    struct request *request;
    struct import *run;
    struct store *store; /* the writer, while a piece is at work; NULL when it is given back */
    struct lines lines;
    bool is_json;
    struct buffer text; /* a source text, up to the form feed that ends it */
    size_t text_line;   /* where it begins */
    bool is_text_lost;  /* it has a line that is too long */
    struct arena arena; /* of one article */
    struct import_answer answer;
};

static void stream_free(void *state) {
    struct import_stream *stream = state;
    import_close(stream->run);
    lines_fini(&stream->lines);
    buffer_fini(&stream->text);
    arena_fini(&stream->arena);
    spool_fini(&stream->answer.lines);
    free(stream);
}

/* ---- what it is ---- */

static bool is_type(struct span field, const char *type) {
    size_t bytes = strlen(type);
    return field.bytes >= bytes && strncasecmp(field.at, type, bytes) == 0 &&
           (field.bytes == bytes || strchr("; \t", field.at[bytes]) != NULL);
}

static enum problem check_type(struct request *request, bool *is_json) {
    const struct request_head *head = &request->head;
    bool is_coded =
        head->content_encoding.at != NULL && !span_is(head->content_encoding, "identity");
    *is_json = is_type(head->content_type, "application/x-ndjson");
    if (!is_coded && (*is_json || is_type(head->content_type, "text/plain")))
        return PROBLEM_NONE;
    fault_set(&request->fault,
              is_coded ? "the body has a content coding; send it without one"
                       : "articles are sent as application/x-ndjson, one object a line, or as "
                         "text/plain, with a form feed on a line of its own between them");
    return PROBLEM_UNSUPPORTED_MEDIA_TYPE;
}

static enum problem stream_new(struct request *request, struct import_stream **out) {
    const struct param_value *values = request->params.values;
    struct writer *writer = request->service->writer;
    bool is_json;
    *out = NULL;
    enum problem problem = check_type(request, &is_json);
    if (problem == PROBLEM_NONE && writer == NULL)
        problem = PROBLEM_READ_ONLY;
    if (problem != PROBLEM_NONE)
        return problem;
    struct import_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    stream->request = request;
    stream->is_json = is_json;
    stream->text_line = 1;
    lines_init(&stream->lines, ARTICLE_SOURCE_BYTES_MAX);
    buffer_init(&stream->text);
    arena_init(&stream->arena, ARTICLE_ARENA_BYTES_MAX);
    spool_init(&stream->answer.lines);
    stream->answer.is_dry_run = values[PARAM_DRY_RUN].number != 0;
    stream->answer.mode = (enum import_mode)values[PARAM_IMPORT_MODE].number;
    problem = import_open(writer->store, stream->answer.is_dry_run, &stream->run);
    if (problem != PROBLEM_NONE) {
        stream_free(stream);
        return problem;
    }
    import_set_mode(stream->run, stream->answer.mode);
    import_set_changes_keep(stream->run, request->service->config->changes_keep);
    *out = stream;
    return PROBLEM_NONE;
}

/* ---- one item ---- */

static enum problem stop_at_errors(struct import_stream *stream) {
    if (stream->answer.errors < ERRORS_MAX)
        return PROBLEM_NONE;
    fault_set(&stream->request->fault, "%d items were wrong, and the rest was not read",
              ERRORS_MAX);
    return PROBLEM_INVALID;
}

static enum problem refuse_item(struct import_stream *stream, size_t line, enum problem problem,
                                const struct fault *fault) {
    if (!import_answer_refuse(&stream->answer, line, problem, fault))
        return PROBLEM_OUT_OF_MEMORY;
    return stop_at_errors(stream);
}

static enum problem refuse_size(struct import_stream *stream, size_t line) {
    struct fault fault;
    fault_init(&fault);
    fault_set(&fault, "this is larger than %d MiB, which is the most an article may have",
              ARTICLE_SOURCE_BYTES_MAX / (1024 * 1024));
    return refuse_item(stream, line, PROBLEM_BAD_SOURCE, &fault);
}

static enum problem put(struct import_stream *stream, const struct article *article,
                        struct import_result *result, struct fault *fault) {
    if (stream->store == NULL) {
        enum problem problem = writer_take(stream->request->service->writer, &stream->store);
        if (problem != PROBLEM_NONE)
            return problem;
    }
    return import_article(stream->run, article, (struct span){"", 0}, result, fault);
}

static enum problem take_item(struct import_stream *stream, struct span text, size_t line) {
    struct article article;
    struct article_text_report reading;
    struct import_result result;
    struct fault fault;
    fault_init(&fault);
    enum problem problem =
        import_item_read(text, stream->is_json, &stream->arena, &article, &reading, &fault);
    if (problem == PROBLEM_NONE)
        problem = put(stream, &article, &result, &fault);
    arena_reset(&stream->arena);
    if (import_item_is_refused(problem))
        return refuse_item(stream, line, problem, &fault);
    if (problem == PROBLEM_NONE && !import_answer_add(&stream->answer, line, &result))
        problem = PROBLEM_OUT_OF_MEMORY;
    return problem;
}

/* ---- lines ---- */

static enum problem end_text(struct import_stream *stream) {
    enum problem problem = PROBLEM_NONE;
    size_t next_line = stream->lines.line + 1;
    bool is_blank = true;
    struct span text = buffer_span(&stream->text);
    for (size_t i = 0; is_blank && i < text.bytes; i++)
        is_blank = strchr(" \t\r\n", text.at[i]) != NULL && text.at[i] != '\0';
    if (stream->text.failed)
        problem = PROBLEM_OUT_OF_MEMORY;
    else if (stream->is_text_lost)
        problem = refuse_size(stream, stream->text_line);
    else if (!is_blank)
        problem = take_item(stream, text, stream->text_line);
    buffer_clear(&stream->text);
    stream->is_text_lost = false;
    stream->text_line = next_line;
    return problem;
}

static enum problem take_text_line(struct import_stream *stream, struct span line) {
    if (span_is(line, "\f") || span_is(line, "\f\r"))
        return end_text(stream);
    if (stream->text.used + line.bytes >= ARTICLE_SOURCE_BYTES_MAX)
        stream->is_text_lost = true;
    if (stream->is_text_lost)
        return PROBLEM_NONE;
    buffer_append_span(&stream->text, line);
    buffer_append_char(&stream->text, '\n');
    return PROBLEM_NONE;
}

static enum problem take_line(struct import_stream *stream, enum lines_found found,
                              struct span line) {
    if (!stream->is_json) {
        stream->is_text_lost |= found == LINES_TOO_LONG;
        return found == LINES_TOO_LONG ? PROBLEM_NONE : take_text_line(stream, line);
    }
    size_t number = stream->lines.line;
    if (found == LINES_TOO_LONG)
        return refuse_size(stream, number);
    line = import_item_line(line, number);
    return import_item_is_blank(line) ? PROBLEM_NONE : take_item(stream, line, number);
}

/* Everything that is whole. */
static enum problem take_lines(struct import_stream *stream, bool is_end) {
    enum problem problem = PROBLEM_NONE;
    struct span line = {NULL, 0};
    enum lines_found found = LINES_LINE;
    while (problem == PROBLEM_NONE &&
           (found = lines_next(&stream->lines, is_end, &line)) != LINES_NONE)
        problem = take_line(stream, found, line);
    if (problem == PROBLEM_NONE && is_end && !stream->is_json)
        problem = end_text(stream);
    if (stream->store == NULL)
        return problem;
    /* What stands before an item that ended the import is good, and is kept. */
    enum problem paused = import_pause(stream->run);
    writer_give(stream->request->service->writer);
    stream->store = NULL;
    return problem == PROBLEM_NONE ? paused : problem;
}

enum problem import_take(struct request *request, struct span bytes) {
    struct import_stream *stream = request->stream;
    if (stream == NULL) {
        enum problem problem = stream_new(request, &stream);
        if (problem != PROBLEM_NONE)
            return problem;
        request->stream = stream;
        request->stream_free = stream_free;
    }
    if (!lines_push(&stream->lines, bytes))
        return PROBLEM_OUT_OF_MEMORY;
    if (lines_rest(&stream->lines).bytes - stream->lines.searched < PIECE_BYTES)
        return PROBLEM_NONE;
    return take_lines(stream, false);
}

/* ---- the answer ---- */

static int64_t read_answer(void *state, char *out, size_t room) {
    struct import_stream *stream = state;
    return spool_read(&stream->answer.lines, out, room);
}

/* An import that ended early says so by its status, and how far it came. */
static enum problem refuse_rest(struct import_stream *stream, enum problem problem) {
    struct request *request = stream->request;
    struct import_totals totals = import_totals(stream->run);
    fault_set(&request->fault, "%s", problem_info(problem)->title);
    size_t used = strlen(request->fault.text);
    snprintf(request->fault.text + used, sizeof request->fault.text - used,
             "; the import ended at line %zu, %llu articles were created and %llu updated before; "
             "the same import again does the rest",
             stream->lines.line, (unsigned long long)totals.outcome[IMPORT_CREATED],
             (unsigned long long)totals.outcome[IMPORT_UPDATED]);
    return problem;
}

/* Jansson's memory is the heap here, as it is while pieces are taken. */
static enum problem end_stream(struct import_stream *stream) {
    struct request *request = stream->request;
    enum problem problem = request->stream_problem;
    render_end();
    if (problem == PROBLEM_NONE)
        problem = take_lines(stream, true);
    struct import_totals totals = import_totals(stream->run);
    if (problem == PROBLEM_NONE && !import_answer_end(&stream->answer, &totals))
        problem = PROBLEM_DISK_FULL;
    render_begin(request->arena);
    return problem == PROBLEM_NONE ? PROBLEM_NONE : refuse_rest(stream, problem);
}

enum problem import_post(struct request *request, struct reply *reply) {
    struct import_stream *stream = request->stream;
    enum problem problem = request->stream_problem;
    if (stream == NULL && problem == PROBLEM_NONE)
        problem = stream_new(request, &stream);
    if (stream == NULL)
        return problem;
    request->stream = stream;
    request->stream_free = stream_free;
    problem = end_stream(stream);
    if (problem != PROBLEM_NONE)
        return problem;
    reply->status = 200;
    reply_field(reply, "Content-Type", "application/x-ndjson");
    reply->source = (struct reply_source){
        .read = read_answer, .state = stream, .bytes = (int64_t)spool_bytes(&stream->answer.lines)};
    return PROBLEM_NONE;
}
