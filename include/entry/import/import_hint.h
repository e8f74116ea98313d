/* import_hint.h: the command that does through the server what cannot be done beside it. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_HINT_H
#define PILCROW_ENTRY_IMPORT_IMPORT_HINT_H

#include "ground/config/config.h"

/* On standard error, ready to be run in a shell; nothing when whoever holds the database is no
 * server. */
void import_hint_print(const struct config *config);

#endif
