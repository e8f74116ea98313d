/* worker.c: the loop of one worker.
 *
 * The library's internal epoll thread stalls when 128 events are ready at once, so the daemon is
 * driven from here: its epoll descriptor is one of ours, and MHD_run() does what is due. */
#include "worker.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "acceptor.h"
#include "deadline.h"
#include "ground/clock.h"
#include "ground/log.h"
#include "library.h"
#include "response_cached.h"

enum {
    EVENTS_PER_ROUND = 128,
    CROWD = 64, /* connections */
    ASK_AGAIN_MS = 1,
    PAUSE_EXTRA_MS = 15,
    HANDSHAKES_PER_MS = 64,
    HANDSHAKE_MS = 200,   /* those under way when a drain begins are given so long */
    LAST_WORDS_MS = 2000, /* of a drain: what is at work is stopped, to say how far it came */
};

void worker_read_clock(struct worker *worker) {
    struct timespec now;
    worker->now_ms = clock_ms();
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    worker->now_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool worker_quota_take(struct worker_quota *quota, int64_t now_ms, unsigned *dropped) {
    if (now_ms < quota->next_ms) {
        quota->dropped++;
        return false;
    }
    *dropped = quota->dropped;
    *quota = (struct worker_quota){now_ms + 1000, 0};
    return true;
}

/* The library asks again and again for the reply of a request that waits for its route, and for the
 * rest of a handshake, and says each time that it has work. When that was all it did, a moment may
 * pass; the longer, the more there are that it asks in vain. What arrives ends it. */
static int pause_ms(const struct worker *worker) {
    const size_t *counts = worker->connections.counts;
    if (worker->has_worked)
        return 0;
    if (connections_wait(&worker->connections))
        return ASK_AGAIN_MS;
    if (worker->shared->tls == NULL)
        return 0;
    size_t extra_ms = (counts[CONNECTION_FRESH] + counts[CONNECTION_HEAD]) / HANDSHAKES_PER_MS;
    return ASK_AGAIN_MS + (extra_ms < PAUSE_EXTRA_MS ? (int)extra_ms : PAUSE_EXTRA_MS);
}

static int wait_ms(const struct worker *worker) {
    MHD_UNSIGNED_LONG_LONG library_ms = 0;
    if (MHD_get_timeout(worker->daemon, &library_ms) == MHD_YES && library_ms == 0)
        return pause_ms(worker);
    bool is_quiet = worker->connections.count == 0 && worker->most_connections < CROWD &&
                    worker->is_accepting && !worker->is_draining &&
                    refusal_linger_is_empty(&worker->linger);
    if (is_quiet)
        return -1;
    int64_t left = worker->next_sweep_ms - worker->now_ms;
    return left < 0 ? 0 : left > DEADLINE_SWEEP_MS ? DEADLINE_SWEEP_MS : (int)left;
}

static void answer_wake(struct worker *worker) {
    uint64_t count;
    (void)!read(worker->wake_fd, &count, sizeof count);
    atomic_store(&worker->is_asked, false);
}

/* Events carry a pointer: to a listener's slot, to one of two descriptors, or to a connection. They
 * are all looked at before the library runs, which may free connections. */
static void take_event(struct worker *worker, void *source) {
    int *slot = source;
    if (source == worker->daemon)
        return;
    if (slot == &worker->wake_fd)
        answer_wake(worker);
    else if (slot >= worker->listeners && slot < worker->listeners + worker->listener_count)
        acceptor_accept(worker, *slot);
    else
        deadline_first_byte(worker, source);
}

/* Each connection has some 30 KiB of the library; after a crowd has gone, its memory would stay
 * with the C library. */
static void give_memory_back(struct worker *worker) {
    size_t count = worker->connections.count;
    if (count > worker->most_connections)
        worker->most_connections = count;
    if (worker->most_connections < CROWD || count > worker->most_connections / 4)
        return;
    worker->most_connections = count;
    malloc_trim(0);
}

static void sweep(struct worker *worker) {
    give_memory_back(worker);
    worker->next_sweep_ms = worker->now_ms + DEADLINE_SWEEP_MS;
    deadline_sweep(worker);
    refusal_linger_sweep(&worker->linger, worker->now_ms);
    if (!worker->is_accepting && worker->now_ms >= worker->accept_again_ms)
        acceptor_resume(worker);
}

/* Whoever stands in the backlog, or is on the way into it, is let in and answered. */
static void begin_drain(struct worker *worker) {
    unsigned drain_s = worker->config->drain_timeout_s;
    worker->is_draining = true;
    worker->drain_ends_ms = worker->now_ms + (int64_t)drain_s * 1000;
    bool is_at_once = drain_s == 0 || worker->shared->keeps_backlog;
    worker->listeners_end_ms = worker->now_ms + (is_at_once ? 0 : HANDSHAKE_MS);
    worker->tasks_end_ms = worker->now_ms + (int64_t)drain_s * 500;
    if (worker->tasks_end_ms < worker->drain_ends_ms - LAST_WORDS_MS)
        worker->tasks_end_ms = worker->drain_ends_ms - LAST_WORDS_MS;
    acceptor_stop_handshakes(worker);
}

static void drain(struct worker *worker) {
    if (worker->listener_count > 0 && worker->now_ms >= worker->listeners_end_ms)
        acceptor_close(worker);
    if (worker->now_ms >= worker->tasks_end_ms)
        tasks_stop(&worker->shared->service->tasks);
    deadline_close_idle(worker);
}

static bool is_done(const struct worker *worker) {
    return worker->is_draining && worker->listener_count == 0 &&
           (worker->connections.count == 0 || worker->now_ms >= worker->drain_ends_ms);
}

/* Answers that are kept say how long others may keep them. */
static void adopt_settings(struct worker *worker) {
    const struct config *config = worker->shared->service->config;
    if (config == worker->config)
        return;
    worker->config = config;
    cache_clear(&worker->cache);
}

/* What is counted elsewhere anyway, shown to those who read the metrics; asleep nothing changes. */
static void show_counts(struct worker *worker) {
    struct metrics_block *metrics = worker->metrics;
    const struct cache_counts *cache = &worker->cache.counts;
    for (unsigned i = 0; i < CONNECTION_PHASE_COUNT; i++)
        metrics_set(metrics, METRIC_OPEN_FRESH + i, worker->connections.counts[i]);
    metrics_set(metrics, METRIC_CACHE_HITS, cache->hits);
    metrics_set(metrics, METRIC_CACHE_MISSES, cache->misses);
    metrics_set(metrics, METRIC_CACHE_EVICTIONS, cache->evictions);
    metrics_set(metrics, METRIC_CACHE_ENTRIES, cache->entries);
    metrics_set(metrics, METRIC_CACHE_BYTES, cache->bytes);
    metrics_set(metrics, METRIC_WORKERS_BUSY, 0);
}

static void run_round(struct worker *worker) {
    struct epoll_event events[EVENTS_PER_ROUND];
    int count = epoll_wait(worker->epoll_fd, events, EVENTS_PER_ROUND, wait_ms(worker));
    metrics_set(worker->metrics, METRIC_WORKERS_BUSY, 1);
    worker_read_clock(worker);
    adopt_settings(worker);
    for (int i = 0; i < count; i++)
        take_event(worker, events[i].data.ptr);
    if (!worker->is_draining && atomic_load(&worker->shared->is_stopping))
        begin_drain(worker);
    worker->has_worked = false;
    MHD_run(worker->daemon);
    store_rest(worker->store);
    if (worker->is_draining)
        drain(worker);
    if (worker->now_ms >= worker->next_sweep_ms)
        sweep(worker);
    if (worker->log.used > 0)
        log_write(&worker->log);
    show_counts(worker);
}

void *worker_run(void *argument) {
    struct worker *worker = argument;
    worker_read_clock(worker);
    metrics_set(worker->metrics, METRIC_WORKERS, 1);
    while (!is_done(worker))
        run_round(worker);
    return NULL;
}

static bool add_to_epoll(struct worker *worker, int fd, void *source) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    return epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool fill_epoll(struct worker *worker) {
    bool is_full = add_to_epoll(worker, worker->wake_fd, &worker->wake_fd) &&
                   add_to_epoll(worker, library_epoll_fd(worker->daemon), worker->daemon);
    for (size_t i = 0; is_full && i < worker->listener_count; i++)
        is_full = add_to_epoll(worker, worker->listeners[i], &worker->listeners[i]);
    return is_full;
}

/* What needs a token goes the whole way, each time. */
static size_t cache_bytes(const struct worker_shared *shared) {
    const struct config *config = shared->service->config;
    bool is_open = shared->library_is_known && config->read_access == CONFIG_READ_ACCESS_OPEN;
    return is_open ? (size_t)config->cache_size_mib * 1024 * 1024 / config->workers : 0;
}

enum problem worker_open(struct worker *worker, struct worker_shared *shared, unsigned index,
                         struct fault *fault) {
    worker->shared = shared;
    worker->index = index;
    worker->config = shared->service->config;
    worker->library_timeout_s = library_timeout_s(worker->config);
    worker->is_accepting = worker->is_open = true;
    buffer_init(&worker->log);
    refusal_linger_init(&worker->linger, REFUSAL_LINGER_ALL / shared->service->config->workers);
    worker_read_clock(worker);
    bool has_cache = cache_init(&worker->cache, cache_bytes(shared), &response_cached_owner);
    worker->no_memory = library_make_no_memory(shared);
    worker->daemon = library_start(worker);
    worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!has_cache || worker->no_memory == NULL || worker->daemon == NULL || worker->epoll_fd < 0 ||
        !fill_epoll(worker)) {
        fault_set(fault, "cannot start worker %u: no memory or no descriptors", index);
        return PROBLEM_UNAVAILABLE;
    }
    return PROBLEM_NONE;
}

