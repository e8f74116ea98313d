/* worker.h: one thread of the server and all that it owns. Only its own thread touches it, but for
 * the fields that say so; server.c makes and unmakes it before and after the thread runs. */
#ifndef PILCROW_WIRE_WORKER_H
#define PILCROW_WIRE_WORKER_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "admission.h"
#include "connection.h"
#include "engine/cache.h"
#include "engine/compress/compress.h"
#include "engine/request.h"
#include "exchange.h"
#include "ground/buffer.h"
#include "refusal.h"
#include "response_kept.h"

/* What the workers of one server share. */
struct worker_shared {
    struct service *service;
    struct admission admission;
    struct buffer answer_full;  /* the whole answer to a connection too many */
    struct buffer answer_large; /* the same to a body that does not end */
    struct buffer body_no_memory;
    struct tls *tls;         /* NULL: plain HTTP */
    bool library_is_known;   /* see head_read_layout_is_known() */
    uint32_t id_salt;        /* tells the request ids of two processes apart */
    bool keeps_backlog;      /* the sockets outlive the server: who waits there is for the next */
    atomic_bool is_stopping; /* set once, from another thread */
};

/* At most one line a second of a kind that a peer can cause at will. */
struct worker_quota {
    int64_t next_ms;
    unsigned dropped;
};

struct worker {
    struct worker_shared *shared;
    unsigned index;
    struct store *store;
    struct metrics_block *metrics; /* of service->metrics; this worker alone writes there */
    struct MHD_Daemon *daemon;
    struct MHD_Response *no_memory; /* made beforehand: needs no memory when there is none */
    struct response_kept not_modified;
    struct cache cache; /* see response_cached.h */
    struct compressor compressor;
    const struct config *config; /* in force in this round */
    unsigned library_timeout_s;  /* of a new connection, if nothing else is said */
    int epoll_fd;         /* the worker's own: listeners, wake_fd, the library's, idle peers */
    int wake_fd;          /* written to by server.c, to stop it or to see that it lives */
    atomic_bool is_asked; /* whether it lives; any thread sets it, the worker clears it */
    int listeners[CONFIG_LISTENS_MAX];
    size_t listener_count;
    bool is_accepting;       /* the listeners are polled */
    int64_t accept_again_ms; /* when not: from when */
    bool is_draining;
    bool is_open; /* between worker_open() and worker_close() */
    int64_t drain_ends_ms;
    int64_t listeners_end_ms; /* of a drain */
    int64_t tasks_end_ms;

    struct admission_key arriving_key; /* of the connection that is being handed over */
    bool arriving_was_taken;
    struct connections connections;
    struct exchange_pool exchanges;
    struct refusal_linger linger;

    int64_t now_ms;      /* monotonic, of this round */
    int64_t now_unix_ms; /* wall clock, of this round */
    int64_t next_sweep_ms;
    size_t most_connections; /* since memory was last given back */
    bool has_worked;         /* in this round, for others than those in CONNECTION_WAIT */
    uint32_t id_count;
    struct buffer log; /* lines of this round */
    struct worker_quota library_quota;
    struct worker_quota accept_quota;
};

/* Makes daemon and descriptors. On failure nothing is left behind but what the caller gave. */
MUST_CHECK enum problem worker_open(struct worker *worker, struct worker_shared *shared,
                                    unsigned index, struct fault *fault);

/* Closes everything, the store and the listeners included. */
void worker_close(struct worker *worker);

/* The thread's function; returns when the server stops and the worker has drained. */
void *worker_run(void *worker);

void worker_read_clock(struct worker *worker);

/* Whether a line may be written now; *dropped says how many were not since the last. */
bool worker_quota_take(struct worker_quota *quota, int64_t now_ms, unsigned *dropped);

#endif
