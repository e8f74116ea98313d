/* metrics.c: see metrics.h. */
#include "engine/metrics.h"

#include <stdlib.h>
#include <time.h>

#define REFUSED "Connections that were told 503 and closed, by cause."
#define CUT "Connections that were cut because their peer was late, by what was waited for."
#define OPEN_NOW "Open connections, by what they wait for."
#define ITEMS "Articles of imports over HTTP, by what became of them."

const struct metric_name metric_names[METRIC_COUNT] = {
    [METRIC_ACCEPTED] = {"pilcrow_connections_accepted", "", false,
                         "Connections that were let in."},
    [METRIC_REFUSED_LIMIT] = {"pilcrow_connections_refused", "cause=\"limit\"", false, REFUSED},
    [METRIC_REFUSED_ADDRESS] = {"pilcrow_connections_refused", "cause=\"address\"", false, NULL},
    [METRIC_ACCEPT_PAUSES] = {"pilcrow_accept_pauses", "", false,
                              "How often no connection could be taken for want of descriptors."},
    [METRIC_CUT_FRESH] = {"pilcrow_connections_cut", "phase=\"fresh\"", false, CUT},
    [METRIC_CUT_IDLE] = {"pilcrow_connections_cut", "phase=\"idle\"", false, NULL},
    [METRIC_CUT_HEAD] = {"pilcrow_connections_cut", "phase=\"head\"", false, NULL},
    [METRIC_CUT_BODY] = {"pilcrow_connections_cut", "phase=\"body\"", false, NULL},
    [METRIC_CUT_WAIT] = {"pilcrow_connections_cut", "phase=\"wait\"", false, NULL},
    [METRIC_CUT_REPLY] = {"pilcrow_connections_cut", "phase=\"reply\"", false, NULL},
    [METRIC_OPEN_FRESH] = {"pilcrow_connections", "phase=\"fresh\"", true, OPEN_NOW},
    [METRIC_OPEN_IDLE] = {"pilcrow_connections", "phase=\"idle\"", true, NULL},
    [METRIC_OPEN_HEAD] = {"pilcrow_connections", "phase=\"head\"", true, NULL},
    [METRIC_OPEN_BODY] = {"pilcrow_connections", "phase=\"body\"", true, NULL},
    [METRIC_OPEN_WAIT] = {"pilcrow_connections", "phase=\"wait\"", true, NULL},
    [METRIC_OPEN_REPLY] = {"pilcrow_connections", "phase=\"reply\"", true, NULL},
    [METRIC_BODY_IN] = {"pilcrow_http_request_body_bytes", "", false,
                        "Bytes of request bodies that arrived."},
    [METRIC_BODY_OUT] = {"pilcrow_http_response_body_bytes", "", false,
                         "Bytes of the bodies of finished answers."},
    [METRIC_CACHE_HITS] = {"pilcrow_answer_cache_hits", "", false,
                           "Answers that were given again."},
    [METRIC_CACHE_MISSES] = {"pilcrow_answer_cache_misses", "", false,
                             "Answers that were looked for and not there."},
    [METRIC_CACHE_EVICTIONS] = {"pilcrow_answer_cache_evictions", "", false,
                                "Answers that were forgotten to make room."},
    [METRIC_CACHE_ENTRIES] = {"pilcrow_answer_cache_entries", "", true, "Answers that are kept."},
    [METRIC_CACHE_BYTES] = {"pilcrow_answer_cache_bytes", "", true, "Memory of what is kept."},
    [METRIC_REPLY_BYTES] = {"pilcrow_reply_memory_bytes", "", true,
                            "Memory of replies that wait for their readers."},
    [METRIC_WORKERS] = {"pilcrow_workers", "", true, "Worker threads."},
    [METRIC_WORKERS_BUSY] = {"pilcrow_workers_busy", "", true,
                             "Workers, each with a reader of the store, that were at work."},
    [METRIC_IMPORT_CREATED] = {"pilcrow_import_items", "outcome=\"created\"", false, ITEMS},
    [METRIC_IMPORT_UPDATED] = {"pilcrow_import_items", "outcome=\"updated\"", false, NULL},
    [METRIC_IMPORT_UNCHANGED] = {"pilcrow_import_items", "outcome=\"unchanged\"", false, NULL},
    [METRIC_IMPORT_REFUSED] = {"pilcrow_import_items", "outcome=\"refused\"", false, NULL},
};

