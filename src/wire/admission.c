/* admission.c: open addressing with linear probing; removal moves the rest of the run up, so that
 * the table needs no tombstones and never fills. */
#include "admission.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum problem admission_init(struct admission *admission, unsigned limit,
                            unsigned limit_per_address) {
    memset(admission, 0, sizeof *admission);
    pthread_mutex_init(&admission->lock, NULL);
    admission->limit = limit;
    admission->limit_per_address = limit_per_address;
    if (getrandom(&admission->seed, sizeof admission->seed, 0) != sizeof admission->seed)
        admission->seed = (uint64_t)(uintptr_t)admission;
    if (limit_per_address > 0) {
        admission->slot_count = 16;
        while (admission->slot_count < (size_t)limit * 2)
            admission->slot_count *= 2;
        admission->slots = calloc(admission->slot_count, sizeof *admission->slots);
        if (admission->slots == NULL)
            return PROBLEM_OUT_OF_MEMORY;
    }
    return PROBLEM_NONE;
}

void admission_fini(struct admission *admission) {
    pthread_mutex_destroy(&admission->lock);
    free(admission->slots);
    admission->slots = NULL;
}

struct admission_key admission_key(const struct sockaddr *address) {
    struct admission_key key = {0, address->sa_family};
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        key.bits = v4->sin_addr.s_addr;
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        memcpy(&key.bits, &v6->sin6_addr, sizeof key.bits);
    }
    return key;
}

void admission_print(const struct sockaddr *address, char out[NETWORK_TEXT_BYTES]) {
    const void *bytes = NULL;
    if (address->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (bytes == NULL || inet_ntop(address->sa_family, bytes, out, NETWORK_TEXT_BYTES) == NULL)
        out[0] = '\0';
}

/* The seed keeps a peer from choosing addresses that share a place. */
static size_t home_of(const struct admission *admission, struct admission_key key) {
    uint64_t mixed = (key.bits ^ admission->seed) + key.family;
    mixed = (mixed ^ (mixed >> 32)) * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9u;
    return (size_t)(mixed ^ (mixed >> 32)) & (admission->slot_count - 1);
}

static size_t find(const struct admission *admission, struct admission_key key) {
    size_t at = home_of(admission, key);
    const struct admission_slot *slots = admission->slots;
    while (slots[at].key.family != 0 &&
           (slots[at].key.family != key.family || slots[at].key.bits != key.bits))
        at = (at + 1) & (admission->slot_count - 1);
    return at;
}

static void remove_slot(struct admission *admission, size_t hole) {
    size_t mask = admission->slot_count - 1;
    struct admission_slot *slots = admission->slots;
    for (size_t at = (hole + 1) & mask; slots[at].key.family != 0; at = (at + 1) & mask) {
        size_t home = home_of(admission, slots[at].key);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* it would come to stand before its home */
        slots[hole] = slots[at];
        hole = at;
    }
    slots[hole] = (struct admission_slot){{0, 0}, 0};
}

static enum admission_answer enter_address(struct admission *admission, struct admission_key key) {
    if (admission->slots == NULL || key.family == 0)
        return ADMISSION_WELCOME;
    struct admission_slot *slot = &admission->slots[find(admission, key)];
    if (slot->count >= admission->limit_per_address)
        return ADMISSION_ADDRESS_FULL;
    slot->key = key;
    slot->count++;
    return ADMISSION_WELCOME;
}

enum admission_answer admission_enter(struct admission *admission, struct admission_key key) {
    enum admission_answer answer = ADMISSION_FULL;
    pthread_mutex_lock(&admission->lock);
    if (admission->open < admission->limit)
        answer = enter_address(admission, key);
    admission->open += answer == ADMISSION_WELCOME;
    pthread_mutex_unlock(&admission->lock);
    return answer;
}

void admission_leave(struct admission *admission, struct admission_key key) {
    pthread_mutex_lock(&admission->lock);
    admission->open--;
    if (admission->slots != NULL && key.family != 0) {
        size_t at = find(admission, key);
        if (--admission->slots[at].count == 0)
            remove_slot(admission, at);
    }
    pthread_mutex_unlock(&admission->lock);
}
