/* supervisor.h: what a service manager and a program say to each other. Sockets that the manager
 * opened come in as descriptors (LISTEN_FDS); how the program is goes out as datagrams of KEY=VALUE
 * lines (NOTIFY_SOCKET, WATCHDOG_USEC). The protocol is systemd's, and others speak it, too.
 * Nothing happens where the variables are not set. Main thread only. */
#ifndef PILCROW_GROUND_SUPERVISOR_H
#define PILCROW_GROUND_SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>

#include "ground/fault.h"
#include "ground/problem.h"

enum { SUPERVISOR_FIRST_SOCKET = 3 };

struct supervisor {
    int fd;               /* -1: nobody listens */
    int64_t interval_ms;  /* how often it wants a sign of life; 0 = not at all */
    int64_t next_sign_ms; /* by clock_ms() */
};

/* How many sockets were passed to this process, from SUPERVISOR_FIRST_SOCKET on. BAD_PARAMETER, and
 * fault says why, when the variables are for this process and make no sense. */
MUST_CHECK enum problem supervisor_sockets(size_t *count, struct fault *fault);

/* Connects once, before anything is given up that connecting needs. What fails is logged: that
 * nobody hears of it is no reason not to serve. */
void supervisor_open(struct supervisor *supervisor);
void supervisor_close(struct supervisor *supervisor);

/* Lines such as "READY=1\nSTATUS=..."; never waits. */
__attribute__((format(printf, 2, 3))) void supervisor_tell(const struct supervisor *supervisor,
                                                           const char *format, ...);

#endif
