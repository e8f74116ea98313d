/* server.h: the sockets. W workers, each a thread with its own listening sockets (SO_REUSEPORT),
 * its own libmicrohttpd daemon driven by its own epoll loop, its own reader of the store. Nothing
 * is shared on the way of a request. The only room that knows libmicrohttpd.
 *
 * The workers accept by themselves and hand each connection to their daemon: so one daemon serves
 * IPv4 and IPv6, a connection too many (of the process, of an address) hears 503 before it is
 * closed, and running out of descriptors is a pause, not a busy loop. Slow peers are cut by the
 * workers too (see deadline.h), heads that two parsers could read differently are refused (see
 * head.h). */
#ifndef PILCROW_WIRE_SERVER_H
#define PILCROW_WIRE_SERVER_H

#include "engine/request.h"
#include "ground/fault.h"
#include "ground/problem.h"

struct server;

/* Whether every listen address is one, before anything is opened: BAD_PARAMETER, and fault says
 * what would be right. Whether the machine has it is found out when it is bound. */
MUST_CHECK enum problem server_check_addresses(const struct config *config, struct fault *fault);

/* Binds every listen address of service->config, or takes the sockets that a supervisor passed, in
 * their place; opens a reader per worker. Nothing runs yet. On failure nothing is left behind and
 * fault says what: address in use, no permission, bad address. */
MUST_CHECK enum problem server_open(struct service *service, struct server **out,
                                    struct fault *fault);

/* Starts the workers, which inherit what the caller's thread gave up. Whatever it returns, the
 * server is to be stopped. */
MUST_CHECK enum problem server_start(struct server *server, struct fault *fault);

/* The URL of the i-th listen address with the real port ("http://127.0.0.1:8080",
 * "http://[::1]:8080"); NULL when there are no more. */
const char *server_url(const struct server *server, size_t index);

/* Whether every worker has come round its loop since this was last asked, and asks each again. One
 * that has not is logged. From one thread. */
bool server_is_alive(struct server *server);

/* Reads certificate and key anew: connections that begin from now on show them. What is wrong with
 * them is logged, and those in force stay. From one thread. */
void server_reload(struct server *server);

/* Stops accepting (who waits in a socket that was passed waits for the next server), answers what
 * is open with Connection: close, cuts what is left after the drain timeout, joins the workers,
 * frees. */
void server_stop(struct server *server);

/* Of libmicrohttpd as it is loaded, for `pilcrow version`. */
const char *server_library_version(void);

#endif
