/* import_database.h: the database that an import writes. A dry run on a database that does not
 * exist yet works on one in a temporary folder, so that it leaves nothing behind. */
#ifndef PILCROW_ENTRY_IMPORT_IMPORT_DATABASE_H
#define PILCROW_ENTRY_IMPORT_IMPORT_DATABASE_H

#include <limits.h>

#include "engine/store/store.h"
#include "ground/config/config.h"

struct import_database {
    struct store *writer;
    char folder[PATH_MAX]; /* to remove; "" = none */
};

MUST_CHECK enum problem import_database_open(struct import_database *database,
                                             const struct config *config, struct fault *fault);
void import_database_close(struct import_database *database);

#endif
