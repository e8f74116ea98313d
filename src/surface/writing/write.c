/* write.c: the line that every write travels. */
#include "surface/writing/write.h"

#include <time.h>

#include "domain/articles/article_history.h"
#include "engine/precondition.h"
#include "engine/render.h"
#include "engine/store/writer.h"
#include "surface/representation.h"
#include "surface/writing/write_head.h"
#include "surface/writing/write_repeat.h"

/* The fields that an answer to a write has beside those of all answers. */
static void add_fields(struct write *write) {
    struct reply *reply = write->reply;
    reply_field(reply, "Location", write->location);
    reply_field(reply, "ETag", write->etag);
    if (write->is_minimal)
        reply_field(reply, "Preference-Applied", "return=minimal");
}

/* Inside the transaction. */
static enum problem run_step(struct write *write, write_step *step) {
    bool is_done;
    enum problem problem = write_repeat_find(write, &is_done);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!is_done) {
        problem = step(write);
        if (problem == PROBLEM_NONE)
            problem = write_repeat_keep(write);
    }
    return problem;
}

/* The same, and the seq that comes of it; a new one is the time to forget old changes. */
static enum problem run_and_trim(struct write *write, write_step *step) {
    struct request *request = write->request;
    struct store *store = write->edit.store;
    unsigned keep = request->service->config->changes_keep;
    int64_t before = 0;
    enum problem problem = store_seq(store, &before);
    if (problem == PROBLEM_NONE)
        problem = run_step(write, step);
    if (problem == PROBLEM_NONE)
        problem = store_seq(store, &request->seq);
    if (problem == PROBLEM_NONE && keep > 0 && request->seq > before)
        problem = article_history_trim(store, keep);
    return problem;
}

static enum problem run_in_transaction(struct write *write, write_step *step) {
    struct request *request = write->request;
    struct store *reader = request->store, *store = NULL;
    struct writer *writer = request->service->writer;
    enum problem problem = writer_take(writer, &store);
    if (problem != PROBLEM_NONE)
        return problem;
    write->edit = (struct article_edit){store, request->arena, (int64_t)time(NULL)};
    request->store = store;
    store_deadline_set(store, 0);
    problem = store_begin(store);
    if (problem == PROBLEM_NONE)
        problem = run_and_trim(write, step);
    if (problem == PROBLEM_NONE)
        problem = store_commit(store);
    if (problem != PROBLEM_NONE)
        request->seq = -1;
    request->store = reader;
    writer_give(writer);
    return problem;
}

static void say_count(struct request *request, size_t count) {
    if (count > JSON_ERRORS_MAX)
        fault_set(&request->fault, "%zu values are at fault; errors has %d, and there are %zu more",
                  count, JSON_ERRORS_MAX, count - JSON_ERRORS_MAX);
    else
        fault_set(&request->fault, "%zu %s at fault; see errors", count,
                  count == 1 ? "value is" : "values are");
}

enum problem write_refuse(struct write *write, enum problem problem) {
    struct request *request = write->request;
    struct json_errors *errors = &write->errors;
    if (errors->has_failed)
        return PROBLEM_OUT_OF_MEMORY;
    if (problem == PROBLEM_INVALID && errors->count > 0) {
        json_t *more = json_object();
        say_count(request, errors->count);
        if (!render_set(more, "errors", errors->list))
            return PROBLEM_OUT_OF_MEMORY;
        reply_problem_with(request, write->reply, problem, more);
        return PROBLEM_NONE;
    }
    if (problem == PROBLEM_PRECONDITION_FAILED) {
        reply_problem(request, write->reply, problem);
        reply_field(write->reply, "ETag", write->etag);
        return PROBLEM_NONE;
    }
    return problem;
}

enum problem write_run(struct request *request, struct reply *reply, unsigned types, bool may_lack,
                       write_step *step) {
    struct write write = {.request = request, .reply = reply};
    if (request->service->writer == NULL)
        return PROBLEM_READ_ONLY;
    enum problem problem = write_head_read(&write, types, may_lack);
    if (problem == PROBLEM_NONE)
        problem = run_in_transaction(&write, step);
    if (problem != PROBLEM_NONE)
        return write_refuse(&write, problem);
    add_fields(&write);
    return PROBLEM_NONE;
}

/* ---- for steps ---- */

bool write_is_create_only(const struct write *write) {
    return span_is(write->request->if_none_match, "*");
}

static enum problem refuse_match(struct write *write, const struct write_article *article,
                                 const char *why) {
    struct request *request = write->request;
    write->etag = representation_etag(request, request->target.raw_path, 'v', article->version,
                                      article->id, &write->reply->body);
    fault_set(&request->fault, "article %lld is at version %lld%s", (long long)article->id,
              (long long)article->version, why);
    return write->etag == NULL ? PROBLEM_OUT_OF_MEMORY : PROBLEM_PRECONDITION_FAILED;
}

enum problem write_check_match(struct write *write, const struct write_article *article) {
    const struct request *request = write->request;
    struct span if_match = request->head.if_match, if_none_match = request->if_none_match;
    if (if_none_match.at != NULL &&
        etag_fits(if_none_match, article->version, article->seq, article->id))
        return refuse_match(write, article, ", and If-None-Match wants it not to be there");
    if (if_match.at == NULL) {
        fault_set(&write->request->fault,
                  "this needs If-Match with the ETag of article %lld as you read it, or *",
                  (long long)article->id);
        return PROBLEM_PRECONDITION_REQUIRED;
    }
    if (!etag_fits(if_match, article->version, article->seq, article->id))
        return refuse_match(write, article, ", not at the one that If-Match names");
    return PROBLEM_NONE;
}
