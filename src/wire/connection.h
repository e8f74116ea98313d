/* connection.h: the open connections of one worker, in one list per phase, oldest first, so that
 * the sweep looks at those that are due and at no others. A connection belongs to its worker's
 * thread.
 *
 * A phase begins when its cause is seen: acceptance or the end of a reply (FRESH), a moment of
 * silence (IDLE), the first byte of a head (HEAD), its end when a body follows (BODY), the end of a
 * body whose route is not ready to answer, or of the part of a reply that is there (WAIT), a queued
 * reply (REPLY). */
#ifndef PILCROW_WIRE_CONNECTION_H
#define PILCROW_WIRE_CONNECTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "admission.h"
#include "tls.h"

enum connection_phase {
    CONNECTION_FRESH, /* between requests, for less than the settling time */
    CONNECTION_IDLE,  /* between requests; its first byte will wake the worker's own epoll */
    CONNECTION_HEAD,
    CONNECTION_BODY,
    CONNECTION_WAIT, /* for us: nobody is late but we */
    CONNECTION_REPLY,
    CONNECTION_PHASE_COUNT,
};

struct connection {
    struct connection *older;
    struct connection *newer;
    enum connection_phase phase;
    int fd;
    bool is_watched;          /* its fd was added to the worker's epoll */
    bool is_cut;              /* shut down; the library will close it */
    bool has_base;            /* REPLY: base_bytes is known */
    int64_t since_ms;         /* when the phase began */
    uint64_t base_bytes;      /* BODY, REPLY: what does not count of body_bytes, or of what the peer
                          * acknowledged: what was there at the beginning, and what is long past */
    uint64_t body_bytes;      /* BODY: what arrived of it */
    uint64_t requests;        /* finished */
    uint64_t wire_base_bytes; /* BODY over TLS: what the kernel had received when it began */
    struct tls_link tls;
    struct admission_key key;
    char address[INET6_ADDRSTRLEN];
};

struct connection_list {
    struct connection *oldest;
    struct connection *newest;
};

struct connections {
    struct connection_list lists[CONNECTION_PHASE_COUNT];
    size_t counts[CONNECTION_PHASE_COUNT]; /* of the lists */
    struct connection *spare;              /* free list through `newer` */
    size_t spare_count;
    size_t count;
};

/* All zeros is an empty set; fini frees the spare ones. */
void connections_fini(struct connections *all);

/* Whether there is one in CONNECTION_WAIT. */
static inline bool connections_wait(const struct connections *all) {
    return all->lists[CONNECTION_WAIT].oldest != NULL;
}

/* NULL when there is no memory. Begins FRESH. */
struct connection *connection_new(struct connections *all, int fd, int64_t now_ms);
void connection_free(struct connections *all, struct connection *connection);

/* Moves to the end of the list of `phase`. */
void connection_enter(struct connections *all, struct connection *connection,
                      enum connection_phase phase, int64_t since_ms);

/* Ends it from our side; the library sees an end of file and closes. */
void connection_cut(struct connection *connection);

#endif
