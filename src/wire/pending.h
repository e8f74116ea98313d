/* pending.h: how many bytes of replies wait for their readers, in the whole process. A reply is
 * made before it is sent, and a peer may take its time to read it: without a bound a thousand slow
 * readers of long lists would hold gigabytes.
 *
 * Each worker counts for itself, in its block of the metrics, so that to count costs no more than
 * an addition; only who holds much, or is about to, looks at what the others hold. Two that do so
 * at once may both pass: the bound is exceeded by one reply of each worker at most. */
#ifndef PILCROW_WIRE_PENDING_H
#define PILCROW_WIRE_PENDING_H

#include <stdbool.h>
#include <stddef.h>

struct worker;

enum { PENDING_LONG_BYTES = 64 * 1024 };

/* Whether a reply of `bytes` may wait. What is not long may take half as much again as the setting
 * allows, so that those who ask for little are answered while others hold the rest. Alone a reply
 * of any length passes: else it could never be had. */
bool pending_has_room(const struct worker *worker, size_t bytes);

void pending_take(struct worker *worker, size_t bytes);
void pending_give(struct worker *worker, size_t bytes);

#endif
