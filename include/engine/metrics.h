/* metrics.h: what is counted while the server runs. Each worker has a block of its own and is the
 * only one that writes there, so to count is a load, an addition and a store, without a lock or a
 * shared cache line; whoever reads adds the blocks up. What other threads count goes into one more
 * block, with atomic additions.
 *
 * The number of series is bounded by tables: requests are told by route, never by address. */
#ifndef PILCROW_ENGINE_METRICS_H
#define PILCROW_ENGINE_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "engine/router.h"
#include "ground/problem.h"

/* One number each: counters go up, gauges are what is now. The names stand in metrics.c. */
enum metric {
    METRIC_ACCEPTED,
    METRIC_REFUSED_LIMIT,
    METRIC_REFUSED_ADDRESS,
    METRIC_ACCEPT_PAUSES,
    METRIC_CUT_FRESH, /* in the order of enum connection_phase, as far as the wire cuts */
    METRIC_CUT_IDLE,
    METRIC_CUT_HEAD,
    METRIC_CUT_BODY,
    METRIC_CUT_WAIT,
    METRIC_CUT_REPLY,
    METRIC_OPEN_FRESH, /* the same */
    METRIC_OPEN_IDLE,
    METRIC_OPEN_HEAD,
    METRIC_OPEN_BODY,
    METRIC_OPEN_WAIT,
    METRIC_OPEN_REPLY,
    METRIC_BODY_IN,
    METRIC_BODY_OUT,
    METRIC_CACHE_HITS,
    METRIC_CACHE_MISSES,
    METRIC_CACHE_EVICTIONS,
    METRIC_CACHE_ENTRIES,
    METRIC_CACHE_BYTES,
    METRIC_REPLY_BYTES,
    METRIC_WORKERS,
    METRIC_WORKERS_BUSY,
    METRIC_IMPORT_CREATED, /* in the order of enum import_outcome */
    METRIC_IMPORT_UPDATED,
    METRIC_IMPORT_UNCHANGED,
    METRIC_IMPORT_REFUSED,
    METRIC_COUNT
};

struct metric_name {
    const char *family; /* without _total */
    const char *labels; /* "phase=\"head\"", or "" */
    bool is_gauge;
    const char *help; /* of the family; rows of one family stand together, the first has it */
};

extern const struct metric_name metric_names[METRIC_COUNT];

enum {
    METRICS_ROUTES = ROUTER_ROUTES_MAX + 1, /* the last: no route was found */
    METRICS_METHODS = 9,                    /* the first: a method that nobody knows */
    METRICS_STATUSES = 40,                  /* the first: any other */
    METRICS_BUCKETS = 15,                   /* of durations, without the one that has no end */
};

extern const unsigned metrics_status_codes[METRICS_STATUSES];   /* 0 = not used */
extern const int64_t metrics_bucket_ns[METRICS_BUCKETS];        /* upper ends, inclusive */
extern const char *const metrics_bucket_names[METRICS_BUCKETS]; /* the same in seconds */

struct metrics_block {
    _Atomic uint64_t values[METRIC_COUNT];
    _Atomic uint64_t problems[PROBLEM_COUNT];
    _Atomic uint64_t requests[METRICS_ROUTES][METRICS_METHODS][METRICS_STATUSES];
    _Atomic uint64_t durations[METRICS_ROUTES][METRICS_BUCKETS + 1];
    _Atomic uint64_t duration_ns[METRICS_ROUTES];
};

struct metrics {
    struct metrics_block *blocks; /* of the workers, and one more; NULL: nothing is counted */
    unsigned worker_count;
    int64_t started_unix_ms;
};

MUST_CHECK enum problem metrics_init(struct metrics *metrics, unsigned worker_count);
void metrics_fini(struct metrics *metrics);

/* One finished request. */
struct metrics_request {
    size_t route; /* its row; METRICS_ROUTES - 1 when none was found */
    enum method method;
    unsigned status;
    enum problem problem;
    int64_t duration_ns;
};

/* By the block's own thread. */
void metrics_count(struct metrics_block *block, const struct metrics_request *request);

static inline void metrics_bump(_Atomic uint64_t *value, uint64_t more) {
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

static inline void metrics_add(struct metrics_block *block, enum metric metric, uint64_t more) {
    metrics_bump(&block->values[metric], more);
}

static inline void metrics_set(struct metrics_block *block, enum metric metric, uint64_t value) {
    atomic_store_explicit(&block->values[metric], value, memory_order_relaxed);
}

/* By any thread. */
void metrics_add_shared(struct metrics *metrics, enum metric metric, uint64_t more);

/* Sums over all blocks; `of_first` lies in the first one. */
uint64_t metrics_sum(const struct metrics *metrics, const _Atomic uint64_t *of_first);

/* "GET"; "other" of what nobody knows. */
const char *metrics_method_name(size_t index);

#endif
