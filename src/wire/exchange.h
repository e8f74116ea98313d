/* exchange.h: one request and its reply, from the moment the target arrives until the library says
 * that it is over. These are the callbacks that libmicrohttpd calls; their memory comes from a pool
 * of the worker and returns there in exchange_end(), nowhere else. */
#ifndef PILCROW_WIRE_EXCHANGE_H
#define PILCROW_WIRE_EXCHANGE_H

#include <microhttpd.h>

#include "engine/reply.h"
#include "engine/request.h"

struct connection;
struct worker;

enum exchange_step {
    EXCHANGE_BORN,     /* the target is known */
    EXCHANGE_HEAD,     /* the head passed its audit */
    EXCHANGE_ANSWERED, /* a reply is queued */
};

struct exchange {
    struct request request;
    struct reply reply;
    struct arena arena;
    struct worker *worker;
    struct connection *connection;
    struct MHD_Connection *library;
    struct exchange *next; /* free list */
    enum exchange_step step;
    const char *library_target; /* where the library holds it, and how long it was at first */
    size_t library_target_bytes;
    bool closes; /* the reply carries Connection: close */
    enum route_body body_use;
    uint64_t body_bytes;    /* of the request, as they came */
    uint64_t body_limit;    /* what is beyond is dropped */
    struct buffer body;     /* of ROUTE_BODY_WHOLE */
    uint64_t source_bytes;  /* of a reply that has a source, as they were read */
    size_t pending_bytes;   /* what is to be given back by pending_give() */
    struct arena_mark mark; /* what lies behind it serves to make the reply alone */
    int64_t born_ns;
};

struct exchange_pool {
    struct exchange *spare;
    size_t spare_count;
};

void exchange_pool_fini(struct exchange_pool *pool);

/* `cls` is the worker in all of them. */
void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *library);
enum MHD_Result exchange_handle(void *cls, struct MHD_Connection *library, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_bytes, void **exchange);
void exchange_end(void *cls, struct MHD_Connection *library, void **exchange,
                  enum MHD_RequestTerminationCode code);

/* The peer has done its part, and waits for us: for a route that is not ready to answer, for a
 * source whose next bytes are not there. The library, which would take the peer for one that is
 * silent, asks again and again. */
void exchange_wait(struct exchange *x);

/* Ends that, if it was so; the connection enters its next phase after it. */
void exchange_go_on(struct exchange *x);

#endif
