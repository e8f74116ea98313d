/* deadline.h: how long a peer may take in each phase. The library's own timeout counts silence
 * only, so that one byte every few seconds holds a connection for ever; here each phase has a
 * deadline or a rate, checked a few times a second over those connections alone that are due, and
 * enforced with shutdown(). */
#ifndef PILCROW_WIRE_DEADLINE_H
#define PILCROW_WIRE_DEADLINE_H

#include "connection.h"

struct worker;

enum { DEADLINE_SWEEP_MS = 100 };

/* Notes how much of what was sent before the peer has acknowledged. */
void deadline_measure(struct connection *connection);

/* Over TLS, when a body begins: what the kernel has received. */
void deadline_measure_received(struct connection *connection);

/* The worker's epoll says that an idle peer sends (or closed). */
void deadline_first_byte(struct worker *worker, struct connection *connection);

/* Cuts who is late. */
void deadline_sweep(struct worker *worker);

/* While draining: closes who is between requests and has nothing sent. */
void deadline_close_idle(struct worker *worker);

#endif
