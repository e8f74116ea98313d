/* server_timing.c: see server_timing.h. */
#include "surface/server_timing.h"

#include <stdio.h>

#include "ground/clock.h"

void server_timing_begin(struct request *request) {
    request->timing = (struct request_timing){0, 0};
    if (!server_timing_is_on(request))
        return;
    request->timing.began_ns = clock_ns();
    if (request->store != NULL)
        store_clock_start(request->store);
}

static int64_t store_ns(const struct request *request) {
    return request->store == NULL ? 0 : store_clock_ns(request->store);
}

enum problem server_timing_call(struct request *request, struct reply *reply) {
    struct request_timing *timing = &request->timing;
    route_handler *handler = request->match.route->handler;
    if (timing->began_ns == 0)
        return handler(request, reply);
    int64_t called_ns = clock_ns(), in_store_ns = store_ns(request);
    enum problem problem = handler(request, reply);
    timing->render_ns = clock_ns() - called_ns - (store_ns(request) - in_store_ns);
    return problem;
}

void server_timing_open(const struct request *request, struct reply *reply) {
    if (server_timing_is_on(request))
        reply_field(reply, "Timing-Allow-Origin", "*");
}

static double ms(int64_t ns) {
    return (double)ns / 1e6;
}

void server_timing_measure(const struct request *request, struct reply *reply) {
    enum { FIELD_BYTES = 128 };
    const struct request_timing *timing = &request->timing;
    if (timing->began_ns == 0 || reply->cached != NULL)
        return;
    char *text = arena_alloc(request->arena, FIELD_BYTES);
    if (text != NULL)
        snprintf(text, FIELD_BYTES,
                 "store;dur=%.3f, render;dur=%.3f, total;dur=%.3f, cache;desc=miss",
                 ms(store_ns(request)), ms(timing->render_ns), ms(clock_ns() - timing->began_ns));
    reply_field(reply, "Server-Timing", text);
}
