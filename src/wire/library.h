/* library.h: the daemon of one worker: its options, and what it reports beside requests. */
#ifndef PILCROW_WIRE_LIBRARY_H
#define PILCROW_WIRE_LIBRARY_H

#include <microhttpd.h>

struct config;
struct worker;
struct worker_shared;

/* Once per process: the library's last words go to the log before it aborts. */
void library_set_panic(void);

/* NULL when there is no memory. */
struct MHD_Daemon *library_start(struct worker *worker);
struct MHD_Response *library_make_no_memory(struct worker_shared *shared);

/* Silence for longer than any of our own deadlines: the library's turn. */
unsigned library_timeout_s(const struct config *config);

/* NULL over plain HTTP. */
void *library_tls_session(struct MHD_Connection *library);

int library_epoll_fd(struct MHD_Daemon *daemon);

#endif
