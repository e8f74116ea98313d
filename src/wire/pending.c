/* pending.c: see pending.h. */
#include "pending.h"

bool pending_take(struct pending *pending, size_t bytes, size_t limit) {
    size_t before = atomic_load(&pending->bytes);
    do {
        bool is_full = before > 0 && limit > 0 && (before > limit || bytes > limit - before);
        if (is_full)
            return false;
    } while (!atomic_compare_exchange_weak(&pending->bytes, &before, before + bytes));
    return true;
}

void pending_add(struct pending *pending, size_t bytes) {
    atomic_fetch_add(&pending->bytes, bytes);
}

void pending_give(struct pending *pending, size_t bytes) {
    atomic_fetch_sub(&pending->bytes, bytes);
}
