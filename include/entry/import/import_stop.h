/* import_stop.h: SIGINT and SIGTERM end an import between two articles, not within one. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_STOP_H
#define PILCROW_ENTRY_IMPORT_IMPORT_STOP_H

#include <stdbool.h>

void import_stop_watch(void);

/* Whether a signal came; a blocked read ends with EINTR then. */
bool import_stop_is_wanted(void);

/* Ends the process by the signal that came, as if it had never been caught: who started this
 * process sees why it ended, and a shell script stops. */
void import_stop_raise(void);

#endif
