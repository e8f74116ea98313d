/* admission.h: how many connections the process and each address may hold, and what is said to the
 * one too many. Shared by all workers; one short lock per accept and close, a table of fixed size.
 *
 * At the limit a connection is accepted, told 503 with Retry-After, and closed. The alternative, to
 * leave it in the backlog, makes its client wait without knowing for what, and a load balancer
 * believe that the server is slow rather than full. */
#ifndef PILCROW_WIRE_ADMISSION_H
#define PILCROW_WIRE_ADMISSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "ground/network.h"
#include "ground/problem.h"

/* An IPv4 address, or the first 64 bits of an IPv6 address: what one customer is given. */
struct admission_key {
    uint64_t bits;
    uint32_t family;
};

struct admission_slot {
    struct admission_key key; /* family 0 = empty */
    uint32_t count;
};

struct admission {
    pthread_mutex_t lock;
    unsigned limit;
    unsigned limit_per_address; /* 0 = none; then the table is not kept */
    unsigned open;
    uint64_t seed;
    struct admission_slot *slots;
    size_t slot_count; /* a power of two, at least twice the limit */
};

MUST_CHECK enum problem admission_init(struct admission *admission, unsigned limit,
                                       unsigned limit_per_address);
void admission_fini(struct admission *admission);

/* The key of connections that no limit per address counts. */
#define ADMISSION_NO_KEY ((struct admission_key){0, 0})

struct admission_key admission_key(const struct sockaddr *address);

/* The address as text; "" when it is of no kind that has one. */
void admission_print(const struct sockaddr *address, char out[NETWORK_TEXT_BYTES]);

enum admission_answer { ADMISSION_WELCOME, ADMISSION_FULL, ADMISSION_ADDRESS_FULL };

/* Whether one more may come in; if so it is counted until admission_leave(). */
enum admission_answer admission_enter(struct admission *admission, struct admission_key key);
void admission_leave(struct admission *admission, struct admission_key key);

#endif
