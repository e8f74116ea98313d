/* tls_client.h: TLS from the other end, for the commands that speak to a server. Over a connected
 * socket that does not block; who waits for it is the caller. */
#ifndef PILCROW_WIRE_TLS_CLIENT_H
#define PILCROW_WIRE_TLS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum tls_client_trust {
    TLS_CLIENT_ANYBODY,     /* for who tells no secret and believes nothing */
    TLS_CLIENT_ONE,         /* who shows the first certificate of a file, whatever its name */
    TLS_CLIENT_AUTHORITIES, /* who shows one for the host, from an authority of this system */
};

struct tls_client;

/* NULL when there is no memory. `host` and `certificate_file` (of TLS_CLIENT_ONE, read at the
 * handshake) are borrowed. */
struct tls_client *tls_client_new(int descriptor, const char *host, enum tls_client_trust trust,
                                  const char *certificate_file);
void tls_client_free(struct tls_client *client); /* NULL is nothing */

/* 1 = done, 0 = to be called again when the socket is ready for it, -1 = see tls_client_error(). */
int tls_client_handshake(struct tls_client *client);

/* Whether it is room to send that it waits for, and not bytes. */
bool tls_client_wants_room(const struct tls_client *client);

/* As send() and recv(), errno and all. What was to be sent is to be sent again after EAGAIN. */
ssize_t tls_client_send(struct tls_client *client, const void *bytes, size_t count);
ssize_t tls_client_recv(struct tls_client *client, void *out, size_t room);

/* Why the handshake failed. */
const char *tls_client_error(const struct tls_client *client);

#endif