static void log_cache(struct worker *worker) {
    const struct cache_counts *counts = &worker->cache.counts;
    struct log_line line;
    if (worker->cache.place_count == 0 || !log_is_on(LOG_DEBUG))
        return;
    log_line_begin(&line, &worker->log, LOG_DEBUG, "cache");
    log_line_int(&line, "worker", worker->index);
    log_line_int(&line, "hits", (int64_t)counts->hits);
    log_line_int(&line, "misses", (int64_t)counts->misses);
    log_line_int(&line, "evictions", (int64_t)counts->evictions);
    log_line_int(&line, "entries", (int64_t)counts->entries);
    log_line_int(&line, "bytes", (int64_t)counts->bytes);
    log_line_end(&line);
}

void worker_close(struct worker *worker) {
    acceptor_close(worker);
    if (worker->daemon != NULL)
        MHD_stop_daemon(worker->daemon);
    if (worker->no_memory != NULL)
        MHD_destroy_response(worker->no_memory);
    response_kept_fini(&worker->not_modified);
    log_cache(worker);
    cache_fini(&worker->cache);
    compressor_fini(&worker->compressor);
    if (worker->is_open)
        refusal_linger_sweep(&worker->linger, INT64_MAX);
    if (worker->log.used > 0)
        log_write(&worker->log);
    if (worker->is_open && worker->epoll_fd >= 0)
        close(worker->epoll_fd);
    exchange_pool_fini(&worker->exchanges);
    connections_fini(&worker->connections);
    buffer_fini(&worker->log);
    store_close(worker->store);
}
