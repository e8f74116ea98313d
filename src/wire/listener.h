/* listener.h: listening sockets, one per address and worker, sharing a port through
 * SO_REUSEPORT; or one per address that somebody else opened, shared by all workers. */
#ifndef PILCROW_WIRE_LISTENER_H
#define PILCROW_WIRE_LISTENER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "ground/fault.h"
#include "ground/problem.h"

enum { LISTENER_URL_BYTES = INET6_ADDRSTRLEN + 24 };

struct listener_address {
    struct sockaddr_storage bytes;
    socklen_t length;
    const char *text; /* as configured */
    int passed_fd;    /* what somebody else opened; -1 = nothing */
    bool is_tls;      /* set by who opens it */
    char url[LISTENER_URL_BYTES];
};

/* Reads "ADDR:PORT" or "[ADDR6]:PORT"; ADDR may be "localhost" or "*". BAD_PARAMETER with fault. */
MUST_CHECK enum problem listener_parse(const char *text, struct listener_address *out,
                                       struct fault *fault);

/* A socket that was passed to the process: it must listen, on TCP. BAD_PARAMETER with fault. */
MUST_CHECK enum problem listener_adopt(int fd, struct listener_address *out, struct fault *fault);

/* Binds and listens, or takes what was passed; *fd is non-blocking. Port 0 is replaced in `address`
 * by the one that was picked. The first socket of an address (`is_first`) proves that no other
 * process listens there. */
MUST_CHECK enum problem listener_open(struct listener_address *address, bool is_first, int *fd,
                                      struct fault *fault);

/* New handshakes are no longer begun; those under way complete. */
void listener_stop_handshakes(int fd);

/* Fills address->url. */
void listener_print_url(struct listener_address *address);

#endif
