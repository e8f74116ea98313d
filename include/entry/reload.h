/* reload.h: what SIGHUP does: the log file is opened anew, and the settings are read again. */
#ifndef PILCROW_ENTRY_RELOAD_H
#define PILCROW_ENTRY_RELOAD_H

#include "engine/limiter.h"
#include "engine/request.h"

/* *newest is what is in force, before and after; it owns those before it. Whatever goes wrong is
 * logged, and the settings stay as they were. */
void reload(struct service *service, struct config **newest);

#endif
