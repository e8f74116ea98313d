/* deadline.c: see deadline.h. The first byte of a head is seen in one of two ways. A peer that has
 * been silent for SETTLE_MS is put into the worker's own epoll, once, and its next byte wakes the
 * worker. One that sent something in that time without finishing a head is found by what the kernel
 * counted. Busy connections pay for neither. */
#include "deadline.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "worker.h"

enum {
    SETTLE_MS = 250,
    RECEIVE_SLACK_MS = 20, /* the kernel counts in ticks, we in rounds of the loop */
    SAVED_GRACES = 6,      /* for so many graces lasts what a peer sent or read ahead of its rate */
    NEWCOMER_MS = 500,     /* a drain waits so long for the first request of a new connection */
};

/* Linux's own header has the counts, the C library's does not; their place in the struct is
 * fixed. */
struct tcp_counts {
    struct tcp_info info;
    uint64_t pacing_rate;
    uint64_t max_pacing_rate;
    uint64_t bytes_acked;
    uint64_t bytes_received;
};
_Static_assert(sizeof(struct tcp_info) == 104, "the C library's tcp_info ends with total_retrans");

static bool read_counts(const struct connection *connection, struct tcp_counts *counts) {
    socklen_t bytes = sizeof *counts;
    memset(counts, 0, sizeof *counts);
    return getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, counts, &bytes) == 0 &&
           bytes == sizeof *counts;
}

void deadline_measure(struct connection *connection) {
    struct tcp_counts counts;
    connection->has_base = read_counts(connection, &counts);
    connection->base_bytes = counts.bytes_acked;
}

void deadline_measure_received(struct connection *connection) {
    struct tcp_counts counts;
    connection->wire_base_bytes = read_counts(connection, &counts) ? counts.bytes_received : 0;
}

/* A record of TLS, up to 16 KiB, comes out of the library when it is whole; what came of it until
 * then counts, too. */
static uint64_t body_bytes_of(const struct worker *worker, const struct connection *connection) {
    struct tcp_counts counts;
    if (worker->shared->tls == NULL || !read_counts(connection, &counts))
        return connection->body_bytes;
    uint64_t on_wire = counts.bytes_received - connection->wire_base_bytes;
    return on_wire > connection->body_bytes ? on_wire : connection->body_bytes;
}

/* Wakes once; an event that is due already comes at once. */
static void watch(struct worker *worker, struct connection *connection) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET | EPOLLONESHOT, .data.ptr = connection};
    int operation = connection->is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(worker->epoll_fd, operation, connection->fd, &event) == 0)
        connection->is_watched = true;
}

/* The library misses a peer's end when it came together with the last bytes: it waits for an edge
 * that was already there. */
