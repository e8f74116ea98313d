/* supervised.h: the main thread while the workers serve. It waits for signals, and meanwhile tells
 * the supervisor, when that wants to hear it, that every worker goes round its loop. */
#ifndef PILCROW_ENTRY_SUPERVISED_H
#define PILCROW_ENTRY_SUPERVISED_H

#include <signal.h>

#include "ground/supervisor.h"
#include "wire/server.h"

/* The next of the signals in `set`, which are blocked. */
int supervised_wait(struct supervisor *supervisor, struct server *server, const sigset_t *set);

#endif
