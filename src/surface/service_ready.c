/* service_ready.c: whether the service can answer. What is wrong is told with the name of the check
 * and since when it is known: the first time that somebody asked and it was so. */
#include <time.h>

#include "engine/render.h"
#include "engine/store/writer.h"
#include "ground/date.h"
#include "surface/handlers.h"

static const char *const check_names[SERVICE_CHECK_COUNT] = {
    [SERVICE_CHECK_WRITER] = "writer",
    [SERVICE_CHECK_DRAIN] = "drain",
    [SERVICE_CHECK_STORE] = "store",
};

static enum problem check_writer(struct request *request) {
    const struct writer *writer = request->service->writer;
    if (writer == NULL || !atomic_load(&writer->has_failed))
        return PROBLEM_NONE;
    fault_set(&request->fault,
              "a write to the disk failed: what is stored is known only after a restart");
    return PROBLEM_UNAVAILABLE;
}

static enum problem check_drain(struct request *request) {
    if (!atomic_load(&request->service->is_draining))
        return PROBLEM_NONE;
    fault_set(&request->fault, "the server is shutting down");
    return PROBLEM_UNAVAILABLE;
}

static enum problem check_store(struct request *request) {
    enum problem problem = store_begin(request->store);
    if (problem == PROBLEM_NONE)
        problem = store_seq(request->store, &request->seq);
    if (problem != PROBLEM_NONE)
        fault_set(&request->fault, "the store does not answer: %s", problem_info(problem)->title);
    return problem;
}

/* Unix seconds; whoever asks first sets it. */
static int64_t note_failure(atomic_llong *since_s) {
    struct timespec now;
    long long known = 0;
    clock_gettime(CLOCK_REALTIME, &now);
    return atomic_compare_exchange_strong(since_s, &known, now.tv_sec) ? now.tv_sec : known;
}

static enum problem refuse(struct request *request, struct reply *reply, size_t check,
                           enum problem problem) {
    char since[INSTANT_BYTES];
    json_t *more = json_object();
    instant_print(note_failure(&request->service->failing_since_s[check]), since);
    render_set(more, "check", render_text(span_of(check_names[check])));
    if (!render_set(more, "since", render_text(span_of(since))))
        return problem;
    reply_problem_with(request, reply, problem, more);
    return PROBLEM_NONE;
}

enum problem service_readyz(struct request *request, struct reply *reply) {
    static enum problem (*const checks[SERVICE_CHECK_COUNT])(struct request * request) = {
        [SERVICE_CHECK_WRITER] = check_writer,
        [SERVICE_CHECK_DRAIN] = check_drain,
        [SERVICE_CHECK_STORE] = check_store,
    };
    for (size_t i = 0; i < SERVICE_CHECK_COUNT; i++) {
        enum problem problem = checks[i](request);
        if (problem != PROBLEM_NONE)
            return refuse(request, reply, i, problem);
        atomic_store(&request->service->failing_since_s[i], 0);
    }
    json_t *json = json_object();
    if (!render_set(json, "status", render_text(span_of("ready"))))
        return PROBLEM_OUT_OF_MEMORY;
    return reply_json(request, reply, json, PARAM_ID_COUNT);
}
