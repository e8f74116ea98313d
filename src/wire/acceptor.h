/* acceptor.h: new connections, from a worker's listeners into its daemon. We accept by ourselves
 * (the library has no listening socket), because it serves one address family, counts IPv6 peers
 * one by one, closes without a word, and spins when descriptors run out. */
#ifndef PILCROW_WIRE_ACCEPTOR_H
#define PILCROW_WIRE_ACCEPTOR_H

struct worker;

/* Takes what waits at `listener`, up to a bound. */
void acceptor_accept(struct worker *worker, int listener);

/* Listens again after a pause. */
void acceptor_resume(struct worker *worker);

/* A drain begins: no new handshakes, while those under way are still taken. Nothing of that where
 * the sockets outlive the server. */
void acceptor_stop_handshakes(struct worker *worker);

/* Takes what waits at each listener, unless the next server will, then closes it. */
void acceptor_close(struct worker *worker);

#endif
