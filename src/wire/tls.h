/* tls.h: the certificate that all connections of a server show, and its private key. The only room
 * that knows GnuTLS; the library speaks it by itself, and asks here what to show.
 *
 * A connection takes the pair that is in force when it begins and holds it to its end: a reload
 * changes nothing under a handshake on another thread. */
#ifndef PILCROW_WIRE_TLS_H
#define PILCROW_WIRE_TLS_H

#include <stdbool.h>

#include "ground/config/config.h"
#include "ground/fault.h"
#include "ground/problem.h"
#include "ground/span.h"

struct tls;
struct tls_identity; /* a certificate with its chain, and its key; counted */

/* Of the settings. *out is NULL when they ask for plain HTTP. BAD_PARAMETER with fault: which file,
 * what is wrong with it. */
MUST_CHECK enum problem tls_open(const struct config *config, struct tls **out,
                                 struct fault *fault);
void tls_close(struct tls *tls); /* after the last connection; NULL is nothing */

/* Reads both files again. From any thread. On failure what is in force stays. */
MUST_CHECK enum problem tls_reload(struct tls *tls, struct fault *fault);

/* The pair in force, for one connection. */
struct tls_identity *tls_take(struct tls *tls);
void tls_give(struct tls_identity *identity); /* NULL is nothing */

/* What a session of the library's asks of us; it lives as long as the session. */
struct tls_link {
    struct tls_identity *identity; /* what it shows; held */
    bool *has_worked;              /* set when bytes came or went */
    int fd;
};

/* `session` is what the library says is a connection's. Without a link its handshake fails. */
void tls_session_link(void *session, struct tls_link *link);

/* What is sent beside the library, as far as it leaves at once. */
void tls_session_send(void *session, struct span bytes);

/* For the library's options: versions and ciphers; what asks for a pair at a handshake. */
const char *tls_priorities(void);
void *tls_retrieve(void);

#endif
