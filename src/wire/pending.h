/* pending.h: how many bytes of long replies wait for their readers, in the whole process. A reply
 * is made whole before it is sent, and a peer may take its time to read it: without a bound a
 * thousand slow readers of long lists would hold gigabytes. Any thread may call. */
#ifndef PILCROW_WIRE_PENDING_H
#define PILCROW_WIRE_PENDING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { PENDING_LONG_BYTES = 64 * 1024 }; /* what is not longer always passes, and is not counted */

struct pending {
    atomic_size_t bytes;
};

/* False when that is more than `limit` (0 = none). Alone a reply of any length passes: else it
 * could never be had. */
bool pending_take(struct pending *pending, size_t bytes, size_t limit);

/* The same without a bound: for what must be told. */
void pending_add(struct pending *pending, size_t bytes);

void pending_give(struct pending *pending, size_t bytes);

#endif
