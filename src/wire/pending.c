/* pending.c: see pending.h. */
#include "pending.h"

#include "worker.h"

bool pending_has_room(const struct worker *worker, size_t bytes) {
    const struct metrics *metrics = &worker->shared->service->metrics;
    uint64_t limit = (uint64_t)worker->config->reply_memory_mb * 1024 * 1024;
    uint64_t own =
        atomic_load_explicit(&worker->metrics->values[METRIC_REPLY_BYTES], memory_order_relaxed);
    bool is_long = bytes > PENDING_LONG_BYTES;
    if (limit == 0 || (!is_long && own + bytes <= limit / metrics->worker_count))
        return true;
    uint64_t all = metrics_sum(metrics, &metrics->blocks->values[METRIC_REPLY_BYTES]);
    return all == 0 || all + bytes <= (is_long ? limit : limit + limit / 2);
}

void pending_take(struct worker *worker, size_t bytes) {
    metrics_add(worker->metrics, METRIC_REPLY_BYTES, bytes);
}

/* Modulo 2^64 to add is to subtract. */
void pending_give(struct worker *worker, size_t bytes) {
    metrics_add(worker->metrics, METRIC_REPLY_BYTES, (uint64_t)0 - bytes);
}