static bool has_ended(const struct connection *connection) {
    char byte;
    return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void deadline_first_byte(struct worker *worker, struct connection *connection) {
    if (connection->phase != CONNECTION_IDLE)
        return;
    if (has_ended(connection))
        connection_cut(connection);
    else
        connection_enter(&worker->connections, connection, CONNECTION_HEAD, worker->now_ms);
}

/* Whether a head was begun since the phase was: the last byte came after its first moment. */
static bool has_begun_head(const struct connection *connection, int64_t age_ms) {
    struct tcp_counts counts;
    if (!read_counts(connection, &counts))
        return false;
    if (connection->requests == 0)
        return counts.bytes_received > 0;
    return counts.info.tcpi_last_data_recv + RECEIVE_SLACK_MS < age_ms;
}

static void settle(struct worker *worker) {
    struct connection *c = worker->connections.lists[CONNECTION_FRESH].oldest;
    while (c != NULL && worker->now_ms - c->since_ms >= SETTLE_MS) {
        struct connection *next = c->newer;
        bool is_head = has_begun_head(c, worker->now_ms - c->since_ms);
        connection_enter(&worker->connections, c, is_head ? CONNECTION_HEAD : CONNECTION_IDLE,
                         c->since_ms);
        if (!is_head)
            watch(worker, c);
        c = next;
    }
}

static void cut_late(const struct worker *worker, struct connection *c) {
    if (!c->is_cut)
        metrics_add(worker->metrics, METRIC_CUT_FRESH + c->phase, 1);
    connection_cut(c);
}

static void cut_older(const struct worker *worker, enum connection_phase phase,
                      unsigned timeout_s) {
    int64_t began_before_ms = worker->now_ms - (int64_t)timeout_s * 1000;
    struct connection *c = worker->connections.lists[phase].oldest;
    for (; c != NULL && c->since_ms <= began_before_ms; c = c->newer)
        cut_late(worker, c);
}

/* Before its request is whole, a peer that has ended wants no answer. */
static void cut_ended(struct worker *worker, enum connection_phase phase) {
    struct connection *c = worker->connections.lists[phase].oldest;
    for (; c != NULL && worker->now_ms - c->since_ms >= SETTLE_MS; c = c->newer) {
        if (!c->is_cut && has_ended(c))
            connection_cut(c);
    }
}

static int64_t grace_ms(const struct worker *worker) {
    unsigned grace_s = worker->config->rate_grace_s;
    return (int64_t)(grace_s == 0 ? LIMIT_GRACE_S : grace_s) * 1000;
}

/* What came faster than it had to counts for a while, not for ever: a peer that sent a gigabyte
 * may not drip from then on. */
static void cut_if_slow(const struct worker *worker, struct connection *c, uint64_t bytes) {
    uint64_t rate = worker->config->min_rate_bytes_s;
    uint64_t owed = (uint64_t)(worker->now_ms - c->since_ms) * rate / 1000;
    uint64_t saved_most = (uint64_t)grace_ms(worker) * SAVED_GRACES * rate / 1000;
    if (bytes - c->base_bytes < owed)
        cut_late(worker, c);
    else if (bytes - c->base_bytes - owed > saved_most)
        c->base_bytes = bytes - owed - saved_most;
}

static void cut_slow_bodies(struct worker *worker) {
    int64_t grace = grace_ms(worker);
    struct connection *c = worker->connections.lists[CONNECTION_BODY].oldest;
    for (; c != NULL && worker->now_ms - c->since_ms >= grace; c = c->newer)
        cut_if_slow(worker, c, body_bytes_of(worker, c));
}

static void cut_slow_readers(struct worker *worker) {
    int64_t grace = grace_ms(worker);
    struct tcp_counts counts;
    struct connection *c = worker->connections.lists[CONNECTION_REPLY].oldest;
    for (; c != NULL && worker->now_ms - c->since_ms >= SETTLE_MS; c = c->newer) {
        int64_t age_ms = worker->now_ms - c->since_ms;
        if (!c->has_base)
            deadline_measure(c);
        else if (age_ms >= grace && read_counts(c, &counts))
            cut_if_slow(worker, c, counts.bytes_acked);
    }
}

void deadline_sweep(struct worker *worker) {
    const struct config *config = worker->config;
    settle(worker);
    cut_ended(worker, CONNECTION_HEAD);
    cut_ended(worker, CONNECTION_BODY);
    cut_older(worker, CONNECTION_IDLE, config->idle_timeout_s);
    cut_older(worker, CONNECTION_HEAD, config->head_timeout_s);
    if (config->min_rate_bytes_s > 0) {
        cut_slow_bodies(worker);
        cut_slow_readers(worker);
    }
}

static bool has_bytes_waiting(const struct connection *connection) {
    char byte;
    return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void deadline_close_idle(struct worker *worker) {
    static const enum connection_phase phases[] = {CONNECTION_FRESH, CONNECTION_IDLE};
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        struct connection *c = worker->connections.lists[phases[i]].oldest;
        for (; c != NULL; c = c->newer) {
            bool is_newcomer = c->requests == 0 && worker->now_ms - c->since_ms < NEWCOMER_MS;
            if (!c->is_cut && !is_newcomer && !has_bytes_waiting(c))
                connection_cut(c);
        }
    }
}