/* Looked up for each request, so first what nearly all are answered with. */
const unsigned metrics_status_codes[METRICS_STATUSES] = {
    0,   200, 304, 201, 202, 204, 206, 301, 302, 303, 307, 308, 400,
    401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415,
    416, 417, 422, 424, 426, 428, 429, 431, 500, 501, 503, 505, 507};

const int64_t metrics_bucket_ns[METRICS_BUCKETS] = {
    100000,   250000,    500000,    1000000,   2500000,    5000000,    10000000,   25000000,
    50000000, 100000000, 250000000, 500000000, 1000000000, 2500000000, 10000000000};

const char *const metrics_bucket_names[METRICS_BUCKETS] = {
    "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
    "0.05",   "0.1",     "0.25",   "0.5",   "1.0",    "2.5",   "10.0"};

enum problem metrics_init(struct metrics *metrics, unsigned worker_count) {
    struct timespec now;
    metrics->blocks = calloc((size_t)worker_count + 1, sizeof *metrics->blocks);
    if (metrics->blocks == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    clock_gettime(CLOCK_REALTIME, &now);
    metrics->started_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    metrics->worker_count = worker_count;
    return PROBLEM_NONE;
}

void metrics_fini(struct metrics *metrics) {
    free(metrics->blocks);
    metrics->blocks = NULL;
}

static size_t method_index(enum method method) {
    return method == METHOD_UNKNOWN ? 0 : (size_t)__builtin_ctz((unsigned)method) + 1;
}

const char *metrics_method_name(size_t index) {
    return index == 0 ? "other" : router_method_name((enum method)(1U << (index - 1)));
}

static size_t status_index(unsigned status) {
    for (size_t i = 1; i < METRICS_STATUSES; i++) {
        if (metrics_status_codes[i] == status)
            return i;
    }
    return 0;
}

static size_t bucket_of(int64_t duration_ns) {
    size_t i = 0;
    while (i < METRICS_BUCKETS && duration_ns > metrics_bucket_ns[i])
        i++;
    return i;
}

void metrics_count(struct metrics_block *block, const struct metrics_request *request) {
    size_t route = request->route < METRICS_ROUTES ? request->route : METRICS_ROUTES - 1;
    metrics_bump(
        &block->requests[route][method_index(request->method)][status_index(request->status)], 1);
    metrics_bump(&block->durations[route][bucket_of(request->duration_ns)], 1);
    metrics_bump(&block->duration_ns[route], (uint64_t)request->duration_ns);
    if (request->problem != PROBLEM_NONE)
        metrics_bump(&block->problems[request->problem], 1);
}

void metrics_add_shared(struct metrics *metrics, enum metric metric, uint64_t more) {
    if (metrics->blocks != NULL)
        atomic_fetch_add_explicit(&metrics->blocks[metrics->worker_count].values[metric], more,
                                  memory_order_relaxed);
}

uint64_t metrics_sum(const struct metrics *metrics, const _Atomic uint64_t *of_first) {
    uint64_t sum = 0;
    size_t offset = (size_t)((const char *)of_first - (const char *)metrics->blocks);
    for (unsigned i = 0; i <= metrics->worker_count; i++) {
        const char *block = (const char *)&metrics->blocks[i];
        sum += atomic_load_explicit((const _Atomic uint64_t *)(const void *)(block + offset),
                                    memory_order_relaxed);
    }
    return sum;
}
