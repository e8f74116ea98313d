/* limiter.h: how often one client may ask: a bucket that holds a minute's worth of requests and
 * fills evenly. The buckets lie in a table of fixed size, so that no number of clients takes
 * more memory; each set of eight has its places under one of a few locks that all workers share,
 * because a limit that each worker kept for itself would be a different one for each count of
 * workers.
 *
 * A full bucket says the same as no bucket, so places come free by themselves. When a set
 * is full of others, the one that is nearest to full is forgotten: with more than 16,384
 * clients at once some may get more than their limit, none less. */
#ifndef PILCROW_ENGINE_LIMITER_H
#define PILCROW_ENGINE_LIMITER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ground/problem.h"

enum {
    LIMITER_WAYS = 8,
    LIMITER_SETS = 2048,
    LIMITER_LOCKS = 64,
};

/* One bucket as the one number that describes it: when it will be full. */
struct limiter_slot {
    uint64_t client;
    int64_t full_ns;
};

struct limiter {
    pthread_mutex_t locks[LIMITER_LOCKS];
    struct limiter_slot *slots; /* NULL: there never was a limit */
    uint64_t seed;
    atomic_uint per_minute; /* 0: no limit */
};

struct limiter_answer {
    bool is_allowed;
    unsigned limit, remaining;
    unsigned wait_s; /* until one more is allowed (refused), or until all are (allowed) */
};

/* per_minute 0: no limit, every request is allowed. */
MUST_CHECK enum problem limiter_init(struct limiter *limiter, unsigned per_minute);
void limiter_fini(struct limiter *limiter);

/* Another limit from now on, beside those who take; one thread only. */
MUST_CHECK enum problem limiter_set(struct limiter *limiter, unsigned per_minute);

static inline bool limiter_is_on(const struct limiter *limiter) {
    return atomic_load_explicit(&limiter->per_minute, memory_order_acquire) > 0;
}

/* Takes one request out of the bucket. `now_ns` is of a clock that never goes back. */
struct limiter_answer limiter_take(struct limiter *limiter, uint64_t client, int64_t now_ns);

/* All limits of a process. */
struct limiters {
    struct limiter tokens;    /* requests of one token */
    struct limiter addresses; /* requests of one address that come without a token */
    struct limiter failures;  /* tokens that are none, from one address */
};

enum { LIMITER_FAILURES_PER_MINUTE = 10 };

MUST_CHECK enum problem limiters_init(struct limiters *limiters, unsigned per_token,
                                      unsigned per_address);
MUST_CHECK enum problem limiters_set(struct limiters *limiters, unsigned per_token,
                                     unsigned per_address);
void limiters_fini(struct limiters *limiters);

#endif
