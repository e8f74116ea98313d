/* limiter.c: see limiter.h. The arithmetic is that of the generic cell rate algorithm: a request is
 * allowed when, with it, the bucket would be full again within a minute. */
#include "engine/limiter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)

enum problem limiter_init(struct limiter *limiter, unsigned per_minute) {
    memset(limiter, 0, sizeof *limiter);
    return limiter_set(limiter, per_minute);
}

static enum problem make_slots(struct limiter *limiter) {
    if (getrandom(&limiter->seed, sizeof limiter->seed, 0) != sizeof limiter->seed)
        limiter->seed = (uint64_t)(uintptr_t)limiter;
    limiter->slots = calloc((size_t)LIMITER_SETS * LIMITER_WAYS, sizeof *limiter->slots);
    if (limiter->slots == NULL)
        return PROBLEM_OUT_OF_MEMORY;
    for (size_t i = 0; i < LIMITER_LOCKS; i++)
        pthread_mutex_init(&limiter->locks[i], NULL);
    return PROBLEM_NONE;
}

/* Whoever sees the limit sees the slots. */
enum problem limiter_set(struct limiter *limiter, unsigned per_minute) {
    enum problem problem = PROBLEM_NONE;
    if (per_minute > 0 && limiter->slots == NULL)
        problem = make_slots(limiter);
    if (problem == PROBLEM_NONE)
        atomic_store_explicit(&limiter->per_minute, per_minute, memory_order_release);
    return problem;
}

void limiter_fini(struct limiter *limiter) {
    for (size_t i = 0; limiter->slots != NULL && i < LIMITER_LOCKS; i++)
        pthread_mutex_destroy(&limiter->locks[i]);
    free(limiter->slots);
    limiter->slots = NULL;
    atomic_store(&limiter->per_minute, 0);
}

/* The seed keeps a client from choosing addresses that share a set. */
static size_t set_of(const struct limiter *limiter, uint64_t client) {
    uint64_t mixed = client ^ limiter->seed;
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    return (size_t)(mixed ^ (mixed >> 32)) % LIMITER_SETS;
}

/* The client's place, or the one whose bucket is nearest to full. */
static struct limiter_slot *find_slot(struct limiter_slot *set, uint64_t client) {
    struct limiter_slot *fullest = set;
    for (size_t i = 0; i < LIMITER_WAYS; i++) {
        if (set[i].client == client && set[i].full_ns != 0)
            return &set[i];
        if (set[i].full_ns < fullest->full_ns)
            fullest = &set[i];
    }
    *fullest = (struct limiter_slot){client, 0};
    return fullest;
}

static unsigned seconds_up(int64_t ns) {
    return ns <= 0 ? 0 : (unsigned)((ns + SECOND_NS - 1) / SECOND_NS);
}

static struct limiter_answer take_from(struct limiter_slot *slot, unsigned per_minute,
                                       int64_t now_ns) {
    int64_t one_ns = MINUTE_NS / per_minute;
    int64_t full_ns = (slot->full_ns > now_ns ? slot->full_ns : now_ns) + one_ns;
    int64_t over_ns = full_ns - now_ns - one_ns * per_minute;
    struct limiter_answer answer = {over_ns <= 0, per_minute, 0, seconds_up(over_ns)};
    if (answer.is_allowed) {
        slot->full_ns = full_ns;
        answer.remaining = (unsigned)(-over_ns / one_ns);
        answer.wait_s = seconds_up(full_ns - now_ns);
    }
    return answer;
}

struct limiter_answer limiter_take(struct limiter *limiter, uint64_t client, int64_t now_ns) {
    unsigned per_minute = atomic_load_explicit(&limiter->per_minute, memory_order_acquire);
    if (per_minute == 0)
        return (struct limiter_answer){true, 0, 0, 0};
    size_t set = set_of(limiter, client);
    pthread_mutex_t *lock = &limiter->locks[set % LIMITER_LOCKS];
    pthread_mutex_lock(lock);
    struct limiter_slot *slot = find_slot(&limiter->slots[set * LIMITER_WAYS], client);
    struct limiter_answer answer = take_from(slot, per_minute, now_ns);
    pthread_mutex_unlock(lock);
    return answer;
}

enum problem limiters_init(struct limiters *limiters, unsigned per_token, unsigned per_address) {
    memset(limiters, 0, sizeof *limiters);
    enum problem problem = limiter_init(&limiters->tokens, per_token);
    if (problem == PROBLEM_NONE)
        problem = limiter_init(&limiters->addresses, per_address);
    if (problem == PROBLEM_NONE)
        problem = limiter_init(&limiters->failures, LIMITER_FAILURES_PER_MINUTE);
    if (problem != PROBLEM_NONE)
        limiters_fini(limiters);
    return problem;
}

enum problem limiters_set(struct limiters *limiters, unsigned per_token, unsigned per_address) {
    enum problem problem = limiter_set(&limiters->tokens, per_token);
    return problem == PROBLEM_NONE ? limiter_set(&limiters->addresses, per_address) : problem;
}

void limiters_fini(struct limiters *limiters) {
    limiter_fini(&limiters->tokens);
    limiter_fini(&limiters->addresses);
    limiter_fini(&limiters->failures);
}
